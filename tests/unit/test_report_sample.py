"""Results for the report's tests, made from real domain objects, and checks of their own."""

from __future__ import annotations

import copy
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.aspects import Aspect
from domain.cards import AspectMention, Card, Evidence, FailureReason, Flag, Reading
from domain.coverage import Coverage
from domain.doubted import Doubted
from domain.emotions import EMOTIONS, Emotion
from domain.rejections import Rejected, RejectReason
from domain.results import build_numbers
from domain.reviews import ProductInfo, Refusal, Review, SourceBatch
from domain.signals import Signal, SignalKind
from domain.tally import Tally

_A, _E = Aspect, Emotion
#: A clause a customer might write, what it is about, what is felt, polarity, keywords.
CLAUSES: tuple[tuple[str, Aspect, Emotion, float, tuple[str, ...]], ...] = (
    ("발색이 은은하고 정말 예뻐요", _A.DESIGN, _E.JOY, 0.82, ("발색", "은은하다")),
    ("색이 사진이랑 똑같아서 만족합니다", _A.DESIGN, _E.SATISFACTION, 0.64, ("색", "사진")),
    ("하루 종일 지워지지 않아서 놀랐어요", _A.DURABILITY, _E.SURPRISE, 0.58, ("지속력",)),
    ("반나절이면 다 지워져서 실망했습니다", _A.DURABILITY, _E.DISAPPOINTMENT, -0.61, ("지속력",)),
    ("이 가격에 이 정도면 훌륭해요", _A.PRICE, _E.SATISFACTION, 0.55, ("가격", "가성비")),
    ("할인 끝나고 사면 너무 비싸요", _A.PRICE, _E.DISAPPOINTMENT, -0.42, ("가격", "할인")),
    ("배송이 하루 만에 왔어요, 최고!", _A.DELIVERY, _E.JOY, 0.73, ("배송",)),
    ("일주일이 지나도 배송이 안 와서 화가 나요", _A.DELIVERY, _E.ANGER, -0.84, ("배송", "일주일")),
    ("뚜껑이 깨진 채로 와서 속상했어요", _A.PACKAGING, _E.SADNESS, -0.66, ("뚜껑", "파손")),
    ("상자가 다 찌그러져 왔습니다", _A.PACKAGING, _E.DISAPPOINTMENT, -0.58, ("상자", "파손")),
    ("선물 포장이 정성스러워요", _A.PACKAGING, _E.SATISFACTION, 0.61, ("포장", "선물")),
    ("촉촉하고 각질이 안 떠요", _A.QUALITY, _E.SATISFACTION, 0.68, ("촉촉하다", "각질")),
    ("바르고 나서 입술이 따가워 불안해요", _A.QUALITY, _E.ANXIETY, -0.52, ("입술", "따갑다")),
    ("향이 인공적이라 역해요", _A.TASTE_SCENT, _E.DISGUST, -0.63, ("향",)),
    ("은은한 복숭아 향이 좋아요", _A.TASTE_SCENT, _E.JOY, 0.6, ("향", "복숭아")),
    ("다음엔 다른 색도 사 보고 싶어요", _A.REPURCHASE, _E.INTEREST, 0.49, ("재구매", "색")),
    ("문의했는데 답이 없네요", _A.CUSTOMER_SERVICE, _E.ANGER, -0.7, ("문의",)),
    ("그냥 무난한 립 제품입니다", _A.QUALITY, _E.NEUTRAL, 0.04, ("무난하다",)),
    ("easy to put on without a mirror", _A.EASE_OF_USE, _E.SATISFACTION, 0.5, ("mirror",)),
)
FIRST_DAY = datetime(2025, 9, 1, 9, tzinfo=UTC)


def make_card(
    number: int = 1,
    *,
    text: str = "발색이 은은하고 정말 예뻐요",
    emotion: Emotion = Emotion.JOY,
    polarity: float = 0.8,
    aspects: tuple[Aspect, ...] = (),
    keywords: tuple[str, ...] = (),
    rating: float | None = None,
    reviewed_at: datetime | None = None,
    flags: tuple[Flag, ...] = (),
    review_id: str | None = None,
) -> Card:
    """Return a card whose evidence is the whole text."""
    evidence = Evidence(text, 0, len(text))
    scores = tuple((e, 0.8 if e is emotion else 0.04) for e in EMOTIONS)
    mentions = tuple(AspectMention(a, polarity, abs(polarity), evidence) for a in aspects)
    reading = Reading(
        "en" if text.isascii() else "ko",
        emotion,
        scores,
        abs(polarity),
        polarity,
        mentions,
        keywords,
        evidence,
        flags,
    )
    own_id = review_id or f"r-{number:05d}"
    return Card("t-1", "p-1", own_id, "00" * 16, rating, reviewed_at, "lexicon-1", reading)


def doubting(cards: list[Card], kind: SignalKind, group: str, most: int) -> list[Card]:
    """Return the cards, the first `most` of them with a sign of doubt."""
    signals = (Signal(kind, group),)
    return [replace(card, signals=signals) for card in cards[:most]] + cards[most:]


