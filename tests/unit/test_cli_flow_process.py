"""What a flow's process is given and what it says."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from rich.console import Console

from cli import analysis_run
from cli.analysis_run import wait_for_last_steps
from cli.flow_process import FlowProcess, flow_command, flow_environment, said_error
from cli.hints import hint_for
from cli.orders import Order, Rebuild, parse_columns, whole_location
from domain.errors import AddressRefused, FileUnreadable, InvalidRequest, RobotsRefused
from settings import Settings
from settings.models import PrefectSettings
from sources.base import SourceSpec


def test_the_error_is_the_last_one_written() -> None:
    lines = [
        json.dumps({"error": "store_unavailable", "message": "first"}),
        "12:00:00 | WARNING | something",
        json.dumps({"error": "robots_refused", "message": "robots.txt forbids it"}),
        "[1, 2]",
        "{broken",
    ]
    error = said_error(lines)
    assert isinstance(error, RobotsRefused)
    assert error.line == "robots.txt forbids it"


@pytest.mark.parametrize("lines", [[], ["Traceback"], ['{"task_id": "1"}'], ["null", "3"]])
def test_no_error_written_is_none(lines: list[str]) -> None:
    assert said_error(lines) is None


def test_the_command_runs_our_own_flows_whatever_folder_we_are_in() -> None:
    command = flow_command("analyze-product", {"location": "파일.csv", "encoding": None})
    assert command[:4] == [sys.executable, "-P", "-m", "flows"]
    assert json.loads(command[5]) == {"location": "파일.csv"}


def test_the_flow_reports_to_the_server_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    prefect = PrefectSettings(api_url="http://prefect.example:4200/api")
    environment = flow_environment(Settings(data_dir=tmp_path, prefect=prefect))
    assert environment["PREFECT_API_URL"] == "http://prefect.example:4200/api"
    assert environment["EC_DATA_DIR"] == str(tmp_path)


def test_without_a_server_the_flow_keeps_its_own_files_in_our_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.delenv("PREFECT_HOME", raising=False)
    environment = flow_environment(Settings(data_dir=tmp_path))
    assert "PREFECT_API_URL" not in environment
    assert environment["PREFECT_HOME"].startswith(str(tmp_path))


def test_last_steps_that_take_too_long_are_stopped_and_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis_run, "LAST_STEPS", 0.0)
    flow = FlowProcess(Settings(data_dir=tmp_path), "no-flow-of-ours", {})
    output = io.StringIO()
    wait_for_last_steps(flow, "task-1", Console(file=output))
    assert not flow.running
    assert "were stopped; `cards analyze --resume task-1`" in output.getvalue()
    # A flow that has ended by itself is in time.
    wait_for_last_steps(flow, "task-2", Console(file=output))
    assert "task-2" not in output.getvalue()


def test_an_order_to_go_on_needs_nothing_but_the_id() -> None:
    assert Order(location="x", task_id="t").parameters("k") == {"task_id": "t"}
    assert Order(location="x", task_id="t").spec is None


def test_an_order_is_known_by_what_its_flow_is_given() -> None:
    order = Order(location="x", max_reviews=5, columns={"text": "a"})
    assert order.parameters("k") == {**(order.spec or {}), "idempotency_key": "k"}
    assert order.spec == SourceSpec("x", {"text": "a"}, max_reviews=5).to_state()


def test_a_re_analysis_is_known_by_its_product_and_that_nothing_is_read() -> None:
    order = Rebuild("id", "https://shop.example/1", force=True)
    asked = {"product": "id", "force": True, "idempotency_key": "k"}
    assert (order.flow, order.parameters("k")) == ("reanalyze", asked)
    assert SourceSpec.from_state(order.spec) == SourceSpec(order.location, stored=True)
    # Other requests do not have the word: a release that does not know it reads them.
    assert "stored" not in SourceSpec(order.location).to_state()


def test_columns_are_pairs_of_our_field_and_theirs() -> None:
    assert parse_columns(["text=내용", "rating=a=b"]) == {"text": "내용", "rating": "a=b"}
    assert parse_columns([]) is None


def test_an_empty_column_is_a_field_not_to_read() -> None:
    assert parse_columns(["rating=", "text=a"]) == {"rating": "", "text": "a"}


@pytest.mark.parametrize("pair", ["text", "=내용", "text=", "body=내용", ""])
def test_other_columns_are_refused(pair: str) -> None:
    with pytest.raises(InvalidRequest, match="FIELD=COLUMN"):
        parse_columns([pair])


def test_a_file_is_named_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "리뷰.csv").write_text("text\n")
    monkeypatch.chdir(tmp_path)
    assert whole_location("리뷰.csv") == str((tmp_path / "리뷰.csv").resolve())


def test_an_address_stays_as_it_is() -> None:
    assert whole_location(" https://shop.example/p?a=1 ") == "https://shop.example/p?a=1"


def test_a_file_that_is_not_there_is_told_before_anything_starts() -> None:
    with pytest.raises(FileUnreadable, match="no such file"):
        whole_location("/nowhere/reviews.csv")


def test_a_folder_is_told_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="this is a folder") as caught:
        whole_location(str(tmp_path))
    assert hint_for(caught.value) == "give the path of a file in it"


@pytest.mark.parametrize(
    ("typed", "problem", "hint"),
    [
        ("htp://foo", "htp:// addresses are not read", "begins with https://"),
        ("file:///tmp/a.csv", "file:// addresses are not read", "of a file give the path"),
        ("://x", ":// addresses are not read", "begins with https://"),
        ("http://", "this address has no host", "https://shop.example/products/123"),
        ("https:///p/1", "this address has no host", "https://shop.example/products/123"),
        ("http://[::1", "this address has no host", "https://shop.example/products/123"),
    ],
)
def test_an_address_that_cannot_be_is_told_with_a_hint_that_fits(
    typed: str, problem: str, hint: str
) -> None:
    with pytest.raises(InvalidRequest, match=problem) as caught:
        whole_location(typed)
    assert hint in str(hint_for(caught.value))


def test_hosts_are_allowed_only_where_that_helps() -> None:
    private = AddressRefused("h is at 10.0.0.1; name it in EC_CRAWL__ALLOWED_PRIVATE_HOSTS")
    assert "EC_CRAWL__ALLOWED_PRIVATE_HOSTS='[" in str(hint_for(private))
    assert hint_for(AddressRefused("https://a:b@shop is refused: user names …")) is None
