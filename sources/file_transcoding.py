"""UTF-16 and UTF-32 files as UTF-8, so that lines end in one byte."""

from __future__ import annotations

import codecs
import io

_CHUNK = 65_536


class Utf8Stream(io.RawIOBase):
    """The text of another stream as UTF-8, made piece by piece.

    A lone surrogate stays one (three bytes that are not UTF-8), so its row is found out as
    undecodable; other nonsense becomes U+FFFD.
    """

    def __init__(self, stream: io.BufferedIOBase, encoding: str) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
        self._ready = b""
        self._ended = False

    def readable(self) -> bool:
        """Say that this can be read; `io.BufferedReader` asks."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        """Fill the buffer with UTF-8; 0 at the end."""
        while not self._ready and not self._ended:
            piece = self._stream.read1(_CHUNK)
            self._ended = not piece
            self._ready = self._decode(piece).encode("utf-8", "surrogatepass")
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def close(self) -> None:
        """Close the stream below too."""
        self._stream.close()
        super().close()

    def _decode(self, piece: bytes) -> str:
        try:
            return self._decoder.decode(piece, self._ended)
        except UnicodeDecodeError:
            self._decoder.errors = "replace"
            try:
                return self._decoder.decode(piece, self._ended)
            finally:
                self._decoder.errors = "surrogatepass"
