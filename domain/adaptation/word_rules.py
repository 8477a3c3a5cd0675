"""A hash of what the word lists say of texts: stored signals are good for these rules only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from importlib import resources

from domain.adaptation.features import read_texts, said
from domain.analysis.lexicon import Form, Term, load_aspects, load_lexicon

#: Of so many entries of the lists one is put into each frame in turn: some hundred sentences that
#: turn, strengthen, weaken and combine what the lists have.
_EVERY = 16
_KOREAN = (
    "{}",
    "안 {}",
    "{}지 않아요",
    "품질이 정말 {}했어요",
    "{}은 하나도 없어요. 그래도 좋아요!",
    "배송은 {}, 포장은 별로네요",
    "{} 줄 알았는데 아니에요",
    "{}다고 해서 샀어요 ㅠㅠ",
    "생각보다 덜 {}고 조금 아쉬워요",
)
_ENGLISH = (
    "{}",
    "not {} at all",
    "the quality is very {}",
    "I never had {}, but it works!",
    "no {} :(",
)
_TERM = tuple(field.name for field in fields(Term))


@cache
def word_rules() -> str:
    """Return a hash of the word lists, and of what the rules make of their words, 8 hex digits.

    Every entry of every list is in it. The rules are in it by their outcome on the frames above:
    new wording of the code changes nothing, and nor does a rule that none of them meets.
    """
    digest = hashlib.blake2b(digest_size=4)
    probes: list[str] = []
    for name, forms in _lists():
        frames = _ENGLISH if name.endswith("_en.toml") else _KOREAN
        for number, form in enumerate(forms):
            digest.update(_told(form).encode() + b"\n")
            if number % _EVERY == 0:
                word = form.text.strip("_.+")
                probes.append(frames[number // _EVERY % len(frames)].format(word))
    for review in read_texts(probes):
        digest.update(
            b"-" if review is None else " ".join(f"{n:.4f}" for n in said(review)).encode()
        )
    return digest.hexdigest()


def _lists() -> Iterator[tuple[str, tuple[Form, ...]]]:
    for name in sorted(file.name for file in resources.files("domain.analysis").iterdir()):
        if name.endswith(".toml"):
            yield name, (load_aspects if name.startswith("aspects") else load_lexicon)(name)


def _told(form: Form) -> str:
    then = form.then.pattern if form.then else ""
    return "\t".join([form.text, then, *(str(getattr(form.term, name)) for name in _TERM)])
