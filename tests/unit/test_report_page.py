"""The report as HTML: complete, harmless, and honest when there is little to show."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_report_sample import FIRST_DAY, make_card, make_result, typical_result

from domain.aspects import ASPECTS_KO, Aspect
from domain.cards import FailureReason
from domain.coverage import Coverage
from domain.emotions import EMOTIONS_KO, Emotion
from domain.rating_scale import find_scale
from domain.reviews import Refusal
from reports.page import render_report

VOID = {"meta", "br", "img", "link", "input", "hr"}
EVIL = (
    "<script>alert(1)</script>",
    "</style><style>*{display:none}</style>",
    "</title><img src=x onerror=alert(2)>",
    "\"' onmouseover='alert(3)' x=\"",
    "{{ 7 * 7 }}{% include 'style.css' %}",
    "</script><!-- ",
    "&lt;b&gt; &#x3c;",
)


class Skeleton(HTMLParser):
    """The elements of a page with their attributes' names, and its texts; checks nesting."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] not in (["script"], ["style"]):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def foreign_result(text: str) -> dict[str, Any]:
    """Return a result in which everything a stranger may write is `text`."""
    coverage = Coverage(pages=1, collected=2, declared=9, stopped_by=text)
    coverage.refuse([Refusal(text, text, text)])
    cards = [
        make_card(n, text=quote, aspects=(Aspect.PRICE,), keywords=(text,), review_id=text + str(n))
        for n, quote in enumerate((text[:100] + " 하나입니다", text[:100] + " 둘입니다"))
    ]
    result = make_result(
        cards,
        coverage=coverage,
        source=text,
        analyzer_version=text,
        task_id=text,
        prices=[{"observed_at": "2026-01-01", "amount": "10", "currency": text}],
    )
    result["product"] |= {"name": text, "brand": text, "category": text, "url": text}
    result["numbers"]["failures"] = {text: 1}
    result["numbers"]["languages"] = {text: 2}
    result["numbers"]["flags"] = {text: 2}
    result["coverage"]["quarantined"] = {text: 1}
    return result


def test_a_typical_report_has_every_section_and_its_numbers() -> None:
    result = typical_result()
    page = Skeleton(render_report(result))
    headings = {value for tag, name, value in page.attributes if name == "aria-labelledby"}
    assert headings == {
        *("product", "emotions", "aspects", "time", "stars"),
        *("keywords", "quotes", "trust", "coverage", "method"),
    }
    for said in ("무드 글로우 립 틴트 4.2g", "1,240", "1,252 of 1,402 declared reviews (89.3%)"):
        assert said in page.text
    for row in result["numbers"]["emotions"]:
        assert f"{row['share'] * 100:.1f}%" in page.text
    for row in result["numbers"]["aspects"]:
        assert ASPECTS_KO[Aspect(row["aspect"])] in page.text
        assert all(quote["text"] in page.text for quote in row["quotes"]["negative"])
    assert f"cards check {result['task_id']}" in page.text
    assert "2026-03-03 05:12 UTC" in page.text


def test_every_emotion_is_named_in_both_languages() -> None:
    page = Skeleton(render_report(typical_result()))
    for emotion, korean in EMOTIONS_KO.items():
        assert re.search(f"{korean} +{emotion.value.capitalize()}", page.text)


def test_the_report_is_small_and_asks_nobody_for_anything() -> None:
    html = render_report(typical_result())
    assert len(html.encode()) < 300_000
    page = Skeleton(html)
    loading = {"src", "srcset", "data", "poster", "action", "background", "xlink:href"}
    assert not [found for found in page.attributes if found[1] in loading]
    links = {value for tag, name, value in page.attributes if name == "href"}
    assert links == {"https://shop.example/p/1"}
    assert not {"link", "img", "iframe", "object", "embed", "form", "base"} & {
        tag for tag, _ in page.tags
    }
    assert set(re.findall(r"url\(([^)]*)\)", html)) <= {"#p-negative", "#p-mixed", "#p-missing"}
    assert "@import" not in html


def test_the_policy_names_the_one_script_by_its_hash() -> None:
    html = render_report(typical_result())
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = Skeleton(html)
    policy = next(v for t, n, v in page.attributes if n == "content" and "default-src" in (v or ""))
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src ")
    assert f"'sha256-{digest}'" in policy
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]


@pytest.mark.parametrize("evil", EVIL)
def test_hostile_text_is_shown_and_adds_no_element(evil: str) -> None:
    tame = Skeleton(render_report(foreign_result("x" * len(evil))))
    page = Skeleton(render_report(foreign_result(evil)))
    assert page.tags == tame.tags
    # The other quote says nearly the same, and is not shown.
    assert f"“{' '.join(evil.split())} 둘입니다”" in page.text


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(codec=None), min_size=1, max_size=40).filter(str.strip))
def test_no_text_changes_the_page_around_it(text: str) -> None:
    tame = Skeleton(render_report(foreign_result("x")))
    html = render_report(foreign_result(text))
    assert Skeleton(html).tags == tame.tags
    assert not re.search("[\u202a-\u202e\u2066-\u2069\ud800-\udfff\x00]", html)
    html.encode("utf-8")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "/etc/passwd", ""])
