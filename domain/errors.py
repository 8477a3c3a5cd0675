"""Every error this project raises on purpose.

EmotionCardsError
├── TransientError            worth another try
│   ├── SourceUnavailable     unreachable host, 5xx, time-out
│   ├── RateLimited           429 or 503 with Retry-After
│   ├── StoreUnavailable      a store did not answer
│   ├── LeaseLost             somebody else holds the work now
│   └── ProductBusy           its product is under an analysis of another kind
└── PermanentError            trying again gives the same answer
    ├── InvalidRequest        the caller's words are off
    ├── RequestNotFound       no such task_id
    ├── IllegalMove           a request state that may not follow the present one
    ├── RequestCancelled      the user stopped it
    ├── StoreRejected         a store refused a document or a row
    ├── InvariantBroken       an integrity check found a difference
    ├── Fault                 a fault of this program, written down with the request
    ├── AnalyzerCrashed       the analyzer raised instead of returning a failure
    ├── AnalyzerModelUnusable an adapted model is gone, broken, or of other feature rules
    ├── ValidationSetStale    the shipped validation set is of other feature rules
    ├── PromotionOvertaken    another model was put in force in the meantime
    ├── WordCountDied         the process that counts words ended before its time
    ├── ReanalysisIncomplete  some of many products could not be re-analysed
    ├── ReanalysisWorse       more reviews without a card than the result it would replace
    └── SourceError
        ├── AddressRefused    private network, forbidden scheme
        ├── HostNotFound      DNS has no such name
        ├── CertificateInvalid
        ├── PageNotFound      404, 410
        ├── AccessDenied      401, 403
        ├── RobotsRefused     robots.txt forbids it
        ├── LoginRequired     the page is a login wall
        ├── NoReviewsFound    a page without reviews
        ├── BodyTooLarge      body or decompressed body over the limit
        ├── TooManyRedirects
        ├── UndecodableText   bytes that are in no charset we know
        ├── MalformedPage     a page that cannot be read at all
        ├── FileUnreadable    missing, empty, or of an unknown form
        └── ColumnMissing     a file without a column the mapping names

`code` is stable and is what programs, request rows and quarantine reasons carry;
the message is one line for a person.
"""

from __future__ import annotations

import re
from typing import ClassVar

from domain.masking import mask


class EmotionCardsError(Exception):
    """Base of all errors raised on purpose."""

    code = "error"
    _by_code: ClassVar[dict[str, type[EmotionCardsError]]] = {}

    def __init__(self, message: str = "") -> None:
        # A message may quote what a source gave, and goes to stores and logs.
        super().__init__(mask(message).text)

    def __init_subclass__(cls) -> None:
        cls.code = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()
        cls._by_code[cls.code] = cls

    @classmethod
    def from_code(cls, code: str, message: str) -> EmotionCardsError:
        """Return the error that was written down as `code` and `message`."""
        return cls._by_code.get(code, PermanentError)(message)

    @property
    def line(self) -> str:
        """The error as one line for a person."""
        return " ".join(str(self).split()) or self.code


class TransientError(EmotionCardsError):
    """Worth another try; `retry_after` seconds if the other side named a time."""

    def __init__(self, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PermanentError(EmotionCardsError):
    """Trying again gives the same answer."""


class SourceUnavailable(TransientError):
    """The host did not answer, or answered with a server error."""


class RateLimited(TransientError):
    """The host asked us to come back later."""


class StoreUnavailable(TransientError):
    """A store did not answer."""


class LeaseLost(TransientError):
    """The lease on a piece of work has passed to somebody else; nothing was written."""


class ProductBusy(TransientError):
    """The product is under an analysis that this request can neither join nor run beside."""


class InvalidRequest(PermanentError):
    """The request cannot be understood."""


class RequestNotFound(PermanentError):
    """There is no request with this task_id."""


class IllegalMove(PermanentError):
    """The request is not in a state this move may start from."""


class RequestCancelled(PermanentError):
    """The user cancelled the request."""


class StoreRejected(PermanentError):
    """A store refused a document or a row."""


class InvariantBroken(PermanentError):
    """An integrity check found a difference."""


class Fault(PermanentError):
    """A fault of this program: what nobody meant to raise."""


class AspectTermsInvalid(PermanentError):
    """The file of aspect terms that the settings name cannot be read."""


class AnalyzerModelUnusable(PermanentError):
    """An adapted model is gone, broken, or made by other feature rules than these."""


class ValidationSetStale(PermanentError):
    """The validation set of the package was made by other feature rules or word lists."""


class PromotionOvertaken(PermanentError):
    """Another model was put in force since the one to be promoted was judged."""


class AnalyzerCrashed(PermanentError):
    """The analyzer raised something; the chunk's try is counted and it is isolated."""


class WordCountDied(PermanentError):
    """The process that counts a product's words ended before its time, perhaps for its memory."""


class ReanalysisIncomplete(PermanentError):
    """Some of many products could not be re-analysed; the others were."""


class ReanalysisWorse(PermanentError):
    """The analyzer gave up on more reviews than in the result that would be replaced."""


class SourceError(PermanentError):
    """The source cannot be read, now or later."""


class AddressRefused(SourceError):
    """The address is on a network or of a scheme the settings do not allow."""


class HostNotFound(SourceError):
    """DNS has no such name."""


class CertificateInvalid(SourceError):
    """The TLS certificate or handshake is not acceptable."""


class PageNotFound(SourceError):
    """404 or 410."""


class AccessDenied(SourceError):
    """401 or 403."""


class RobotsRefused(SourceError):
    """robots.txt forbids the page to us."""


class LoginRequired(SourceError):
    """The page is a login wall."""


class NoReviewsFound(SourceError):
    """The source was read and holds no review."""


class BodyTooLarge(SourceError):
    """The body, or what it decompresses to, is over the limit."""


class TooManyRedirects(SourceError):
    """More redirects than allowed, or a loop."""


class UndecodableText(SourceError):
    """The bytes are text in no charset we know."""


class MalformedPage(SourceError):
    """The page cannot be read at all."""


class FileUnreadable(SourceError):
    """The file is missing, empty, truncated or of an unknown form."""


class ColumnMissing(SourceError):
    """The file lacks a column that the mapping names."""
