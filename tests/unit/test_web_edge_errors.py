"""No error of a library gets past the fetcher."""

from __future__ import annotations

import ssl
import zlib

import h2.exceptions
import h11
import httpcore
import httpx
import pytest

from domain.errors import EmotionCardsError, SourceUnavailable
from sources.edge_errors import NAMES, named, translated


def classes_of(module: object) -> list[type[Exception]]:
    found = [value for value in vars(module).values() if isinstance(value, type)]
    return [value for value in found if issubclass(value, Exception)]


LIBRARY_ERRORS = {
    *classes_of(httpx),
    *classes_of(httpcore),
    *classes_of(h11),
    *classes_of(h2.exceptions),
    *classes_of(ssl),
    zlib.error,
    TimeoutError,
    ConnectionResetError,
    BrokenPipeError,
}


def made(kind: type[Exception]) -> Exception:
    """Return an instance without caring for its constructor."""
    error = kind.__new__(kind)
    Exception.__init__(error, "what\nhappened")
    # Some of h2's messages are made of these.
    vars(error).update(stream_id=1, max_stream_id=2, expected_length=3, actual_length=4)
    return error


@pytest.mark.parametrize("kind", sorted(LIBRARY_ERRORS, key=repr))
def test_every_library_error_has_a_name(kind: type[Exception]) -> None:
    error = named(made(kind), "http://shop.example/p")
    assert isinstance(error, EmotionCardsError)
    assert "\n" not in error.line
    assert error.line.startswith("http://shop.example/p: ")


def test_httpx_has_no_error_outside_the_table() -> None:
    assert len([kind for kind in LIBRARY_ERRORS if kind.__module__.startswith("httpx")]) >= 25
    for kind in LIBRARY_ERRORS:
        assert any(base in NAMES for base in kind.__mro__), kind


def test_our_own_errors_pass_unchanged() -> None:
    ours = SourceUnavailable("as it is")
    with pytest.raises(SourceUnavailable) as caught, translated("http://shop.example/"):
        raise ours
    assert caught.value is ours


def test_other_errors_are_not_hidden() -> None:
    with pytest.raises(KeyError), translated("http://shop.example/"):
        raise KeyError("a mistake of ours")
