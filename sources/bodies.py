"""Bodies read piece by piece, never larger than allowed, compressed or not."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from domain.errors import BodyTooLarge, MalformedPage, SourceUnavailable

#: What we ask for, and all that we can take apart with a bound on memory.
ACCEPT_ENCODING = "gzip, deflate"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
#: Most bytes that come out of one call of the decompressor.
_STEP = 64 * 1024


def _inflate(pieces: Iterable[bytes], *, window: int) -> Iterator[bytes]:
    """Yield decompressed pieces of at most `_STEP` bytes: a bomb goes off in small steps."""
    inflater = zlib.decompressobj(window)
    started = False
    for piece in pieces:
        rest = piece
        while rest:
            if inflater.eof:  # gzip bodies may be several members in a row
                inflater = zlib.decompressobj(window)
            started = True
            yield inflater.decompress(rest, _STEP)
            rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    if started and not inflater.eof:
        yield from _drain(inflater)
        if not inflater.eof:
            raise SourceUnavailable("the compressed body broke off before its end")


def _drain(inflater: zlib._Decompress) -> Iterator[bytes]:
    """Yield what the decompressor still holds when all input has been given."""
    while out := inflater.decompress(b"", _STEP):
        yield out


def _deflate_window(first: bytes) -> int:
    """Return the window for "deflate", which is zlib's form by the book and raw in the wild."""
    zlib_form = len(first) > 1 and first[0] & 0x0F == 8 and int.from_bytes(first[:2]) % 31 == 0
    return zlib.MAX_WBITS if zlib_form else -zlib.MAX_WBITS


def _decoded(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    if encoding in ("", "identity"):
        return pieces
    if encoding in ("gzip", "x-gzip"):
        return _inflate(pieces, window=_GZIP_WINDOW)
    if encoding == "deflate":
        first = next((piece for piece in pieces if piece), b"")
        return _inflate(_chained(first, pieces), window=_deflate_window(first))
    raise MalformedPage(f"the body is compressed as {encoding[:40]!r}, which we did not ask for")


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _limited(pieces: Iterable[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise too_large(limit)
        yield piece


def too_large(limit: int) -> BodyTooLarge:
    """Return the error for a body over the limit."""
    return BodyTooLarge(
        f"the body is larger than {limit:,} bytes; EC_CRAWL__MAX_BODY_BYTES is the limit"
    )


def read_body(pieces: Iterable[bytes], *, encoding: str, limit: int, cut: bool = False) -> bytes:
    """Return the body as the server meant it, `limit` bytes at most on the wire and unpacked.

    `cut=True` returns the first `limit` bytes of a larger body instead of refusing it.

    Raises:
        BodyTooLarge: over the limit.
        MalformedPage: an encoding we did not ask for.
        SourceUnavailable: the compressed body breaks off.
        zlib.error: the compressed body is broken (named at the edge).
    """
    body = bytearray()
    raw = iter(pieces) if cut else _limited(pieces, limit)
    for piece in _decoded(iter(raw), encoding.strip().lower()):
        body += piece
        if len(body) > limit:
            if cut:
                return bytes(body[:limit])
            raise too_large(limit)
    return bytes(body)
