"""The polite fetcher: one page at a time, at the pace and within the bounds of the settings."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType

import httpx

from domain.errors import (
    AddressRefused,
    LoginRequired,
    MalformedPage,
    RateLimited,
    SourceUnavailable,
    TooManyRedirects,
    TransientError,
)
from settings.models import CrawlSettings
from sources import answers, bodies
from sources.addresses import shown, site_of, web_address
from sources.connections import CheckedTransport
from sources.deadlines import Deadline
from sources.edge_errors import translated
from sources.login_walls import leads_to_login
from sources.networks import NetworkPolicy, Resolver
from sources.pacing import Pacer, backoff
from sources.page_cache import CachedPage, PageCache, Validators
from sources.robots import MAX_ROBOTS_BYTES, RobotsBook, RobotsFile

#: Redirects of robots.txt followed; RFC 9309 asks for five.
ROBOTS_REDIRECTS = 5
#: A jar fuller than this is a trap; it is emptied.
MAX_COOKIES = 50


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page as it came: `url` is where it was found in the end."""

    url: httpx.URL
    page: CachedPage
    #: The server said that our copy is still good.
    from_cache: bool = False
    #: It can be asked for again by its validators, and the server does not forbid to keep it.
    keepable: bool = False


class Fetcher:
    """Fetches pages for one crawl. Not thread-safe; close it, or use it in a `with`.

    Robots rules, pace, address checks, redirects, size, time and retries are all here, so
    that no other module can forget one of them.
    """

    def __init__(
        self,
        settings: CrawlSettings,
        *,
        pacer: Pacer,
        cache: PageCache,
        clock: Callable[[], datetime],
        validators: Mapping[str, Validators] | None = None,
        resolver: Resolver = socket.getaddrinfo,
    ) -> None:
        self._settings = settings
        self._pacer = pacer
        self._cache = cache
        self._clock = clock
        self._validators = validators or {}
        self._policy = NetworkPolicy(settings.allowed_private_hosts, resolver=resolver)
        self._deadline = Deadline()
        self._robots = RobotsBook(self._fetch_robots, user_agent=settings.user_agent)
        self._client = self._new_client()

    def _new_client(self) -> httpx.Client:
        settings = self._settings
        return httpx.Client(
            transport=CheckedTransport(self._policy, self._deadline),
            trust_env=False,  # a proxy would resolve names itself, behind our checks
            follow_redirects=False,
            timeout=httpx.Timeout(settings.read_timeout, connect=settings.connect_timeout),
            headers={
                "User-Agent": settings.user_agent,
                "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.1",
                "Accept-Language": "ko,en;q=0.7",
                "Accept-Encoding": bodies.ACCEPT_ENCODING,
            },
        )

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def get(self, url: httpx.URL) -> FetchedPage:
        """Return the page, trying again politely where a failure may pass.

        Raises:
            TransientError: it still fails after `page_attempts` tries, or asks for a longer
                rest than `max_retry_after`.
            SourceError: it cannot be read, by name.
        """
        attempts = self._settings.page_attempts
        for attempt in range(1, attempts):
            try:
                return self._attempt(url)
            except TransientError as error:
                if (error.retry_after or 0.0) > self._settings.max_retry_after:
                    raise
                asked = error.retry_after
                self._pacer.hold(site_of(url), backoff(attempt) if asked is None else asked)
        return self._attempt(url)

    def _attempt(self, url: httpx.URL) -> FetchedPage:
        """Follow redirects by hand: each hop is checked like a first page."""
        self._deadline.start(self._settings.total_timeout)
        asked, visited = url, {str(url)}
        for _ in range(self._settings.max_redirects + 1):
            delay = self._may_read(url)
            found = self._exchange(url, delay=delay)
            if isinstance(found, FetchedPage):
                return found
            if leads_to_login(asked, found):
                raise LoginRequired(f"{shown(str(asked))} leads to a login page")
            if str(found) in visited:
                raise TooManyRedirects(f"{shown(str(asked))} redirects in a circle")
            visited.add(str(found))
            url = found
        limit = self._settings.max_redirects
        raise TooManyRedirects(f"{shown(str(asked))} redirects more than {limit} times")

    def _may_read(self, url: httpx.URL) -> float:
        self._policy.check_port(url)
        return self._robots.check(url, longest_delay=self._settings.max_retry_after)

    def _exchange(
        self, url: httpx.URL, *, delay: float, conditional: bool = True
    ) -> FetchedPage | httpx.URL:
        """Return the page, or the address it redirects to."""
        kept = self._cache.get(str(url)) if conditional else None
        known = kept.validators if kept else self._validators.get(str(url), Validators())
        headers = known.headers() if conditional else {}
        with self._turn(url, delay):
            request = self._client.build_request("GET", url, headers=headers)
            response = self._client.send(request, stream=True)
            try:
                found = self._read(response, kept)
            finally:
                response.close()
                self._tidy_cookies()
        # A 304 to somebody else's validators, and no copy here: ask again for the whole page.
        return found or self._exchange(url, delay=delay, conditional=False)

    @contextmanager
    def _turn(self, url: httpx.URL, delay: float) -> Iterator[None]:
        """Hold a turn at the host; the page's budget runs only inside, not while we wait."""
        settings = self._settings
        interval = max(1.0 / settings.requests_per_second, delay)
        turn = self._pacer.turn(
            site_of(url), interval=interval, concurrency=settings.concurrency_per_host
        )
        with turn, self._deadline.running(), translated(str(url)):
            yield

    def _read(
        self, response: httpx.Response, kept: CachedPage | None
    ) -> FetchedPage | httpx.URL | None:
        if response.status_code == answers.NOT_MODIFIED:
            return FetchedPage(response.url, kept, from_cache=True) if kept else None
        if response.status_code in answers.REDIRECTS:
            return redirect_target(response)
        answers.check_status(response, clock=self._clock)
        page = CachedPage(
            content_type=answers.check_type(response),
            charset=answers.charset_of(response),
            body=self._body(response),
            link=response.headers.get("link", "")[: 8 * 1024],
            validators=Validators(
                response.headers.get("etag"), response.headers.get("last-modified")
            ),
        )
        allowed = "no-store" not in response.headers.get("cache-control", "")
        return FetchedPage(response.url, page, keepable=bool(page.validators) and allowed)

    def _body(self, response: httpx.Response) -> bytes:
        limit = self._settings.max_body_bytes
        if answers.declared_length(response.headers) > limit:
            raise bodies.too_large(limit)
        encoding = response.headers.get("content-encoding", "")
        return bodies.read_body(response.iter_raw(), encoding=encoding, limit=limit)

    def _tidy_cookies(self) -> None:
        if len(self._client.cookies.jar) > MAX_COOKIES:
            self._client.cookies.clear()

    def _fetch_robots(self, url: httpx.URL) -> RobotsFile:
        for _ in range(ROBOTS_REDIRECTS + 1):
            self._policy.check_port(url)
            with self._turn(url, 0.0):
                request = self._client.build_request("GET", url)
                response = self._client.send(request, stream=True)
                try:
                    if response.status_code not in answers.REDIRECTS:
                        return self._robots_file(response)
                    url = redirect_target(response)
                finally:
                    response.close()
        # RFC 9309, 2.3.1.2: after five redirects the file counts as not there.
        return RobotsFile(status=httpx.codes.NOT_FOUND)

    def _robots_file(self, response: httpx.Response) -> RobotsFile:
        status = response.status_code
        if status == httpx.codes.TOO_MANY_REQUESTS:
            wait = answers.retry_after(response.headers, now=self._clock())
            raise RateLimited(f"{response.url} answers {status}", retry_after=wait)
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise SourceUnavailable(f"{response.url} answers {status}: without it nothing is read")
        if not httpx.codes.is_success(status):
            return RobotsFile(status)
        encoding = response.headers.get("content-encoding", "")
        pieces = response.iter_raw()
        body = bodies.read_body(pieces, encoding=encoding, limit=MAX_ROBOTS_BYTES, cut=True)
        return RobotsFile(status, body)


def redirect_target(response: httpx.Response) -> httpx.URL:
    """Return the address a redirect leads to.

    Raises:
        AddressRefused: it is not one we read, or leaves https for http.
        MalformedPage: the redirect names none.
    """
    location = response.headers.get("location")
    if not location:
        status = response.status_code
        raise MalformedPage(f"{shown(str(response.url))} answers {status} and names no address")
    target = web_address(location, base=response.url)
    if response.url.scheme == "https" and target.scheme == "http":
        raise AddressRefused(f"{shown(str(response.url))} redirects from https to http; refused")
    return target
