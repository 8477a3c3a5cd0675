"""The lines of an open file, none of them longer than is good for us."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from pathlib import Path

from domain.errors import SourceUnavailable
from sources.file_rows import Ending, changed_since

#: A longer line is refused and its first part kept.
MAX_LINE_BYTES = 4_000_000
#: A line that has not ended here never will: the bound on gzip bombs without newlines.
MAX_SKIPPED_BYTES = 64_000_000
_CHUNK = 262_144


class LongLine(bytes):
    """The first part of a line over the limit; the rest was skipped."""

    __slots__ = ()


class LineStream:
    """Reads lines; `offset` is behind the last one, `ended` tells of an early end."""

    def __init__(self, stream: io.BufferedIOBase, path: Path, offset: int = 0) -> None:
        self._stream = stream
        self._path = path
        self.offset = offset
        self.ended: Ending | None = None

    def read(self) -> bytes | None:
        """Return the next line with its newline, a `LongLine`, or None at the end.

        Raises:
            SourceUnavailable: the operating system failed to read.
        """
        line = self._take(self._stream.readline, MAX_LINE_BYTES + 1)
        if len(line) > MAX_LINE_BYTES:
            return self._skip_rest(line)
        return line or None

    def read_some(self, size: int) -> bytes:
        """Return at most `size` bytes, none at the end."""
        return self._take(self._stream.read1, size)

    def seek(self, offset: int) -> None:
        """Stand at `offset` of a plain file."""
        if self._stream.seek(0, io.SEEK_END) < offset:
            self.ended = self._changed()
        self.offset = self._stream.seek(offset)

    def skip(self, size: int) -> None:
        """Read and drop `size` bytes; a file that has fewer is not the one it was."""
        target = self.offset + size
        while self.offset < target:
            piece = self._take(self._stream.read1, min(target - self.offset, _CHUNK))
            if not piece:
                self.ended = self.ended or self._changed()
                return

    def _changed(self) -> Ending:
        return changed_since(self._path, "it is shorter")

    def _skip_rest(self, line: bytes) -> LongLine:
        first, last, end = LongLine(line[:MAX_LINE_BYTES]), line, self.offset + MAX_SKIPPED_BYTES
        while last and not last.endswith(b"\n"):
            if self.offset > end:
                message = f"a line of {self._path} has over {MAX_SKIPPED_BYTES:,} bytes"
                self.ended = Ending("line_too_long", message, is_damage=True)
                break
            last = self._take(self._stream.readline, _CHUNK)
        return first

    def _take(self, read: Callable[[int], bytes], size: int) -> bytes:
        """Read bytes; damage is an early end and no error, for good rows came before it."""
        if self.ended is not None:
            return b""
        try:
            piece = read(size)
        except EOFError:
            self.ended = Ending(
                "file_truncated",
                f"{self._path} is cut off: its gzip data ends early",
                is_damage=True,
            )
        except (gzip.BadGzipFile, zlib.error) as error:
            self.ended = Ending("file_damaged", f"{self._path} is damaged: {error}", is_damage=True)
        except OSError as error:
            reason = error.strerror or str(error)
            raise SourceUnavailable(f"{self._path} could not be read: {reason}") from error
        else:
            self.offset += len(piece)
            return piece
        return b""
