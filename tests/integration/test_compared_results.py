"""`cards compare` on results in the real stores: who is meant, what is refused, what is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from requesting import spec
from typer.testing import CliRunner, Result

from cli.main import app
from domain.analysis import ModelAnalyzer
from domain.cards import Card, Reading, ReviewText
from domain.coverage import Coverage
from domain.errors import EmotionCardsError, InvalidRequest, RequestNotFound
from domain.requests import RequestStatus
from domain.results import build_numbers
from domain.tally import Tally
from settings import Settings
from storage.postgres.acceptance import accept_request
from storage.postgres.requests import move_request
from storage.postgres.results import save_result, task_before
from tasks.documents import result_document
from tasks.report_pages import report_page

GOOD = ("포장이 아주 꼼꼼해서 좋아요", "배송이 빨라요", "The packaging is lovely")
BAD = ("포장이 엉망이라 실망했어요", "배송이 빨라요", "The packaging is terrible")
TIMES = 30


def analysed(settings: Settings, location: str, name: str, texts: Sequence[str]) -> str:
    """Write the result of an analysis, its cards made by the real analyzer; return its task_id."""
    accepted = accept_request(
        settings.postgres,
        source="file" if location.startswith("/") else "shop.example",
        external_key=location,
        name=name,
        spec=spec(location),
        idempotency_key=None,
    )
    for target in ("crawling", "analyzing", "finalizing"):
        move_request(settings.postgres, accepted.task_id, RequestStatus(target))
    save_result(
        settings.postgres,
        task_id=accepted.task_id,
        product_id=accepted.product_id,
        status=RequestStatus.COMPLETED,
        analyzer_version="model-1",
        numbers=build_numbers(tally_of(accepted.task_id, texts)),
        coverage=Coverage(pages=1, collected=TIMES * len(texts)).to_state(),
    )
    return accepted.task_id


def tally_of(task_id: str, texts: Sequence[str]) -> Tally:
    tally = Tally()
    for at, reading in enumerate(ModelAnalyzer().analyze([ReviewText(t, None) for t in texts])):
        assert isinstance(reading, Reading)
        for n in range(TIMES):
            tally.add(Card(task_id, "p", f"{at}-{n}", "0", 4.0, None, "model-1", reading))
    return tally


def run(*arguments: str) -> Result:
    runner = CliRunner(env={"COLUMNS": "120", "NO_COLOR": "1"})
    return runner.invoke(app, ["compare", *arguments])


def refusal(*arguments: str) -> EmotionCardsError:
    """Return the error that the command ends with."""
    error = run(*arguments).exception
    assert isinstance(error, EmotionCardsError)
    return error


def test_two_products_are_compared_however_they_are_named(settings: Settings) -> None:
    url = "https://shop.example/p/2"
    ours = analysed(settings, "/reviews/ours.csv", "온도 립 틴트", GOOD)
    theirs = analysed(settings, url, "Velvet 100% Stain", BAD)
    document = compared("/reviews/ours.csv", url)
    (line,) = document["apart"]
    assert (line["aspect"], line["better"], line["worse"]) == ("packaging", 0, 1)
    assert line["quotes"]["worse"]["text"] in BAD
    assert [product["task_id"] for product in document["products"]] == [ours, theirs]
    html = Path(document["page"]).read_text(encoding="utf-8")
    assert "온도 립 틴트" in html
    assert "Velvet 100% Stain" in html
    for a, b in ((ours, theirs), (ours[:8], "latest"), ("립 틴트", "velvet 100%"), (ours, url)):
        assert compared(a, b) == document
    shown = run(ours, theirs)
    assert shown.exit_code == 0
    assert "A better than B" in shown.stdout
    assert "packaging 포장" in shown.stdout
    assert Path(document["page"]).name in shown.stdout


def compared(*arguments: str) -> dict[str, Any]:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.exception
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_product_then_and_now_also_in_its_report(settings: Settings) -> None:
    then = analysed(settings, "/reviews/ours.csv", "온도 립 틴트", BAD)
    now = analysed(settings, "/reviews/ours.csv", "온도 립 틴트", GOOD)
    document = compared(now, then)
    assert document["over_time"]
    assert [product["task_id"] for product in document["products"]] == [then, now]
    product_id = document["products"][0]["product_id"]
    assert task_before(settings.postgres, now, product_id) == then
    assert task_before(settings.postgres, then, product_id) is None
    report = report_page(settings, result_document(settings, now))
    assert "Against the analysis before" in report
    first = report_page(settings, result_document(settings, then))
    assert "Against the analysis before" not in first
    assert refusal(now, "/reviews/ours.csv").line.endswith(f"are the same result, {now}")


def test_what_cannot_be_compared_is_said_in_a_line(settings: Settings) -> None:
    task_id = analysed(settings, "/reviews/ours.csv", "온도 립 틴트", GOOD)
    analysed(settings, "/reviews/theirs.csv", "벨벳 립 틴트", BAD)
    accepted = accept_request(
        settings.postgres,
        source="file",
        external_key="/reviews/new.csv",
        name="새 틴트",
        spec=spec("/reviews/new.csv"),
        idempotency_key=None,
    )
    told: list[tuple[type[EmotionCardsError], str, tuple[str, ...]]] = [
        (InvalidRequest, "one alone cannot be compared", (task_id,)),
        (InvalidRequest, "latest is given twice", ("latest", "latest")),
        (InvalidRequest, "at most 6 are compared at once, not 7", ("a",) * 7),
        (InvalidRequest, "several products are called '립 틴트'", (task_id, "립 틴트")),
        (RequestNotFound, "no analysis begins with abcdef", (task_id, "abcdef")),
        (RequestNotFound, "no product of this name", (task_id, "없는 상품")),
        # What LIKE would take for a pattern is no name.
        (RequestNotFound, "no product of this name", (task_id, "%")),
        (RequestNotFound, "no product of this name", (task_id, "_")),
        (EmotionCardsError, "", (task_id, "")),
        (RequestNotFound, "has no result yet", (task_id, accepted.task_id)),
        (RequestNotFound, "has no result yet", (task_id, "/reviews/new.csv")),
    ]
    for kind, words, arguments in told:
        error = refusal(*arguments)
        assert isinstance(error, kind)
        assert words in error.line
