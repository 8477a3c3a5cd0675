"""The report of one result: a single HTML page without a single outside resource."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from domain.certainty import MIN_COUNT
from domain.tally import POLARITY_BAND
from reports import (
    charts,
    comparison,
    completeness,
    distinctive,
    figures,
    headline,
    rankings,
    sections,
    trust,
)
from reports.text import visible
from reports.words import FEELINGS, FLAGS, LANGUAGES, STATUSES, Words, label

_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'sha256-{}'; "
    "img-src data:; base-uri 'none'; form-action 'none'"
)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(W=Words, swatch=charts.swatch, FEELINGS=FEELINGS)
    return environment


def _script() -> tuple[Markup, str]:
    """Return the page's one script and the policy that lets nothing else run.

    A browser that understands the hash ignores 'unsafe-inline', so a script that got into the
    page by a review would not run even if escaping failed.
    """
    environment = _environment()
    # A template of its own, never given a value: its text is the script.
    source = environment.get_template("switch.js").render()
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    return Markup(source), _POLICY.format(digest)  # noqa: S704 - our own file


def render_report(result: Mapping[str, Any], *, earlier: Mapping[str, Any] | None = None) -> str:
    """Return the report of a result as one HTML document.

    `result` holds task_id, product, status, analyzer_version, created_at (ISO 8601), source,
    coverage (`Coverage.to_state`), numbers (`build_numbers`, of any schema) and prices; and
    keyword_analysis, once there is one. Everything in it is taken as foreign text. `earlier` is
    its comparison with the product's result before it, if there was one
    (`domain.comparison.compare`).
    """
    compared = None if earlier is None else comparison.view(earlier)
    return rendered("report.html", {**_view(result), "compared": compared})


def rendered(template: str, view: Mapping[str, Any]) -> str:
    """Return a page of ours, with its one script and the policy that lets nothing else run."""
    script, policy = _script()
    page = _environment().get_template(template)
    return page.render(script=script, policy=policy, patterns=charts.PATTERNS, **view)


def _view(result: Mapping[str, Any]) -> dict[str, Any]:
    numbers, coverage = result["numbers"], result["coverage"]
    shown, folded = sections.keywords(numbers)
    feelings = _feelings(numbers)
    became = completeness.parts(coverage, numbers)
    return {
        "product": headline.product_lines(result["product"]),
        "status": result["status"],
        "status_words": label(STATUSES, result["status"]),
        "mood": headline.mood(numbers),
        "gauge": charts.gauge(numbers["polarity"], numbers.get("polarity_interval")),
        "gauge_within": figures.signed_range(numbers.get("polarity_interval")),
        "tiles": headline.tiles(numbers),
        "takeaways": headline.takeaways(numbers),
        "price": headline.price_line(result["prices"]),
        "feelings": feelings,
        "split": charts.split_bar(feelings, Words("감정 구성", "Feelings")),
        "cards": numbers["cards"],
        "small": 0 < numbers["cards"] < figures.SMALL_SAMPLE,
        "few": figures.FEW,
        "least": MIN_COUNT,
        "certain": "pleases" in numbers,
        "rankings": rankings.view(numbers),
        "trust": trust.view(numbers),
        "distinctive": distinctive.view(result.get("keyword_analysis")),
        "emotions": sections.emotions(numbers),
        "emotion_axis": charts.scale(sections.emotion_axis(numbers)),
        "neutral": sections.neutral_counts(numbers),
        "aspects": sections.aspects(numbers),
        "time": sections.over_time(numbers),
        "stars": sections.stars(numbers),
        "keywords": shown,
        "keywords_folded": folded,
        "quotes": sections.quotes_by_emotion(numbers),
        "covered": completeness.sentence(coverage),
        "scale": completeness.scale(coverage),
        "again": completeness.again(coverage, result["analyzer_version"]),
        "became": became,
        "became_bar": charts.split_bar(became, Words("리뷰의 행방", "What became of the reviews")),
        "facts": completeness.facts(coverage, numbers),
        "gaps": completeness.gaps(coverage, numbers),
        "method": _method(result),
        "band": f"{POLARITY_BAND:g}",
        "n": figures.count,
        "p": lambda part: figures.percent(figures.of(part, numbers["cards"])),
    }


def _feelings(numbers: Mapping[str, Any]) -> list[charts.Part]:
    # Results of schema 1 have no intervals.
    shares = numbers.get("feeling_shares", {})
    return [
        charts.Part(
            words,
            name,
            numbers["feelings"][name],
            figures.percent_range(shares.get(name, {}).get("interval")),
        )
        for name, words in FEELINGS.items()
    ]


def _method(result: Mapping[str, Any]) -> dict[str, Any]:
    numbers = result["numbers"]
    return {
        "task_id": visible(result["task_id"], 120),
        "analyzer": visible(result["analyzer_version"], 120),
        "created_at": figures.moment(result["created_at"]),
        "source": visible(result["source"], 500),
        "languages": [
            (label(LANGUAGES, k), figures.count(n)) for k, n in numbers["languages"].items()
        ],
        "flags": [(label(FLAGS, name), figures.count(n)) for name, n in numbers["flags"].items()],
    }
