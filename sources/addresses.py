"""Web addresses: which ones we read at all, and which ones mean the same page."""

from __future__ import annotations

import re
from urllib.parse import unquote

import httpx

from domain.errors import AddressRefused

#: Longer ones are traps (calendars, session ids piled up), not product pages.
MAX_URL_CHARS = 4000
DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_PORT = 65_535

#: Query parameters that number pages, lower-cased.
PAGE_PARAMS = frozenset(
    {"page", "paged", "pg", "cpage", "currentpage", "current_page"}
    | {"pageno", "page_no", "pagenum", "page_num", "pagenumber", "page_number"}
    | {"pageindex", "page_index", "reviewpage", "review_page", "reviewspage", "reviews_page"}
)
_TRACKING = re.compile(r"utm_\w*|gclid|dclid|fbclid|msclkid|igshid|napm|_ga", re.IGNORECASE)
_PAGE_PATH = re.compile(r"/page[/-](\d{1,7})/?$", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?|[0-9a-f:.]+")


def shown(raw: str) -> str:
    """Return an address as an error message shows it: short, printable, without a password."""
    without_secret = re.sub(r"//[^/@]*@", "//…@", raw)
    text = "".join(char if char.isprintable() else "?" for char in without_secret)
    return text if len(text) <= 200 else text[:199] + "…"


def web_address(raw: str, *, base: httpx.URL | None = None) -> httpx.URL:
    """Return the address without its fragment, checked in form; `base` resolves a relative one.

    Raises:
        AddressRefused: not http(s), with a user name, or of an odd form.
    """
    try:
        url = httpx.URL(raw.strip()) if base is None else base.join(raw.strip())
        url = url.copy_with(fragment=None)
        host = url.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused(f"{shown(raw)} is not a web address ({shown(str(error))})") from error
    problem = _problem(url, host)
    if problem:
        raise AddressRefused(f"{shown(raw)} is refused: {problem}")
    if url.port == DEFAULT_PORTS[url.scheme]:
        url = url.copy_with(port=None)
    return url


def _problem(url: httpx.URL, host: str) -> str | None:
    if url.scheme not in DEFAULT_PORTS:
        return f"only http and https are read, not {shown(url.scheme) or 'an empty scheme'}"
    if url.userinfo:
        return "user names and passwords in addresses are not used"
    if not _HOST.fullmatch(host):
        return "the host name is not one"
    if url.port is not None and not 0 < url.port <= MAX_PORT:
        return f"port {url.port} does not exist"
    if len(str(url)) > MAX_URL_CHARS:
        return f"it is longer than {MAX_URL_CHARS} characters"
    return None


def port_of(url: httpx.URL) -> int:
    """Return the port the address leads to."""
    return url.port or DEFAULT_PORTS[url.scheme]


def site_of(url: httpx.URL) -> str:
    """Return host, with the port if it is not the scheme's own."""
    host = url.raw_host.decode("ascii")
    host = f"[{host}]" if ":" in host else host.rstrip(".")
    return host if url.port is None else f"{host}:{url.port}"


def origin_of(url: httpx.URL) -> str:
    """Return scheme and site: the unit robots.txt speaks for."""
    return f"{url.scheme}://{site_of(url)}"


def query_pairs(url: httpx.URL) -> list[tuple[str, str]]:
    """Return the query as pairs of raw name and raw value, in order."""
    parts = [part for part in url.query.decode("ascii").split("&") if part]
    return [(name, value) for name, _, value in (part.partition("=") for part in parts)]


def with_query(url: httpx.URL, pairs: list[tuple[str, str]]) -> httpx.URL:
    """Return the address with another query, given as raw pairs."""
    query = "&".join(f"{name}={value}" if value else name for name, value in pairs)
    return url.copy_with(query=query.encode() or None)


def is_page_param(name: str, value: str) -> bool:
    """Whether a query pair numbers pages: `page=2`, not `page=product`."""
    return unquote(name).lower() in PAGE_PARAMS and value.isdecimal()


def page_number(url: httpx.URL) -> int | None:
    """Return the page number the address carries, None where it carries none."""
    for name, value in query_pairs(url):
        if is_page_param(name, value):
            return int(value[:9])
    match = _PAGE_PATH.search(url.path)
    return int(match[1]) if match else None


def at_page(url: httpx.URL, number: int) -> httpx.URL:
    """Return the same address for another page number, put where the present one stands."""
    pairs = query_pairs(url)
    for index, (name, value) in enumerate(pairs):
        if is_page_param(name, value):
            pairs[index] = (name, str(number))
            return with_query(url, pairs)
    return with_query(url, [*pairs, ("page", str(number))])


def canonical(url: httpx.URL) -> httpx.URL:
    """Return the address all pages and campaign links of one product share."""
    kept = [
        (name, value)
        for name, value in query_pairs(url)
        if not is_page_param(name, value) and not _TRACKING.fullmatch(unquote(name))
    ]
    raw_path = url.raw_path.partition(b"?")[0].decode("ascii")
    path = _PAGE_PATH.sub("", raw_path) or "/"
    return with_query(url.copy_with(raw_path=path.encode("ascii"), fragment=None), kept)


def name_from(url: httpx.URL) -> str:
    """Return a name for the product to show until the page tells its own."""
    parts = [part for part in canonical(url).path.split("/") if part]
    wordy = [part for part in parts if not part.isdecimal()]
    last = (wordy or parts or [site_of(url)])[-1]
    name = re.sub(r"\.(html?|php|aspx?|jsp|do)$", "", last)
    return re.sub(r"[-_+]+", " ", name).strip() or site_of(url)
