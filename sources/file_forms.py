"""Telling what form a file of reviews has: by its first bytes, then by its name."""

from __future__ import annotations

from pathlib import Path

from domain.errors import FileUnreadable
from sources.csv_rows import CsvRows
from sources.file_rows import RowReader
from sources.jsonl_rows import JsonlRows
from sources.text_file import GZIP_MAGIC, TextFile, check_file, raw_head

_PARQUET_MAGIC = b"PAR1"
_ZIP_MAGIC = b"PK\x03\x04"
_JSONL_NAMES = frozenset({".jsonl", ".ndjson", ".json"})
_CSV_NAMES = frozenset({".csv", ".tsv"})


def open_rows(path: Path, encoding: str | None) -> RowReader:
    """Return the reader for a file.

    Raises:
        FileUnreadable: missing, empty, a folder, or of a form we do not read.
        SourceUnavailable: the operating system failed to read it.
    """
    check_file(path)
    magic = raw_head(path, 4)
    suffix = _suffix(path)
    if magic == _PARQUET_MAGIC or suffix == ".parquet":
        return _parquet(path, magic)
    if magic == _ZIP_MAGIC:
        raise FileUnreadable(
            f"{path} is a ZIP archive or an Excel workbook; save it as CSV, JSON Lines or Parquet"
        )
    if path.suffix.lower() == ".gz" and not magic.startswith(GZIP_MAGIC):
        raise FileUnreadable(f"{path} is named .gz and is not gzip")
    file = TextFile(path)
    if suffix in _JSONL_NAMES or (suffix not in _CSV_NAMES and _looks_like_json(file, encoding)):
        return JsonlRows(file, encoding)
    return CsvRows(file, encoding)


def bare_name(path: Path) -> str:
    """Return the file's name without the endings that tell its form."""
    name = path.stem if path.suffix.lower() == ".gz" else path.name
    return Path(name).stem or path.name


def _suffix(path: Path) -> str:
    return (Path(path.stem) if path.suffix.lower() == ".gz" else path).suffix.lower()


def _parquet(path: Path, magic: bytes) -> RowReader:
    if magic != _PARQUET_MAGIC:
        raise FileUnreadable(f"{path} is named .parquet and is not Parquet")
    # The library takes a third of a second to import, and most files are not Parquet.
    from sources.parquet_rows import ParquetRows

    return ParquetRows(path)


def _looks_like_json(file: TextFile, encoding: str | None) -> bool:
    """Whether a file of an unknown name is JSON Lines; otherwise it is CSV.

    Raises:
        FileUnreadable: it is neither.
    """
    name = file.encoding(encoding)
    start = file.head[:4096].decode(name, "replace").lstrip("\ufeff \t\r\n")
    first_line = start.partition("\n")[0]
    is_json = start.startswith("{")
    if not is_json and ("\x00" in start or not any(mark in first_line for mark in ",;\t")):
        raise FileUnreadable(
            f"{file.path} is neither CSV, JSON Lines nor Parquet; "
            "name it .csv, .tsv, .jsonl or .parquet if it is one"
        )
    return is_json
