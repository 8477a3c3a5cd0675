"""Korean morphemes, by Kiwi: about 2 s and 330 MB to load, so never on the live path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import metadata

from domain.keywords.stems import Morpheme

_VERBS = ("VV", "VA")


class Kiwi:
    """Kiwi with its default model; of several threads the answers come in the order asked."""

    def __init__(self, threads: int = 1) -> None:
        # Loading the library alone takes a third of a second.
        from kiwipiepy import Kiwi as Loaded

        # The dictionary of names of many words would double what it takes, and joins nothing here.
        self._kiwi = Loaded(num_workers=threads, load_multi_dict=False)

    def split(self, texts: Iterable[str]) -> Iterator[list[Morpheme]]:
        """Yield the morphemes of each text, in order; offsets are code points."""
        for tokens in self._kiwi.tokenize(texts):
            yield [
                Morpheme(
                    token.form,
                    tag := token.tag.partition("-")[0],
                    token.lemma if tag in _VERBS else token.form,
                    token.start,
                    token.end,
                )
                for token in tokens
            ]


def kiwi_version() -> str:
    """Return the versions of Kiwi and its model; nothing is loaded for that."""
    return f"kiwi-{metadata.version('kiwipiepy')}+{metadata.version('kiwipiepy_model')}"
