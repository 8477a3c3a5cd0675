"""From cards to the lists of keywords: counts, feelings, quotes, and what is left out."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from domain.aspects import Aspect
from domain.cards import AspectMention, Card, Evidence, Reading
from domain.emotions import EMOTIONS, Emotion
from domain.keywords import counting
from domain.keywords.background import Background
from domain.keywords.counting import KeywordCounts, clause_polarity
from domain.keywords.findings import MOST, keyword_lists
from domain.keywords.stems import Stem

GOOD, BAD = 0.8, -0.8


def card(
    review_id: str, text: str, polarity: float, mentions: Sequence[AspectMention] = ()
) -> Card:
    reading = Reading(
        language="ko",
        primary_emotion=Emotion.JOY,
        emotions=tuple((emotion, 0.0) for emotion in EMOTIONS),
        intensity=0.5,
        polarity=polarity,
        aspects=tuple(mentions),
        keywords=(),
        headline=Evidence(text, 0, len(text)),
    )
    return Card("t", "p", review_id, "h", None, None, "v", reading)


def stems(text: str, *names: str) -> list[Stem]:
    """Return stems that stand in the text as they are named."""
    return [Stem(name, text.index(name), text.index(name) + len(name)) for name in names]


def counted(*groups: tuple[int, str, float, tuple[str, ...]]) -> KeywordCounts:
    """Count so many cards of each text."""
    counts = KeywordCounts()
    for group, (number, text, polarity, names) in enumerate(groups):
        for place in range(number):
            review = card(f"{group}-{place:04d}", text, polarity)
            counts.add(review, text, stems(text, *names))
    return counts


def background(**said: float) -> dict[str, Background]:
    return {"ko": Background(sayings=30_000, stems=dict(said), general=True)}


SHOP = (
    (40, "배송 정말 느려 답답", BAD, ("배송", "느려")),
    (60, "향이 은은해서 마음 편안", GOOD, ("향", "은은")),
    (100, "그냥 무난 해요", GOOD, ("무난",)),
)


def test_distinctive_is_what_the_background_says_less() -> None:
    found = keyword_lists(counted(*SHOP), background(배송=6_000, 향=60, 은은=3, 무난=8_000))
    listed = [row["stem"] for row in found["distinctive"]]
    assert set(listed[:2]) == {"은은", "향"}
    assert "배송" not in listed
    assert "무난" not in listed
    row = next(row for row in found["distinctive"] if row["stem"] == "향")
    assert (row["cards"], row["share"]) == (60, 0.3)
    # 60 of 30,000 sayings elsewhere; these 200 people say 300.
    assert row["expected_share"] == pytest.approx(60 / 30_000 * 300 / 200)
    assert row["polarity"] == GOOD
    low, high = row["polarity_interval"]
    assert GOOD - 0.1 < low < high < GOOD + 0.1
    assert row["feeling"] == "positive"
    quote = row["quote"]
    assert "향이 은은해서 마음 편안"[quote["start"] : quote["end"]] == quote["text"]
    assert quote["review_id"] == "1-0000"


def test_the_happy_and_the_unhappy_say_other_things() -> None:
    found = keyword_lists(counted(*SHOP), background())
    assert {row["stem"] for row in found["disliked"]} == {"배송", "느려"}
    assert {"향", "은은"} <= {row["stem"] for row in found["liked"]}
    row = next(row for row in found["disliked"] if row["stem"] == "느려")
    assert (row["cards"], row["share"], row["expected_share"]) == (40, 1.0, 0.0)
    assert row["feeling"] == "negative"


def test_of_few_cards_nothing_is_called_unusual() -> None:
    found = keyword_lists(counted((19, "향이 은은", GOOD, ("향",))), background(향=1))
    assert found == {"distinctive": [], "liked": [], "disliked": []}


def test_without_a_background_nothing_is_distinctive() -> None:
    assert keyword_lists(counted(*SHOP), {})["distinctive"] == []


def test_verdicts_and_parts_of_compounds_are_left_out() -> None:
    counts = counted((50, "고객센터 최고", GOOD, ("고객센터", "고객", "센터", "최고")))
    found = keyword_lists(counts, background(고객=1))
    assert [row["stem"] for row in found["distinctive"]] == ["고객센터"]


def test_of_words_of_one_root_the_more_unusual_is_shown() -> None:
    counts = counted((50, "환불하다가 그만", BAD, ("환불하다",)), (10, "환불 바로", BAD, ("환불",)))
    found = keyword_lists(counts, background(환불하다=1, 환불=1))
    assert [row["stem"] for row in found["distinctive"]] == ["환불하다"]


def test_neighbouring_keywords_have_quotes_of_their_own() -> None:
    one, two = "향이 은은해서 정말 좋다", "은은한 향이 오래가서 좋다"
    counts = counted((30, one, GOOD, ("향", "은은")), (30, two, GOOD, ("향", "은은")))
    found = keyword_lists(counts, background())
    assert {row["quote"]["text"] for row in found["distinctive"]} == {one, two}


def test_a_liked_word_has_no_quote_that_complains() -> None:
    text = "향은 좋은데 뚜껑이 헐거워요"
    place = text.index("뚜껑")
    loose = AspectMention(Aspect.QUALITY, BAD, 0.9, Evidence(text[place:], place, len(text)))
    counts = counted((30, "그냥 나빠요", BAD, ("나빠",)))
    for number in range(30):
        happy = card(f"h{number}", text, GOOD, [loose])
        counts.add(happy, text, stems(text, "향", "뚜껑"))
    found = keyword_lists(counts, background())
    assert [row["stem"] for row in found["liked"]] == ["향"]
    row = next(row for row in found["distinctive"] if row["stem"] == "뚜껑")
    assert (row["feeling"], row["quote"]["text"]) == ("negative", text[place:])


def test_a_word_that_no_clause_of_its_feeling_holds_is_quoted_as_it_is() -> None:
    found = keyword_lists(counted((30, "향이 은은해요", 0.0, ("은은",))), background())
    assert [row["quote"]["text"] for row in found["distinctive"]] == ["향이 은은해요"]


def test_no_list_is_longer_than_may_be() -> None:
    names = tuple(f"낱말{number:02d}" for number in range(3 * MOST))
    found = keyword_lists(counted((30, " ".join(names), GOOD, names)), background())
    assert len(found["distinctive"]) == MOST


def test_cards_in_another_order_give_the_same() -> None:
    rows = [(f"{n}", f"향이 {n}번째 은은", GOOD if n % 3 else BAD) for n in range(90)]
    outcomes = []
    for seed in (1, 2):
        random.Random(seed).shuffle(rows)
        counts = KeywordCounts()
        for review_id, text, polarity in rows:
            counts.add(card(review_id, text, polarity), text, stems(text, "향", "은은"))
        outcomes.append(keyword_lists(counts, background(향=2)))
    assert outcomes[0] == outcomes[1]
    assert outcomes[0]["distinctive"][0]["feeling"] == "mixed"


def test_a_word_feels_as_its_clause_and_else_as_its_card() -> None:
    text = "색은 예쁜데 배송이 늦어요"
    late = AspectMention(Aspect.DELIVERY, -0.9, 0.9, Evidence("배송이 늦어요", 7, 14))
    review = card("1", text, 0.2, [late])
    assert clause_polarity(review, text.index("늦어")) == -9_000
    assert clause_polarity(review, text.index("예쁜")) == 2_000


def test_a_table_that_grows_too_large_loses_the_rarest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_STEMS", 50)
    counts = KeywordCounts()
    for number in range(200):
        text = f"향이 낱말{number}"
        counts.add(card(str(number), text, GOOD), text, stems(text, "향", f"낱말{number}"))
    korean = counts.languages["ko"]
    assert korean.stems["향"].cards == 200
    assert len(korean.stems) <= 50
    # What was dropped was said all the same.
    assert korean.sayings == 400
    assert [language for language, _ in counts.only_said_by(2)] == ["ko"]
    assert dict(counts.only_said_by(2))["ko"].stems.keys() == {"향"}
