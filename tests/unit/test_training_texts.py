"""The texts a model is made from: kept apart for ever, and fair about negation."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from domain.emotions import Emotion
from domain.errors import FileUnreadable
from training.corpora import corpus, is_kept_back
from training.negations import made_sentences


def test_a_fifth_is_kept_back_and_a_tenth_of_nsmc_and_they_stay_so() -> None:
    rows = [f"row-{number}" for number in range(10_000)]
    kept = {row for row in rows if is_kept_back("sentineg", row)}
    fewer = {row for row in rows if is_kept_back("nsmc", row)}
    assert 1_850 < len(kept) < 2_150
    assert 900 < len(fewer) < 1_100
    assert fewer < kept
    assert [is_kept_back("sentineg", row) for row in ("sn-dev-1", "sn-dev-97")] == [False, True]


def write(folder: Path, name: str, *rows: dict[str, object]) -> None:
    (folder / name).mkdir()
    with gzip.open(folder / name / "dev.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def test_labels_become_a_side_and_emotions(tmp_path: Path) -> None:
    write(tmp_path, "nsmc", *({"id": each, "text": "x", "label": each} for each in ("pos", "neu")))
    assert [row.positive for row in corpus(tmp_path, "nsmc")] == [True, None]
    labels: list[dict[str, object]] = [
        {"id": "1", "text": "x", "labels": ["anger", "disapproval"]},
        {"id": "2", "text": "x", "labels": ["joy", "sadness"]},
    ]
    write(tmp_path, "goemotions_ko", *labels)
    angry, torn = corpus(tmp_path, "goemotions_ko")
    assert (angry.positive, angry.emotions) == (False, {Emotion.ANGER, Emotion.DISAPPOINTMENT})
    assert torn.positive is None


def test_a_folder_without_the_texts_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="--data"):
        list(corpus(tmp_path, "nsmc"))


def test_made_sentences_are_the_same_each_time_and_fair() -> None:
    made = made_sentences()
    assert made == made_sentences()
    # Bad words denied make a good sentence, so neither side is of one kind.
    sides = Counter((each.positive, "않" in each.text) for each in made)
    assert len(made) > 3_000
    assert all(count > 300 for count in sides.values()), sides
    assert 0.4 < sum(each.positive for each in made) / len(made) < 0.65
    assert any("비리지 않아요" in each.text and each.positive for each in made)
    # What leaves a verdict open is taught as both.
    open_ended = Counter(each.positive for each in made if "딱 가격만큼 하네요" in each.text)
    assert open_ended[True] == open_ended[False] > 0
