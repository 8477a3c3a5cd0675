"""The sentences that the demo shop's customers choose from (`sentences_*.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from domain.aspects import Aspect
from domain.emotions import Emotion

_HERE = Path(__file__).parent
_ANY = "any"


class Tone(StrEnum):
    """Whether a sentence praises or complains."""

    GOOD = "good"
    BAD = "bad"
    #: Both in one breath: "좋은데 비싸요".
    MIXED = "mixed"
    PLAIN = "plain"


#: Of a feeling that tells good from bad by itself; "surprise" does not.
_TONE_OF = {
    Emotion.JOY: Tone.GOOD,
    Emotion.SATISFACTION: Tone.GOOD,
    Emotion.INTEREST: Tone.GOOD,
    Emotion.ANGER: Tone.BAD,
    Emotion.DISAPPOINTMENT: Tone.BAD,
    Emotion.SADNESS: Tone.BAD,
    Emotion.ANXIETY: Tone.BAD,
    Emotion.DISGUST: Tone.BAD,
    Emotion.NEUTRAL: Tone.PLAIN,
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence about one aspect."""

    aspect: Aspect
    feeling: Emotion
    tone: Tone
    #: Kinds of product it fits; "any" is every kind.
    fits: frozenset[str]
    text: str

    def suits(self, kind: str) -> bool:
        """Whether it can be said of this kind of product."""
        return kind in self.fits or _ANY in self.fits


@dataclass(frozen=True, slots=True)
class Frame:
    """How a review begins or ends."""

    #: "opening" or "closing".
    place: str
    tone: Tone
    fits: frozenset[str]
    text: str

    def suits(self, kind: str) -> bool:
        """Whether it can be said of this kind of product."""
        return kind in self.fits or _ANY in self.fits


@dataclass(frozen=True, slots=True)
class Odd:
    """Texts that every real shop has and no analyzer likes."""

    #: Posted several times word for word.
    templated: tuple[str, ...]
    emoji_only: tuple[str, ...]
    #: In a language that the shop does not speak.
    foreign: tuple[str, ...]
    #: With made-up telephone numbers and e-mail addresses.
    personal: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """All that reviews of one language are made of."""

    language: str
    sentences: tuple[Sentence, ...]
    frames: tuple[Frame, ...]
    #: Words between praise and complaint ("근데"), by the tones before and after.
    turns: Mapping[tuple[Tone, Tone], tuple[str, ...]]
    #: What may stand in a full stop's place.
    endings: Mapping[Tone, tuple[str, ...]]
    odd: Odd
    family_names: tuple[str, ...]
    given_names: tuple[str, ...]
    #: What stands between the names; a Korean shop hides a syllable with "*".
    mask: str


@lru_cache(maxsize=2)
def load_phrasebook(language: str) -> Phrasebook:
    """Return the phrasebook of "ko" or "en"."""
    with (_HERE / f"sentences_{language}.toml").open("rb") as file:
        tables = tomllib.load(file)
    authors = tables["authors"]
    return Phrasebook(
        language=language,
        sentences=tuple(
            sentence for group in tables["pieces"] for sentence in _sentences_of(group)
        ),
        frames=tuple(frame for group in tables["frames"] for frame in _frames_of(group)),
        turns={
            (Tone.GOOD, Tone.BAD): tuple(tables["turns"]["to_bad"]),
            (Tone.BAD, Tone.GOOD): tuple(tables["turns"]["to_good"]),
        },
        endings={Tone(tone): tuple(texts) for tone, texts in tables["endings"].items()},
        odd=Odd(**{name: tuple(texts) for name, texts in tables["odd"].items()}),
        family_names=tuple(authors["family"]),
        given_names=tuple(authors["given"]),
        mask=authors["mask"],
    )


def _sentences_of(group: Mapping[str, Any]) -> list[Sentence]:
    aspect, feeling = Aspect(group["aspect"]), Emotion(group["feeling"])
    tone = Tone(group["tone"]) if "tone" in group else _TONE_OF[feeling]
    fits = frozenset(group["fits"])
    return [Sentence(aspect, feeling, tone, fits, text) for text in group["texts"]]


def _frames_of(group: Mapping[str, Any]) -> list[Frame]:
    place, tone = group["place"], Tone(group["tone"])
    fits = frozenset(group.get("fits", [_ANY]))
    return [Frame(place, tone, fits, text) for text in group["texts"]]