def test_only_web_addresses_become_links(url: str) -> None:
    result = make_result([make_card()])
    result["product"]["url"] = url
    assert "<a " not in render_report(result)


def test_an_address_that_only_this_machine_knows_is_shown_and_not_linked() -> None:
    result = make_result([make_card()])
    result["product"]["url"] = "http://127.0.0.1:8765/p/1"
    html = render_report(result)
    assert "<a " not in html
    assert "http://127.0.0.1:8765/p/1" in Skeleton(html).text


def test_mentions_are_told_in_three_parts() -> None:
    aspects = (Aspect.PRICE,)
    cards = [make_card(n, polarity=p, aspects=aspects) for n, p in enumerate((0.9, 0.0, 0.1, -0.5))]
    page = Skeleton(render_report(make_result(cards)))
    assert "언급 = 부정 + 긍정 + 중립" in page.text
    assert re.search(r"부정 Negative 1, 중립 Neutral 2, 긍정 Positive 1 1 1 2 4 ", page.text)


def test_the_two_neutrals_are_told_apart_with_their_counts() -> None:
    cards = [make_card(1, emotion=Emotion.NEUTRAL, polarity=0.2)]
    cards += [make_card(n, polarity=0.0) for n in (2, 3)]
    page = Skeleton(render_report(make_result(cards)))
    assert "The neutral emotion (n=1)" in page.text
    assert "“Neutral” in the bar at the top (n=2): polarity within ±0.15" in page.text


def test_the_emotions_stand_on_an_axis() -> None:
    page = Skeleton(render_report(typical_result()))
    assert "0% 10% 20% 30% 40%" in page.text


def test_the_scale_of_ratings_stands_in_the_coverage() -> None:
    coverage = Coverage(pages=1, collected=1, rating_scale=find_scale([85, 40, 90]))
    page = Skeleton(render_report(make_result([make_card()], coverage=coverage)))
    assert "Ratings read on a scale of 0 to 100, found from the file" in page.text
    assert "별점을 0–100점 척도로 읽었습니다" in page.text


def test_a_right_to_left_override_is_named_instead_of_obeyed() -> None:
    page = Skeleton(render_report(make_result([make_card(text="좋아요\u202e아주 나빠요")])))
    assert "좋아요‹U+202E›아주 나빠요" in page.text


def test_endless_words_do_not_make_an_endless_page() -> None:
    word = "가" * 10_000
    cards = [make_card(n, keywords=(f"{n}{word}",), review_id=f"{n}{word}") for n in range(60)]
    result = make_result(cards, source=word)
    result["product"]["name"] = word
    assert len(render_report(result).encode()) < 120_000


def test_one_card_without_aspects_dates_and_stars() -> None:
    page = Skeleton(render_report(make_result([make_card()])))
    for said in (
        "이 출처에는 날짜가 없습니다. There are no dates in this source.",
        "이 출처에는 별점이 없습니다. There are no ratings in this source.",
        "No review speaks of an aspect we know.",
        "There are no keywords.",
        "Small sample (n=1)",
    ):
        assert said in page.text


def test_only_failures_are_explained_and_never_called_neutral() -> None:
    failures = {FailureReason.EMPTY_TEXT: 4, FailureReason.DEAD_LETTER: 1}
    page = Skeleton(render_report(make_result([], failures=failures)))
    assert "No review could be read" in page.text
    assert "There are no words, only stars or a photo." in page.text
    assert "여러 번 시도해도 분석이 실패해" in page.text
    assert "no dates in this source" not in page.text
    assert "Small sample" not in page.text


def test_a_review_without_card_and_record_is_told() -> None:
    coverage = Coverage(pages=1, collected=3)
    page = Skeleton(render_report(make_result([make_card()], coverage=coverage)))
    assert "Neither card nor failure record 2" in page.text
    whole = Skeleton(render_report(make_result([make_card()])))
    assert "Neither card nor failure record" not in whole.text


def test_every_picture_says_what_it_shows() -> None:
    html = render_report(typical_result())
    pictures = re.findall(r'<svg [^>]*role="img"[^>]*><title>([^<]*)</title>', html)
    assert len(pictures) == html.count('role="img"')
    assert all(title.strip() for title in pictures)
    hidden = re.findall(r"<svg [^>]*>", html)
    assert all('role="img"' in svg or "aria-hidden" in svg or "overflow" in svg for svg in hidden)


def test_weeks_with_few_cards_are_faded_and_undated_cards_counted() -> None:
    cards = [make_card(n, reviewed_at=FIRST_DAY) for n in range(6)]
    cards += [make_card(6, reviewed_at=FIRST_DAY + timedelta(weeks=1)), make_card(7)]
    html = render_report(make_result(cards))
    assert html.count('<g class="few">') == 1
    assert html.count('<g class="enough">') == 1
    assert "Cards without a date</span>: 1" in html


def test_unlisted_refusals_are_counted() -> None:
    coverage = Coverage(pages=1, collected=1)
    coverage.refuse(Refusal(f"page {n}", "access_denied", "403") for n in range(25))
    page = Skeleton(render_report(make_result([make_card()], coverage=coverage)))
    assert "Others, only counted : 5" in page.text
    assert "Pages that could not be read: 25." in page.text
