"""CSV as people and spreadsheets write it, and as accidents leave it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from file_reading import read, source, stored, write

from domain.errors import ColumnMissing, FileUnreadable, NoReviewsFound
from domain.rejections import RejectReason
from sources.csv_feed import MAX_RECORD_LINES
from sources.file_lines import MAX_LINE_BYTES


def table(tmp_path: Path, text: str | bytes) -> Path:
    return write(tmp_path / "t.csv", text)


def test_ragged_rows_are_refused_by_number_and_the_good_go_on(tmp_path: Path) -> None:
    path = table(tmp_path, "id,text,rating\n1,좋아요,5\n2,너무,많은,칸\n3,별로,1\n4\n5,끝,3\n")
    whole = read(path)
    assert [review.review_id for review in whole.reviews] == ["1", "3", "5"]
    assert whole.reasons == [("ragged_row", "row 3"), ("ragged_row", "row 5")]
    assert whole.rejected[0].message == "row 3: 4 columns, 3 expected"
    assert whole.rejected[0].record == "2,너무,많은,칸"


def test_quoted_newlines_quotes_and_delimiters_stay_in_the_text(tmp_path: Path) -> None:
    path = table(tmp_path, 'id,text\r\n1,"첫 줄\r\n둘째, ""인용"" 줄"\r\n2,끝\r\n')
    assert read(path).texts == ['첫 줄\n둘째, "인용" 줄', "끝"]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_delimiter_is_found(tmp_path: Path, mark: str) -> None:
    path = table(
        tmp_path, mark.join(["id", '"text"', '"note, with; marks"']) + "\n" + mark.join("1가b")
    )
    whole = read(path)
    assert whole.texts == ["가"]
    assert whole.last.cursor["delimiter"] == mark


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    whole = read(table(tmp_path, "id,text\n\n1,a\n\n\n2,b\n\n"), batch_rows=2)
    assert whole.texts == ["a", "b"]
    assert whole.rejected == []


def test_an_unclosed_quote_costs_its_own_line(tmp_path: Path) -> None:
    rows = [f"{n},text {n},3" for n in range(2, 3000)]
    rows[10] = '12,"never closed,3'
    path = table(tmp_path, "id,text,rating\n" + "\n".join(rows) + "\n")
    whole = read(path)
    assert whole.reasons == [("ragged_row", "row 12")]
    assert len(whole.reviews) == len(rows) - 1
    assert whole.last.cursor["offset"] == path.stat().st_size


def test_a_stray_quote_that_meets_a_later_one_swallows_nothing(tmp_path: Path) -> None:
    path = table(tmp_path, 'id,text,rating\n1,"stray,5\n2,between,4\n3,"fine, really",3\n4,end,1\n')
    whole = read(path)
    assert whole.texts == ["between", "fine, really", "end"]
    assert whole.reasons == [("ragged_row", "row 2")]


def test_sloppy_quotes_inside_a_line_are_read(tmp_path: Path) -> None:
    whole = read(table(tmp_path, 'id,text\n1,"a"b\n2,5" pipe\n3,"x""y"\n'))
    assert whole.texts == ["ab", '5" pipe', 'x"y']


def test_a_file_of_runaway_quotes_takes_linear_time(tmp_path: Path) -> None:
    line = 'x","'
    path = table(tmp_path, "text,b\n" + (line + "\n") * (30 * MAX_RECORD_LINES))
    whole = read(path, batch_rows=5000)
    assert len(whole.rejected) == 30 * MAX_RECORD_LINES


def test_reading_resumes_amid_lines_taken_one_by_one(tmp_path: Path) -> None:
    rows = ['1,"open', *[f"{n},t{n}" for n in range(2, 50)], '50,"two\nlines"', "51,end"]
    path = table(tmp_path, "id,text\n" + "\n".join(rows) + "\n")
    whole = read(path, batch_rows=7)
    for index, batch in enumerate(whole.batches[:-1]):
        rest = read(path, stored(batch.cursor), batch_rows=7)
        assert [(b.reviews, b.rejected) for b in rest.batches] == [
            (b.reviews, b.rejected) for b in whole.batches[index + 1 :]
        ]


def test_undecodable_rows_are_refused_one_by_one(tmp_path: Path) -> None:
    raw = "id,text\n1,좋아요\n".encode() + b"2,\xff\xfe\n" + "3,괜찮아요\n".encode()
    whole = read(table(tmp_path, raw))
    assert whole.texts == ["좋아요", "괜찮아요"]
    assert whole.reasons == [("undecodable", "row 3")]
    assert whole.rejected[0].record == "2,\\xff\\xfe"


def test_nuls_are_repaired(tmp_path: Path) -> None:
    whole = read(table(tmp_path, "id,text\n1,a\x00b\n"))
    assert whole.texts == ["ab"]
    assert whole.reviews[0].repairs == ("nul_removed",)


def test_a_text_over_the_limit_is_refused_and_its_first_part_kept(tmp_path: Path) -> None:
    limit = csv.field_size_limit()
    whole = read(table(tmp_path, f"id,text\n1,{'가' * 200_000}\n2,끝\n"))
    assert whole.reasons == [("text_too_long", "row 2")]
    assert whole.texts == ["끝"]
    assert isinstance(whole.rejected[0].record, str)
    assert len(whole.rejected[0].record.encode()) <= 50_000
    assert csv.field_size_limit() >= limit


def test_a_line_over_the_limit_is_skipped(tmp_path: Path) -> None:
    path = table(tmp_path, f"id,text\n1,{'x' * (MAX_LINE_BYTES + 10)}\n2,end\n")
    whole = read(path)
    assert whole.texts == ["end"]
    assert whole.reasons == [("text_too_long", "row 2")]
    assert len(whole.rejected[0].record) == 50_000


def test_a_rule_of_reviews_refuses_a_row_with_its_record(tmp_path: Path) -> None:
    path = table(tmp_path, "id,text,stars,date\n1,a,5,2024-01-01\n2,b,9,\n3,c,x,\n4,d,1,someday\n")
    whole = read(path, rating_max=5)
    assert whole.reasons == [
        (RejectReason.RATING_OUT_OF_RANGE, "row 3"),
        (RejectReason.RATING_NOT_A_NUMBER, "row 4"),
        (RejectReason.DATE_UNREADABLE, "row 5"),
    ]
    assert whole.rejected[0].record == {"id": "2", "text": "b", "stars": "9", "date": ""}
    assert whole.rejected[0].message.startswith("row 3: rating 9")


def test_a_date_that_its_zone_moves_out_of_the_calendar_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path, "id,text,date\n1,a,0001-01-01T00:00:00+09:00\n2,b,2024-02-03\n")
    whole = read(path)
    assert whole.reasons == [("date_unreadable", "row 2")]
    assert whole.texts == ["b"]


def test_a_header_alone_has_no_reviews(tmp_path: Path) -> None:
    with pytest.raises(NoReviewsFound):
        read(table(tmp_path, "id,text\n\n"))


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        ("foo,bar\n1,2\n", ColumnMissing),
        ("\n\n\n", FileUnreadable),
        ("id,text\r1,a\r2,b\r", FileUnreadable),
        ("x" * (MAX_LINE_BYTES + 5), FileUnreadable),
        ("\ufeff", FileUnreadable),
    ],
)
def test_a_start_that_makes_no_sense_is_told(
    tmp_path: Path, raw: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        list(source(table(tmp_path, raw)).batches(None))


def test_a_quoted_header_of_several_lines_is_read(tmp_path: Path) -> None:
    assert read(table(tmp_path, '"the\nid","text"\n1,a\n')).texts == ["a"]
