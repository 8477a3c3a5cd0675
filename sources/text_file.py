"""A text file on disk: plain or gzip, in any encoding, opened at any offset."""

from __future__ import annotations

import codecs
import errno
import gzip
import hashlib
import io
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from domain.errors import FileUnreadable, SourceUnavailable
from sources.file_encoding import find_encoding, is_wide, known_encoding
from sources.file_lines import LineStream
from sources.file_transcoding import Utf8Stream

GZIP_MAGIC = b"\x1f\x8b"
#: Enough to see the encoding, cheap to read.
HEAD_BYTES = 262_144
#: What an estimate of the number of lines looks at, packed and unpacked.
_ESTIMATE_BYTES = 65_536
_ESTIMATE_UNPACKED = 8_000_000
_BUFFER = 262_144
#: Trying again does not make such a path better.
_IMPOSSIBLE = frozenset({errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL})
#: What a file is known again by.
_MARKED_BYTES = 4096


@contextmanager
def file_errors(path: Path) -> Iterator[None]:
    """Translate the operating system's errors about a file into ours."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise FileUnreadable(f"there is no file {path}") from None
    except PermissionError:
        raise FileUnreadable(f"there is no permission to read {path}") from None
    except OSError as error:
        if error.errno in _IMPOSSIBLE:
            raise FileUnreadable(f"{str(path)[:200]} is no path of a file") from None
        raise SourceUnavailable(f"{path} could not be read: {error.strerror or error}") from error


def check_file(path: Path) -> None:
    """Make sure that there is something to read.

    Raises:
        FileUnreadable: missing, empty, or not a file.
    """
    with file_errors(path):
        found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise FileUnreadable(f"{path} is a folder, not a file")
    if not stat.S_ISREG(found.st_mode):
        raise FileUnreadable(f"{path} is not a regular file")
    if found.st_size == 0:
        raise FileUnreadable(f"{path} is empty")


def raw_head(path: Path, size: int) -> bytes:
    """Return the first bytes of a file as they are on disk."""
    with file_errors(path), path.open("rb") as stream:
        return stream.read(size)


def fingerprint(path: Path, known: str = "") -> str:
    """Return a mark of a file's first bytes; like `known`, of as many bytes as that one.

    A file that only grew since keeps its mark.
    """
    size = int(known.partition(":")[0] or _MARKED_BYTES)
    head = raw_head(path, size)
    return f"{len(head)}:{hashlib.blake2b(head, digest_size=12).hexdigest()}"


class TextFile:
    """One text file. Nothing stays open between two reads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._packed = raw_head(path, 2) == GZIP_MAGIC

    @cached_property
    def head(self) -> bytes:
        """The first bytes of the text, unpacked but in the file's encoding.

        Raises:
            FileUnreadable: there is no text: an empty or damaged gzip file.
        """
        with self._bytes() as stream:
            lines, pieces = LineStream(stream, self.path), []
            while lines.offset < HEAD_BYTES and (piece := lines.read_some(HEAD_BYTES)):
                pieces.append(piece)
        if not pieces:
            raise FileUnreadable(lines.ended.message if lines.ended else f"{self.path} is empty")
        return b"".join(pieces)

    def encoding(self, asked: str | None) -> str:
        """Return the encoding that was asked for, or the one the first bytes are in.

        Raises:
            FileUnreadable: there is no encoding of that name.
        """
        found = find_encoding(self.head, whole=len(self.head) < HEAD_BYTES)
        if asked is None:
            return found
        known = known_encoding(asked)
        if known in {"utf-16", "utf-32"}:
            # Without a byte order mark there is only custom to go by: little end first.
            return found if found.startswith(known) else f"{known}-le"
        return known

    @contextmanager
    def lines(self, encoding: str, offset: int) -> Iterator[LineStream]:
        """Open the file and stand at `offset`, in bytes of the text as `lines` gives it.

        Lines of UTF-16 and UTF-32 come as UTF-8 (`line_encoding`), others as they are.
        """
        with self._bytes() as stream:
            text = io.BufferedReader(Utf8Stream(stream, encoding)) if is_wide(encoding) else stream
            with text:
                lines = LineStream(text, self.path)
                self._stand_at(offset, lines, encoding)
                yield lines

    def line_estimate(self) -> int:
        """Guess the number of lines from the first 64 kB; exact where these are the file."""
        head = raw_head(self.path, _ESTIMATE_BYTES)
        with file_errors(self.path):
            size = self.path.stat().st_size
        text, used = head, len(head)
        if self._packed:
            unpacker = zlib.decompressobj(wbits=31)
            try:
                text = unpacker.decompress(head, _ESTIMATE_UNPACKED)
            except zlib.error:
                return 0
            used -= len(unpacker.unconsumed_tail) + len(unpacker.unused_data)
        seen = text.count(b"\n")
        if used >= size:
            return seen + (not text.endswith(b"\n"))
        return max(1, round(seen * size / used))

    def _stand_at(self, offset: int, lines: LineStream, encoding: str) -> None:
        if offset == 0:
            # A mark is dropped as it comes out of `lines`: as UTF-8.
            unicode = line_encoding(encoding) == "utf-8"
            if unicode and self.head.startswith("\ufeff".encode(encoding)):
                lines.skip(len(codecs.BOM_UTF8))
        elif self._packed or is_wide(encoding):
            lines.skip(offset)
        else:
            lines.seek(offset)

    def _bytes(self) -> io.BufferedIOBase:
        with file_errors(self.path):
            if self._packed:
                return gzip.GzipFile(self.path)
            return io.BufferedReader(io.FileIO(self.path), _BUFFER)


def line_encoding(encoding: str) -> str:
    """Return what the lines of a file in `encoding` are in."""
    return "utf-8" if is_wide(encoding) else encoding
