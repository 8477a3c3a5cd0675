"""Makes the keywords' general background: how often stems are said in texts of all kinds."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from domain.keywords.background import packed, table_name
from domain.keywords.finding import StemFinder, Text
from training.corpora import Row, corpus

#: Texts split into morphemes together.
BATCH = 2000
#: A stem of fewer texts than this is not in the table.
FEWEST = 2
#: Stems in a table, the commonest ones.
MOST = 20_000


class Share(NamedTuple):
    """A corpus, and the share of all sayings that it is worth."""

    corpus: str
    share: float
    #: The part of the corpus that counts; empty: all.
    part: str = ""
    #: One text in so many is read, by the hash of its id.
    one_in: int = 1


#: Half and more is of shops and restaurants: against films alone, delivery and price would be
#: the keywords of everything that is sold.
SHARES: Mapping[str, tuple[Share, ...]] = {
    "ko": (
        Share("sentineg", 0.55),
        Share("kor_absa", 0.10),
        Share("kote", 0.20),
        Share("nsmc", 0.15, one_in=8),
    ),
    "en": (
        Share("en_reviews", 0.4, part="vader-amazon-snippets"),
        Share("goemotions_ko", 0.6),
    ),
}


def tables(data: Path, tell: Callable[[str], None]) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each table; the same texts give the same bytes.

    Raises:
        FileUnreadable: a corpus is not in the folder.
    """
    finder = StemFinder()
    for language, shares in SHARES.items():
        rates: dict[str, float] = {}
        texts: Counter[str] = Counter()
        for each in shares:
            counts = _counted(finder, language, _rows(data, each))
            sayings = sum(counts.values())
            tell(f"{language} {each.corpus}: {len(counts):,} stems, said {sayings:,} times")
            texts.update(counts)
            scale = each.share * 1_000_000 / sayings
            for name in sorted(counts):
                rates[name] = rates.get(name, 0.0) + counts[name] * scale
        often = [name for name in rates if texts[name] >= FEWEST]
        chosen = sorted(often, key=lambda name: (-rates[name], name))[:MOST]
        yield table_name(language), packed({name: rates[name] for name in chosen})


def _rows(data: Path, share: Share) -> Iterator[Row]:
    for row in corpus(data, share.corpus):
        if share.part in {"", row.part} and not row.kept_back and _read(row.id, share.one_in):
            yield row


def _read(row_id: str, one_in: int) -> bool:
    # Other digits of the hash than those that keep rows back.
    return int(hashlib.sha256(row_id.encode()).hexdigest()[8:16], 16) % one_in == 0


def _counted(finder: StemFinder, language: str, rows: Iterator[Row]) -> Counter[str]:
    """Count the texts that hold each stem."""
    counts: Counter[str] = Counter()
    while batch := list(islice(rows, BATCH)):
        for stems in finder.find([Text(row.text, language) for row in batch]):
            counts.update({stem.name for stem in stems})
    return counts
