"""The labelled texts: where they are, what their labels say, what is kept back to measure on.

They are described, with their licences, in docs/reference/analyzer.md. None of them is part of
this repository.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from domain.emotions import Emotion
from domain.errors import FileUnreadable

#: Tenths of each corpus, chosen by the hash of a row's id, that nothing is trained on.
KEPT_BACK = 2
#: Of a large one a tenth is enough to measure on.
KEPT_BACK_OF = {"nsmc": 1}

_GOOD = frozenset({Emotion.JOY, Emotion.SATISFACTION})
_BAD = frozenset({Emotion.ANGER, Emotion.DISAPPOINTMENT, Emotion.DISGUST, Emotion.SADNESS})
_SIDES = {"pos": True, "neg": False}
#: GoEmotions' 28 labels on our ten.
_COARSE: dict[str, Emotion] = {
    **dict.fromkeys(("amusement", "excitement", "joy", "love", "pride"), Emotion.JOY),
    **dict.fromkeys(
        ("admiration", "approval", "caring", "gratitude", "relief"), Emotion.SATISFACTION
    ),
    **dict.fromkeys(("curiosity", "desire", "optimism", "realization"), Emotion.INTEREST),
    **dict.fromkeys(("anger", "annoyance"), Emotion.ANGER),
    **dict.fromkeys(("disappointment", "disapproval"), Emotion.DISAPPOINTMENT),
    **dict.fromkeys(("grief", "remorse", "sadness", "embarrassment"), Emotion.SADNESS),
    **dict.fromkeys(("confusion", "fear", "nervousness"), Emotion.ANXIETY),
    "surprise": Emotion.SURPRISE,
    "disgust": Emotion.DISGUST,
    "neutral": Emotion.NEUTRAL,
}


class Row(NamedTuple):
    """A text, how it is labelled, and whether it is kept back."""

    id: str
    text: str
    #: Whether it is positive; None where the label does not say.
    positive: bool | None
    emotions: frozenset[Emotion]
    #: The part of the corpus it is of, where there are several.
    part: str
    kept_back: bool


def corpus(folder: Path, name: str) -> Iterator[Row]:
    """Yield the rows of a corpus.

    Raises:
        FileUnreadable: it is not there.
    """
    path = folder / name / "dev.jsonl.gz"
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                yield _row(name, json.loads(line))
    except FileNotFoundError:
        message = f"{path}: no such corpus; --data names the folder that has it"
        raise FileUnreadable(message) from None


def is_kept_back(name: str, row_id: str) -> bool:
    """Tell whether a row of a corpus is kept back; the same for ever, whatever else it holds."""
    place = int(hashlib.sha256(row_id.encode()).hexdigest()[:8], 16) % 10
    return place < KEPT_BACK_OF.get(name, KEPT_BACK)


def _row(name: str, raw: dict[str, Any]) -> Row:
    if name == "kote":
        emotions = frozenset(Emotion(label) for label in raw["coarse"])
    elif name == "goemotions_ko":
        emotions = frozenset(_COARSE[label] for label in raw["labels"])
    else:
        emotions = frozenset()
    return Row(
        id=raw["id"],
        text=raw["text"],
        positive=_side(emotions) if emotions else _SIDES.get(raw.get("label", "")),
        emotions=emotions,
        part=raw.get("source", name),
        kept_back=is_kept_back(name, raw["id"]),
    )


def _side(emotions: frozenset[Emotion]) -> bool | None:
    good, bad = bool(emotions & _GOOD), bool(emotions & _BAD)
    return good if good != bad else None
