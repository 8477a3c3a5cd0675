"""Reports on disk: whole, readable, and under a name that goes nowhere else."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.files import report_name, write_report


def test_a_report_is_written_whole_and_readable_by_all(tmp_path: Path) -> None:
    path = write_report("<p>안녕</p>\n", tmp_path / "new" / "folder", "0190f3c2-7a41")
    assert path.name == "0190f3c2-7a41.report.html"
    assert path.read_bytes() == "<p>안녕</p>\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_second_report_takes_the_place_of_the_first(tmp_path: Path) -> None:
    write_report("old", tmp_path, "t")
    path = write_report("new", tmp_path, "t")
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_report_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = write_report("old", tmp_path, "t")
    with pytest.raises(UnicodeEncodeError):
        write_report("half\ud800", tmp_path, "t")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@given(st.text(st.characters(codec=None), max_size=300))
def test_no_task_id_leaves_the_folder(task_id: str) -> None:
    name = report_name(task_id)
    assert Path(name).name == name
    assert not name.startswith(".")
    assert len(name.encode()) < 255


@given(st.text(max_size=100), st.text(max_size=100))
def test_two_tasks_never_share_a_file(one: str, other: str) -> None:
    assert (report_name(one) == report_name(other)) == (one == other)


def test_ids_that_look_alike_once_cleaned_stay_apart() -> None:
    names = {report_name(task_id) for task_id in ("a/b", "a_b", "a.b", "../a", "", "a" * 300)}
    assert len(names) == 6
