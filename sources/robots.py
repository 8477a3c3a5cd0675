"""robots.txt: read once per host and crawl, and obeyed (RFC 9309)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import httpx
from protego import Protego

from domain.errors import RobotsRefused
from sources.addresses import origin_of, shown

#: RFC 9309 asks for at least 500 KiB; what lies behind is not read.
MAX_ROBOTS_BYTES = 512 * 1024
#: Hosts whose rules one crawl remembers; a crawl meets one or two.
MAX_ORIGINS = 64

_OWNER_REFUSES = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """What the host answered for /robots.txt: a final status and the first bytes."""

    status: int
    body: bytes = b""


class RobotsRules:
    """One host's rules for us."""

    def __init__(self, file: RobotsFile, agent: str) -> None:
        self._agent = agent
        self.status = file.status
        readable = httpx.codes.is_success(file.status)
        text = file.body.decode("utf-8", errors="replace") if readable else ""
        self._rules = Protego.parse(text.removeprefix("\ufeff"))

    def allows(self, url: httpx.URL) -> bool:
        """Whether we may read the page."""
        if self.status in _OWNER_REFUSES:
            return False
        return bool(self._rules.can_fetch(str(url), self._agent))

    @property
    def crawl_delay(self) -> float:
        """Seconds the host wants between two of our requests; 0 where it says nothing."""
        return float(self._rules.crawl_delay(self._agent) or 0.0)


class RobotsBook:
    """The rules of every host one crawl meets.

    `fetch` answers the file of an origin, its redirects followed; 5xx, time-outs and
    unreachable hosts are raised by it as transient errors: without an answer nothing is read.
    """

    def __init__(self, fetch: Callable[[httpx.URL], RobotsFile], *, user_agent: str) -> None:
        self._fetch = fetch
        # The product token alone: rules for "github" do not mean an agent that links there.
        self._agent = user_agent.partition("/")[0].strip() or "*"
        self._known: dict[str, RobotsRules] = {}

    def rules(self, url: httpx.URL) -> RobotsRules:
        """Return the rules of the page's origin, read on the first call.

        Raises:
            TransientError: the file could not be read now.
            SourceError: the host cannot be read at all.
        """
        origin = origin_of(url)
        if origin not in self._known:
            while len(self._known) >= MAX_ORIGINS:
                self._known.pop(next(iter(self._known)))
            file = self._fetch(httpx.URL(f"{origin}/robots.txt"))
            self._known[origin] = RobotsRules(file, self._agent)
        return self._known[origin]

    def check(self, url: httpx.URL, *, longest_delay: float) -> float:
        """Return the crawl delay, in seconds, of a page we may read.

        Raises:
            RobotsRefused: we may not, or only more slowly than `longest_delay` allows.
            TransientError: robots.txt could not be read now.
        """
        rules = self.rules(url)
        origin = origin_of(url)
        if rules.status in _OWNER_REFUSES:
            raise RobotsRefused(f"{origin}/robots.txt answers {rules.status}: nothing may be read")
        if not rules.allows(url):
            raise RobotsRefused(f"{origin}/robots.txt forbids {shown(str(url))}")
        if rules.crawl_delay > longest_delay:
            raise RobotsRefused(
                f"{origin}/robots.txt asks for {rules.crawl_delay:g} seconds between pages; "
                f"EC_CRAWL__MAX_RETRY_AFTER allows {longest_delay:g}"
            )
        return rules.crawl_delay
