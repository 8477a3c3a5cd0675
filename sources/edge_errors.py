"""Errors of the HTTP, TLS and compression libraries, given this project's names.

Nothing behind the fetcher sees an error of httpx, httpcore, h11, h2, ssl or zlib.
"""

from __future__ import annotations

import ssl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import h2.exceptions
import h11
import hpack
import httpcore
import httpx
import hyperframe.exceptions

from domain import errors
from sources.addresses import shown

type_of_error = type[errors.EmotionCardsError]

#: The nearest class of an error in its own family decides.
NAMES: dict[type[Exception], tuple[type_of_error, str]] = {
    httpx.HTTPError: (errors.SourceUnavailable, "the exchange failed"),
    httpx.TimeoutException: (errors.SourceUnavailable, "it did not answer in time"),
    httpx.NetworkError: (errors.SourceUnavailable, "it cannot be reached"),
    httpx.ProtocolError: (errors.SourceUnavailable, "the answer broke off or is not HTTP"),
    httpx.ProxyError: (errors.SourceUnavailable, "a proxy failed"),
    httpx.DecodingError: (errors.MalformedPage, "the body's compression is broken"),
    httpx.TooManyRedirects: (errors.TooManyRedirects, "it redirects too often"),
    httpx.UnsupportedProtocol: (errors.AddressRefused, "only http and https are read"),
    httpx.LocalProtocolError: (errors.AddressRefused, "the address makes no valid request"),
    httpx.InvalidURL: (errors.AddressRefused, "the address is not valid"),
    httpx.CookieConflict: (errors.MalformedPage, "its cookies contradict each other"),
    httpx.StreamError: (errors.SourceUnavailable, "the body cannot be read"),
    httpcore.TimeoutException: (errors.SourceUnavailable, "it did not answer in time"),
    httpcore.NetworkError: (errors.SourceUnavailable, "it cannot be reached"),
    httpcore.ProtocolError: (errors.SourceUnavailable, "the answer broke off or is not HTTP"),
    httpcore.ProxyError: (errors.SourceUnavailable, "a proxy failed"),
    httpcore.ConnectionNotAvailable: (errors.SourceUnavailable, "the connection was lost"),
    httpcore.UnsupportedProtocol: (errors.AddressRefused, "only http and https are read"),
    httpcore.LocalProtocolError: (errors.AddressRefused, "the address makes no valid request"),
    h11.ProtocolError: (errors.SourceUnavailable, "the answer is not HTTP"),
    h2.exceptions.H2Error: (errors.SourceUnavailable, "the answer is not HTTP/2"),
    hpack.HPACKError: (errors.SourceUnavailable, "the answer is not HTTP/2"),
    hyperframe.exceptions.HyperframeError: (errors.SourceUnavailable, "the answer is not HTTP/2"),
    ssl.SSLError: (errors.SourceUnavailable, "the secure connection broke"),
    OSError: (errors.SourceUnavailable, "it cannot be reached"),
    zlib.error: (errors.MalformedPage, "the body's compression is broken"),
}


def named(error: Exception, where: str) -> errors.EmotionCardsError:
    """Return this project's error for one of a library's; `where` is the page's address."""
    kind, words = next(NAMES[base] for base in type(error).__mro__ if base in NAMES)
    detail = shown(" ".join(str(error).split()))
    return kind(f"{shown(where)}: {words}{f' ({detail})' if detail else ''}")


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Raise the named error for any library error inside the block."""
    try:
        yield
    except tuple(NAMES) as error:
        raise named(error, where) from error