def typical_cards(count: int = 1240, *, seed: int = 7) -> list[Card]:
    """Return cards of half a year in which parcels break from the 18th week on."""
    dice = random.Random(seed)
    cards = []
    for number in range(count):
        day = FIRST_DAY + timedelta(days=dice.triangular(0, 182, 150))
        late = day > FIRST_DAY + timedelta(weeks=18)
        weights = [
            (2.6 if late else 0.5) if clause[1] is _A.PACKAGING else 3 if clause[3] > 0 else 1
            for clause in CLAUSES
        ]
        text, aspect, emotion, polarity, keywords = dice.choices(CLAUSES, weights)[0]
        polarity = round(max(-1, min(1, polarity + dice.gauss(0, 0.12))), 4)
        rating = float(max(1, min(5, round(3.2 + 2.2 * polarity + dice.gauss(0, 0.6)))))
        flags = (Flag.MIXED,) if dice.random() < 0.07 else ()
        cards.append(
            make_card(
                number,
                text=text,
                emotion=emotion,
                polarity=polarity,
                aspects=(aspect,),
                keywords=keywords,
                rating=rating if dice.random() < 0.9 else None,
                reviewed_at=day,
                flags=flags,
            )
        )
    return cards


def shifting_cards() -> list[Card]:
    """Return cards of ten weeks, 40 a week; from the sixth on half of them are bad."""
    return [
        make_card(
            40 * week + at,
            polarity=-0.8 if at % 40 < (20 if week > 4 else 4) else 0.8,
            reviewed_at=FIRST_DAY + timedelta(weeks=week),
        )
        for week in range(10)
        for at in range(40)
    ]


def typical_coverage(collected: int) -> Coverage:
    """Return the coverage of a crawl with every kind of gap."""
    coverage = Coverage()
    refusals = (
        Refusal("https://shop.example/p/1?page=42", "access_denied", "403 Forbidden"),
        Refusal("https://shop.example/p/1?page=43", "source_unavailable", "502 after 4 tries"),
        Refusal("https://shop.example/p/1?page=44", "source_unavailable", "502 after 4 tries"),
    )
    rejected = (
        Rejected(RejectReason.RATING_OUT_OF_RANGE, "rating 11 is outside 1–5", "page 3"),
        Rejected(RejectReason.DATE_IN_FUTURE, "date 2062-01-01 is in the future", "page 9"),
        Rejected(RejectReason.RATING_OUT_OF_RANGE, "rating 0 is outside 1–5", "page 12"),
    )
    batch = SourceBatch(
        reviews=(Review("r-1", "좋아요", repairs=("nul_removed",)),),
        rejected=rejected,
        refusals=refusals,
        product=ProductInfo("립", declared_reviews=1402),
        stopped_by="max_pages",
        pages=63,
    )
    coverage.add(batch, collected=collected, duplicates=17, edited=4)
    return coverage


def make_result(
    cards: list[Card],
    *,
    failures: dict[FailureReason, int] | None = None,
    coverage: Coverage | None = None,
    **changed: Any,
) -> dict[str, Any]:
    """Return a result of the cards, as finalising would hand it over."""
    tally, doubted = Tally(), Doubted()
    for card in cards:
        tally.add(card)
        doubted.add(card)
    for reason, count in (failures or {}).items():
        for _ in range(count):
            tally.add_failure(reason)
    collected = tally.cards + tally.failures.total()
    coverage = coverage or Coverage(pages=1, collected=collected)
    result = {
        "task_id": "0190f3c2-7a41-7d1e-9b1c-2f1a55c0a7d1",
        "product": {
            "name": "무드 글로우 립 틴트 4.2g",
            "brand": "온도",
            "url": "https://shop.example/p/1",
            "image_url": "https://shop.example/p/1.jpg",
            "category": "뷰티 > 립",
        },
        "status": "completed" if coverage.whole else "partial",
        "analyzer_version": "lexicon-2026.1",
        "created_at": "2026-03-03T05:12:44.120000+00:00",
        "source": "https://shop.example/p/1",
        "coverage": coverage.to_state(),
        "numbers": build_numbers(tally, doubted),
        "prices": [],
    }
    return result | changed


def typical_result() -> dict[str, Any]:
    """Return the result of a usual product page."""
    failures = {FailureReason.EMPTY_TEXT: 9, FailureReason.UNSUPPORTED_LANGUAGE: 3}
    prices = [
        {"observed_at": "2026-01-05T00:00:00+00:00", "amount": "15900", "currency": "KRW"},
        {"observed_at": "2026-03-03T00:00:00+00:00", "amount": "12720", "currency": "KRW"},
    ]
    cards = typical_cards()
    coverage = typical_coverage(len(cards) + 12)
    return make_result(cards, failures=failures, coverage=coverage, prices=prices)


#: What schema 2 added to the numbers, at the top and in the rows of lists.
_ADDED = {"polarity_interval", "feeling_shares", "pleases", "hurts", "trust"}
_ADDED_TO_ROWS = {
    *("interval", "polarity_interval", "share_of_cards", "positive_share", "negative_share"),
    *("impact_interval", "enough", "change"),
}


def as_schema_1(numbers: dict[str, Any]) -> dict[str, Any]:
    """Return the numbers as an earlier release stored them."""
    older = {name: copy.deepcopy(numbers[name]) for name in numbers if name not in _ADDED}
    for row in (older["ratings"], *older["emotions"], *older["aspects"], *older["weeks"]):
        for name in _ADDED_TO_ROWS & set(row):
            del row[name]
    for row in older["aspects"]:
        del row["cards"]
    return older


def test_the_sample_is_consistent_with_itself() -> None:
    result = typical_result()
    numbers = result["numbers"]
    assert numbers["cards"] + sum(numbers["failures"].values()) == result["coverage"]["collected"]
    assert result["status"] == "partial"
    assert len(numbers["weeks"]) > 20
    assert {row["aspect"] for row in numbers["aspects"]} == {str(c[1]) for c in CLAUSES}
