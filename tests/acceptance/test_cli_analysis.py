"""`cards` against real servers: analyse, look, check, export."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from cards_command import Done, cards

from settings import Settings
from storage.mongo.emotion_cards import outcomes

TEXTS = (
    "배송이 빨라서 좋아요",
    "색이 칙칙해서 실망했어요",
    "가격이 착해요",
    "포장이 찢어져 왔어요",
    "",
)


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    path = tmp_path / "리뷰.jsonl"
    rows = [
        {"id": f"r{number}", "text": TEXTS[number % len(TEXTS)], "rating": number % 5 + 1}
        for number in range(60)
    ]
    broken = {"id": "r-x", "text": "좋아요", "rating": 99}
    lines = [json.dumps(row, ensure_ascii=False) for row in [*rows, broken]]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def analysed(reviews: Path, *options: str) -> Done:
    return cards("analyze", str(reviews), "--json", "--rating-max", "5", *options)


def test_one_analysis_from_every_side(settings: Settings, reviews: Path, tmp_path: Path) -> None:
    done = analysed(reviews, "--key", "first")
    assert done.code == 0, done.err
    result = done.document
    task_id = result["task_id"]
    assert (result["status"], result["numbers"]["cards"]) == ("completed", 48)
    assert result["numbers"]["failures"] == {"empty_text": 12}
    assert Path(result["report"]).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")

    again = analysed(reviews, "--key", "first")
    assert (again.code, again.document["task_id"]) == (0, task_id)

    listed = cards("status", "--json").document
    assert [(row["task_id"], row["status"]) for row in listed] == [(task_id, "completed")]
    one = cards("status", task_id[:8], "--json").document
    assert (one["cards"], one["failures"], one["quarantined"]) == (48, 12, 1)

    shown = cards("result", "latest")
    assert shown.code == 0
    assert "48 cards" in shown.out
    assert "배송" in shown.out
    assert "1 record in quarantine: rating_out_of_range 1" in shown.out

    checked = cards("check", task_id[:4], "--json")
    assert checked.code == 0
    assert [row["invariant"] for row in checked.document["findings"]] == [1, 2, 3, 4]

    watched = cards("watch", "latest", "--json")
    assert (watched.code, watched.document["numbers"]) == (0, result["numbers"])
    export_and_compare(settings, task_id, tmp_path)

    refused = cards("cancel", task_id)
    assert (refused.code, refused.out) == (1, "")
    assert "illegal_move" in refused.err


def export_and_compare(settings: Settings, task_id: str, folder: Path) -> None:
    stored = list(outcomes(settings.mongo, task_id))
    ids = [row["_id"] for row in stored]
    parquet, table, lines = (folder / f"cards.{form}" for form in ("parquet", "csv", "jsonl.gz"))
    for file in (parquet, table, lines):
        done = cards("export", task_id, "--to", str(file), "--json")
        assert (done.code, done.document["rows"]) == (0, 60), done.err
    back = pq.read_table(parquet).to_pylist()
    assert [row["card_id"] for row in back] == ids
    assert [row["polarity"] for row in back] == [row.get("polarity") for row in stored]
    with table.open(encoding="utf-8", newline="") as text:
        assert [row["card_id"] for row in csv.DictReader(text)] == ids
    assert cards("export", task_id, "--to", str(table)).code == 2
    kept = folder / "kept.jsonl"
    done = cards("export", task_id, "--what", "quarantine", "--to", str(kept))
    assert done.out.startswith("1 row in")
    assert json.loads(kept.read_text(encoding="utf-8"))["reason"] == "rating_out_of_range"


def test_a_result_with_gaps_is_4(settings: Settings, reviews: Path) -> None:
    done = analysed(reviews, "--max-reviews", "30")
    assert (done.code, done.document["status"]) == (4, "partial"), done.err
    assert cards("result", "latest", "--json").code == 4


def test_a_file_without_texts_fails_by_name(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("product,price\na,1\nb,2\n", encoding="utf-8")
    done = cards("analyze", str(file))
    assert (done.code, done.out) == (1, ""), done.err
    assert "column_missing: " in done.err
    assert "--column text=NAME" in done.err
    again = cards("result", "latest", "--json")
    assert again.code == 1
    assert json.loads(again.err)["error"] == "column_missing"
    checked = cards("check", "latest", "--json")
    assert (checked.code, checked.document["ok"]) == (0, True)


def test_what_is_not_there_is_3(settings: Settings) -> None:
    assert cards("result", "latest").code == 3
    missing = cards("status", "3f2a91c0-0000-4000-8000-000000000001", "--json")
    assert missing.code == 3
    assert json.loads(missing.err)["error"] == "request_not_found"
