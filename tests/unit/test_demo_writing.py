"""What the demo shop's customers write."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from demo.catalog import Product, load_products
from demo.reviews import ShopReview
from demo.sentences import Sentence, Tone, load_phrasebook
from demo.writing import WEEKS, ReviewWriter
from domain.aspects import ASPECTS, Aspect
from domain.emotions import EMOTIONS, Emotion

NEWEST = datetime(2026, 3, 1, 21, 0, tzinfo=UTC)
PRODUCTS = {product.slug: product for product in load_products()}


def written(product: Product, *, seed: int = 7, count: int | None = None) -> list[ShopReview]:
    writer = ReviewWriter(product, load_phrasebook(product.language), seed=seed, newest=NEWEST)
    return writer.write(product.reviews if count is None else count)


def texts(reviews: list[ShopReview]) -> list[str]:
    return [str(review.text) for review in reviews]


def days_ago(review: ShopReview) -> int:
    assert review.date is not None
    return (NEWEST - datetime.fromisoformat(review.date)).days


@pytest.mark.parametrize(("language", "least"), [("ko", 400), ("en", 80)])
def test_phrasebooks_are_rich_and_repeat_nothing(language: str, least: int) -> None:
    sentences = [sentence.text for sentence in load_phrasebook(language).sentences]

    assert len(sentences) >= least
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_aspect_and_every_feeling_is_spoken_of(language: str) -> None:
    sentences = load_phrasebook(language).sentences

    assert {sentence.aspect for sentence in sentences} == set(ASPECTS)
    assert {sentence.feeling for sentence in sentences} == set(EMOTIONS)


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=str)
def test_every_kind_of_product_can_be_praised_and_blamed_for_nearly_everything(
    product: Product,
) -> None:
    fitting = [s for s in load_phrasebook(product.language).sentences if s.suits(product.kind)]

    for tone in (Tone.GOOD, Tone.BAD):
        assert len({s.aspect for s in fitting if s.tone is tone}) >= len(ASPECTS) - 1


def test_kinds_of_sentences_are_kinds_of_products() -> None:
    kinds = {product.kind for product in PRODUCTS.values()} | {"any"}

    for language in ("ko", "en"):
        book = load_phrasebook(language)
        assert {kind for s in (*book.sentences, *book.frames) for kind in s.fits} <= kinds


def test_a_sentence_suits_its_kinds_only() -> None:
    sentence = Sentence(
        Aspect.PRICE, Emotion.JOY, Tone.GOOD, frozenset({"lamp"}), "불빛까지 싸네요"
    )

    assert sentence.suits("lamp")
    assert not sentence.suits("kimchi")


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=str)
def test_the_same_seed_writes_the_same_reviews(product: Product) -> None:
    assert written(product) == written(product)
    assert written(product) != written(product, seed=8)


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=str)
def test_reviews_are_complete_and_in_order(product: Product) -> None:
    reviews = written(product)

    assert len(reviews) == product.reviews
    assert len({review.review_id for review in reviews}) == len(reviews)
    assert all(review.rating in {1, 2, 3, 4, 5} for review in reviews)
    dates = [datetime.fromisoformat(review.date or "") for review in reviews]
    assert dates == sorted(dates, reverse=True)
    assert NEWEST - timedelta(weeks=WEEKS) <= dates[-1] < dates[0] <= NEWEST


def test_the_odd_reviews_of_a_real_shop_are_there() -> None:
    product = PRODUCTS["wireless-earphones"]
    odd = load_phrasebook("ko").odd
    found = Counter(texts(written(product)))

    assert all(found[template] >= 3 for template in odd.templated)
    assert all(found[text] >= 1 for text in (*odd.emoji_only, *odd.foreign, *odd.personal))
    assert found[""] >= 3


def test_bought_reviews_come_within_two_days() -> None:
    reviews = written(PRODUCTS["wireless-earphones"])

    for template in load_phrasebook("ko").odd.templated:
        days = {days_ago(review) for review in reviews if review.text == template}
        assert max(days) - min(days) <= 2


def test_bad_weeks_show_in_the_stars() -> None:
    product = PRODUCTS["wireless-earphones"]
    assert product.trouble is not None
    ratings: dict[bool, list[int]] = {True: [], False: []}
    for review in written(product):
        assert isinstance(review.rating, int)
        ratings[product.trouble.covers(days_ago(review) / 7)].append(review.rating)

    bad, normal = (sum(ratings[hit]) / len(ratings[hit]) for hit in (True, False))
    assert len(ratings[True]) >= 15
    assert normal - bad > 1


def test_stars_follow_the_words() -> None:
    reviews = written(PRODUCTS["daily-sunscreen"], count=600)
    tone_of = {s.text: s.tone for s in load_phrasebook("ko").sentences}
    alone = [(tone_of[str(r.text)], r.rating) for r in reviews if r.text in tone_of]
    means = {
        tone: sum(int(str(stars)) for t, stars in alone if t is tone)
        / sum(1 for t, _ in alone if t is tone)
        for tone in (Tone.GOOD, Tone.BAD)
    }

    assert means[Tone.GOOD] > 4
    assert means[Tone.BAD] < 2


def test_few_plain_reviews_are_the_same() -> None:
    odd = load_phrasebook("ko").odd
    plain = [t for t in texts(written(PRODUCTS["wireless-earphones"])) if t not in odd.templated]
    plain = [text for text in plain if text]

    assert len(set(plain)) > 0.95 * len(plain)


def test_every_text_of_the_euc_kr_product_fits_its_charset() -> None:
    product = PRODUCTS["napa-kimchi"]

    assert product.charset == "euc-kr"
    for seed in range(20):
        for text in texts(written(product, seed=seed)):
            assert text.encode("cp949").decode("cp949") == text
