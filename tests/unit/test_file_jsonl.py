"""JSON Lines, with all that strict parsers refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from file_reading import jsonl, read, source, write

from domain.errors import ColumnMissing, FileUnreadable
from sources.file_lines import MAX_LINE_BYTES


def lines(tmp_path: Path, *rows: str | bytes) -> Path:
    raw = [row.encode() if isinstance(row, str) else row for row in rows]
    return write(tmp_path / "t.jsonl", b"\n".join(raw) + b"\n")


def test_broken_lines_are_refused_by_number_and_the_good_go_on(tmp_path: Path) -> None:
    path = lines(
        tmp_path,
        '{"id": 1, "text": "a"}',
        '{"id": 2, "te',
        "",
        "[1]",
        '"x"',
        "null",
        '{"id":3,"text":"c"}',
    )
    whole = read(path)
    assert whole.texts == ["a", "c"]
    assert whole.reasons == [
        ("broken_json", "line 2"),
        ("not_a_record", "line 4"),
        ("not_a_record", "line 5"),
        ("not_a_record", "line 6"),
    ]
    assert whole.rejected[0].record == '{"id": 2, "te'
    assert whole.rejected[1].message == "line 4: a JSON list and not an object"


def test_lone_surrogates_are_repaired(tmp_path: Path) -> None:
    whole = read(lines(tmp_path, r'{"id": "a", "text": "x\ud800y"}'))
    assert whole.texts == ["x\ufffdy"]
    assert whole.reviews[0].repairs == ("surrogate_replaced",)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_ratings_that_are_no_numbers_are_refused(tmp_path: Path, value: str) -> None:
    whole = read(lines(tmp_path, '{"text":"a","rating":5}', f'{{"text":"b","rating":{value}}}'))
    assert whole.reasons == [("rating_not_a_number", "line 2")]


def test_large_numbers_stay_different_ids(tmp_path: Path) -> None:
    ids = [123456789012345678901234567890, 123456789012345678901234567891, 2**64, -(2**70)]
    whole = read(write(tmp_path / "t.jsonl", jsonl({"id": i, "text": "a"} for i in ids)))
    assert [review.review_id for review in whole.reviews] == [str(i) for i in ids]


def test_odd_keys_are_kept_in_a_refused_record(tmp_path: Path) -> None:
    record = {"$set": 1, "a.b": {"": None}, "text": "좋아요", "rating": 77}
    whole = read(write(tmp_path / "t.jsonl", jsonl([record])), rating_max=5)
    assert whole.rejected[0].record == record


def test_a_large_or_deep_record_is_kept_as_text(tmp_path: Path) -> None:
    deep = '{"text": 1, "deep": ' + "[" * 200 + "]" * 200 + "}"
    large = json.dumps({"text": 1, "blob": "가" * 60_000}, ensure_ascii=False)
    whole = read(lines(tmp_path, deep, large))
    assert [record.reason for record in whole.rejected] == ["text_not_text", "text_not_text"]
    assert whole.rejected[0].record.strip() == deep
    assert whole.rejected[1].record.startswith('{"text": 1, "blob": "가')
    assert len(whole.rejected[1].record.encode()) <= 50_000


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('{"text":"x","deep":' + "[" * 100_000 + "]" * 100_000 + "}", "broken_json"),
        ('{"text":"x","id":' + "9" * 5000 + "}", "broken_json"),
        (b'{"text":"\xff\xfe"}', "undecodable"),
        ('{"text":"' + "x" * MAX_LINE_BYTES + '"}', "text_too_long"),
        ('{"text":"' + "x" * 20_001 + '"}', "text_too_long"),
        ('{"text":{"a":1}}', "text_not_text"),
        ('{"text":"x","id":"' + "9" * 201 + '"}', "id_too_long"),
    ],
)
def test_a_hostile_line_costs_itself(tmp_path: Path, row: str | bytes, reason: str) -> None:
    whole = read(lines(tmp_path, '{"text":"before"}', row, '{"text":"after"}'))
    assert whole.texts == ["before", "after"]
    assert whole.reasons == [(reason, "line 2")]
    assert len(str(whole.rejected[0].record).encode()) <= 50_100


def test_records_may_lack_what_the_first_one_lacks(tmp_path: Path) -> None:
    rows = [{"text": "a"}, {"rating": 4, "text": "b"}, {"rating": None, "text": "c"}]
    whole = read(write(tmp_path / "t.jsonl", jsonl(rows)))
    assert [review.rating for review in whole.reviews] == [None, 4.0, None]


def test_reviews_without_an_id_get_one_from_their_content(tmp_path: Path) -> None:
    path = write(tmp_path / "t.jsonl", jsonl([{"text": "a"}, {"text": "b"}]))
    first, again = read(path), read(path)
    assert len({review.review_id for review in first.reviews}) == 2
    assert first.reviews == again.reviews


def test_korean_encodings_are_read(tmp_path: Path) -> None:
    rows = jsonl([{"내용": "배송이 빨라요", "별점": 5}, {"내용": "색이 달라요", "별점": 1}])
    whole = read(write(tmp_path / "t.jsonl", rows.encode("cp949")))
    assert whole.texts == ["배송이 빨라요", "색이 달라요"]


def test_a_list_of_objects_is_told_apart(tmp_path: Path) -> None:
    path = write(tmp_path / "t.json", json.dumps([{"text": "a"}], indent=1))
    with pytest.raises(FileUnreadable, match="one object a line"):
        list(source(path).batches(None))


def test_no_text_key_names_the_keys(tmp_path: Path) -> None:
    with pytest.raises(ColumnMissing, match="'foo', 'id'"):
        list(source(lines(tmp_path, '{"foo":1}', '{"id":2}')).batches(None))
