"""Writes a product's reviews: the same seed, the same words."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from operator import itemgetter

from demo.catalog import Product
from demo.reviews import ShopReview
from demo.sentence_bag import SentenceBag
from demo.sentences import Phrasebook, Sentence, Tone
from domain.aspects import ASPECTS, Aspect
from domain.emotions import Emotion

#: How far back the oldest review may be.
WEEKS = 26
_DAYS = WEEKS * 7

_POINTS = {Tone.GOOD: 1.0, Tone.MIXED: 0.15, Tone.PLAIN: 0.0, Tone.BAD: -1.0}
_LOUD = frozenset({Emotion.JOY, Emotion.ANGER, Emotion.DISGUST})
_OPPOSITE = {Tone.GOOD: Tone.BAD, Tone.BAD: Tone.GOOD}
_ENDS_PLAINLY = re.compile("[가-힣a-zA-Z.]$")
#: What a shop that says "euc-kr" really writes: Microsoft's superset.
_CODEC = {"euc-kr": "cp949"}

#: When it was written, what, and with how many stars.
_Draft = tuple[datetime, str, int]


class ReviewWriter:
    """Writes the reviews of one product in the words of one phrasebook."""

    def __init__(
        self, product: Product, phrasebook: Phrasebook, *, seed: int, newest: datetime
    ) -> None:
        self._product = product
        self._book = phrasebook
        self._newest = newest
        self._dice = random.Random(f"{seed}/{product.slug}")
        self._codec = _CODEC.get(product.charset, product.charset)
        fitting = [s for s in phrasebook.sentences if s.suits(product.kind)]
        self._bag = SentenceBag([s for s in fitting if self._writable(s.text)], self._dice)
        self._frames: dict[tuple[str, Tone], list[str]] = defaultdict(list)
        for frame in phrasebook.frames:
            if frame.suits(product.kind) and self._writable(frame.text):
                self._frames[frame.place, frame.tone].append(frame.text)
        self._endings = {
            tone: [text for text in texts if self._writable(text)]
            for tone, texts in phrasebook.endings.items()
        }

    def write(self, count: int) -> list[ShopReview]:
        """Return `count` reviews, newest first."""
        drafts = self._odd_drafts(count)
        drafts += [self._plain_draft() for _ in range(count - len(drafts))]
        drafts.sort(key=itemgetter(0))
        reviews = [self._sign(number, draft) for number, draft in enumerate(drafts, start=1)]
        reviews.reverse()
        return reviews

    def _sign(self, number: int, draft: _Draft) -> ShopReview:
        moment, text, stars = draft
        review_id = f"{self._product.kind}-{number:05d}"
        return ShopReview(review_id, self._author(), text, stars, moment.isoformat())

    def _author(self) -> str:
        family = self._dice.choice(self._book.family_names)
        given = self._dice.choice(self._book.given_names)
        korean = self._book.language == "ko"
        return f"{family}{self._book.mask}{given}" if korean else f"{given} {family}"

    def _moment(self, days_ago: int | None = None) -> datetime:
        if days_ago is None:
            # The power leans towards the present: a product sells better the longer it is known.
            days_ago = int(_DAYS * self._dice.random() ** 1.15)
        evening = min(23, int(self._dice.triangular(7, 24, 21)))
        written = self._newest.replace(hour=evening, minute=self._dice.randrange(60))
        written -= timedelta(days=days_ago)
        return min(written, self._newest)

    # ---------------------------------------------------------------- one customer

    def _plain_draft(self) -> _Draft:
        moment = self._moment()
        trouble = self._product.trouble
        weeks_ago = (self._newest - moment) / timedelta(weeks=1)
        hit = trouble is not None and trouble.covers(weeks_ago) and self._dice.random() < 0.9
        pleased = self._dice.random() < self._product.mood * (0.15 if hit else 1)
        mood = Tone.GOOD if pleased else Tone.BAD
        sentences = [
            self._bag.draw(aspect, self._tone_of(aspect, mood)) for aspect in self._aspects()
        ]
        if hit and trouble is not None:
            sentences = [s for s in sentences if s.aspect is not trouble.aspect]
            sentences.insert(0, self._bag.draw(trouble.aspect, Tone.BAD))
        points = sum(map(_points, sentences)) / len(sentences)
        return moment, self._text(sentences, points), self._stars(points)

    def _aspects(self) -> list[Aspect]:
        """Return 1..4 aspects; those the product is known for come up more often."""
        known_for = {*self._product.strong, *self._product.weak}
        weights = {a: 2.2 if a in known_for else 1.0 for a in ASPECTS if self._bag.tones(a)}
        chosen: list[Aspect] = []
        for _ in range(self._dice.choices((1, 2, 3, 4), (25, 40, 25, 10))[0]):
            aspect = self._dice.choices(tuple(weights), tuple(weights.values()))[0]
            chosen.append(aspect)
            del weights[aspect]
        return chosen

    def _tone_of(self, aspect: Aspect, mood: Tone) -> Tone:
        exception = 0.12
        if aspect in (self._product.weak if mood is Tone.GOOD else self._product.strong):
            exception = 0.4
        roll = self._dice.random()
        wanted = mood
        if roll < exception:
            wanted = _OPPOSITE[mood]
        elif roll > 0.92:
            wanted = Tone.PLAIN
        elif roll > 0.85:
            wanted = Tone.MIXED
        tones = self._bag.tones(aspect)
        wishes: tuple[Tone, ...] = (wanted, mood, _OPPOSITE[mood], *Tone)
        return next(tone for tone in wishes if tone in tones)

    def _stars(self, points: float) -> int:
        if self._dice.random() < 0.02:
            points = -points  # somebody takes one star for the best
        return max(1, min(5, round(3.1 + 1.9 * points + self._dice.gauss(0, 0.45))))

    # ---------------------------------------------------------------- one text

    def _text(self, sentences: list[Sentence], points: float) -> str:
        tone = Tone.PLAIN if abs(points) < 0.4 else Tone.GOOD if points > 0 else Tone.BAD
        parts = [self._hurried(sentence) for sentence in sentences]
        for place, (before, after) in enumerate(pairwise(sentences), start=1):
            turn = self._book.turns.get((before.tone, after.tone))
            if turn and self._dice.random() < 0.6:
                parts[place] = f"{self._dice.choice(turn)} {parts[place]}"
        if self._dice.random() < 0.3:
            parts.insert(0, self._dice.choice(self._frames["opening", tone]))
        if self._dice.random() < 0.25:
            parts.append(self._dice.choice(self._frames["closing", tone]))
        text = ("\n" if self._dice.random() < 0.12 else " ").join(parts)
        # A thumb that misses the space bar once.
        return text.replace(" ", "", 1) if self._dice.random() < 0.06 else text

    def _hurried(self, sentence: Sentence) -> str:
        """Return the sentence, at times with another ending than a full stop."""
        text = sentence.text
        if self._dice.random() < 0.75 or not _ENDS_PLAINLY.search(text):
            return text
        return text.removesuffix(".") + self._dice.choice(self._endings[sentence.tone])

    def _writable(self, text: str) -> bool:
        """Whether the page's charset has all its characters."""
        return text.encode(self._codec, errors="ignore").decode(self._codec) == text

    # ---------------------------------------------------------------- the odd ones

    def _odd_drafts(self, count: int) -> list[_Draft]:
        odd = self._book.odd
        drafts = [(self._moment(), "", self._dice.choice((3, 4, 5, 5))) for _ in range(count // 33)]
        for template in odd.templated:
            bought_on = self._dice.randrange(14, _DAYS - 14)
            copies = 3 + count // 60
            drafts += [
                (self._moment(bought_on + self._dice.randrange(2)), template, 5)
                for _ in range(copies)
            ]
        drafts += [(self._moment(), text, 5) for text in (*odd.emoji_only, *odd.foreign)]
        drafts += [(self._moment(), text, self._dice.choice((1, 2))) for text in odd.personal]
        return [draft for draft in drafts if self._writable(draft[1])][: count // 2]


def _points(sentence: Sentence) -> float:
    return _POINTS[sentence.tone] * (1.3 if sentence.feeling in _LOUD else 1.0)
