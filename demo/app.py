"""What the demo shop answers to which address."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from demo.catalog import Paging
from demo.linked_data import as_json, review_document
from demo.pages import Renderer
from demo.shelf import ShelfItem

#: A product that only members may see: asking for it leads to the login page.
MEMBERS_ONLY = "/products/members-only"
_ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /cart\nAllow: /\n"
_RETRY_AFTER = "1"
_HTML = "text/html"


class ShopPages:
    """The shop's endpoints over a shelf of products."""

    def __init__(self, shelf: Mapping[str, ShelfItem], renderer: Renderer) -> None:
        self._shelf = shelf
        self._renderer = renderer

    def application(self) -> Starlette:
        """Return the ASGI application."""
        routes = [
            Route("/", self.front),
            Route("/robots.txt", self.robots),
            Route("/images/{name}.svg", self.picture),
            Route(MEMBERS_ONLY, self.members_only),
            Route("/products/{slug}", self.product),
            Route("/products/{slug}/reviews.json", self.more),
            Route("/login", self.login, methods=["GET", "POST"]),
            Route("/cart", self.cart),
            Route("/admin/{path:path}", self.admin),
        ]
        return Starlette(routes=routes, exception_handlers={404: self._not_found})

    async def front(self, _request: Request) -> Response:
        """List the products."""
        return _html(self._renderer.front(self._shelf.values()))

    async def robots(self, _request: Request) -> Response:
        """Tell crawlers where to go."""
        return PlainTextResponse(_ROBOTS)

    async def product(self, request: Request) -> Response:
        """Show a page of a product, or "not modified"."""
        item, number = self._asked_for(request)
        if item.too_many(number):
            return self._too_many()
        if number == 1 and request.method == "GET":
            item.tag.visit()
        charset = item.product.charset
        body = self._renderer.product(item, number).encode(_codec(charset))
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        headers = {
            "ETag": etag,
            "Last-Modified": format_datetime(item.modified.astimezone(UTC), usegmt=True),
            "Cache-Control": "no-cache",
        }
        if _is_fresh(request, etag, item.modified):
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type=f"{_HTML}; charset={charset}")

    async def more(self, request: Request) -> Response:
        """Answer the "more reviews" button: `reviews`, `next` (or null) and `total`."""
        item, number = self._asked_for(request)
        if item.product.paging is not Paging.LOAD_MORE:
            raise HTTPException(404)
        scale, path = item.summary.scale, request.url.path
        answer = {
            "reviews": [review_document(review, scale) for review in item.page(number)],
            "next": f"{path}?page={number + 1}" if number < item.pages else None,
            "total": item.summary.count,
        }
        return Response(as_json(answer), media_type="application/json")

    async def picture(self, request: Request) -> Response:
        """Show a product's photo."""
        name = request.path_params["name"]
        kind = name if name == "shop" else self._item(name).product.kind
        return Response(self._renderer.picture(kind), media_type="image/svg+xml")

    async def members_only(self, _request: Request) -> Response:
        """Send a stranger to the login page."""
        return RedirectResponse(f"/login?next={MEMBERS_ONLY}", status_code=302)

    async def login(self, request: Request) -> Response:
        """Show the login form. Nobody gets in: the shop has no members."""
        target = request.query_params.get("next", "/")
        if request.method == "POST":
            page = self._renderer.login(target, "아이디나 비밀번호가 맞지 않습니다.")
            return _html(page, status=401)
        return _html(self._renderer.login(target))

    async def cart(self, _request: Request) -> Response:
        """Show an empty cart."""
        return _html(self._renderer.notice("장바구니", "아직 담은 상품이 없습니다."))

    async def admin(self, _request: Request) -> Response:
        """Keep everybody out."""
        return _html(self._renderer.notice("관리자 전용", "들어갈 수 없는 곳입니다."), status=403)

    def _asked_for(self, request: Request) -> tuple[ShelfItem, int]:
        """Return the product and the page number; 404 if either does not exist."""
        item = self._item(request.path_params["slug"])
        raw = request.query_params.get("page", "1")
        # At most nine digits: int() of a longer one costs more than the answer is worth.
        number = int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 9 else 0
        if not 1 <= number <= item.pages:
            raise HTTPException(404)
        return item, number

    def _item(self, slug: str) -> ShelfItem:
        try:
            return self._shelf[slug]
        except KeyError:
            raise HTTPException(404) from None

    def _too_many(self) -> Response:
        page = self._renderer.notice("잠시만요", "요청이 너무 많습니다. 잠시 뒤에 다시 와 주세요.")
        return _html(page, status=429, headers={"Retry-After": _RETRY_AFTER})

    async def _not_found(self, _request: Request, _error: Exception) -> Response:
        text = "찾으시는 페이지가 없습니다. 주소를 다시 확인해 주세요."
        return _html(self._renderer.notice("없는 페이지", text), status=404)


def _html(page: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(page, status_code=status, headers=headers, media_type=_HTML)


def _codec(charset: str) -> str:
    # On the web, "euc-kr" means Microsoft's superset of it.
    return "cp949" if charset == "euc-kr" else charset


def _is_fresh(request: Request, etag: str, modified: datetime) -> bool:
    """Whether the visitor's copy is still good; an ETag counts before a date (RFC 9110)."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in known or etag in known
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        seen = parsedate_to_datetime(since)
    except ValueError:  # not a date: the header is to be ignored
        return False
    return modified <= (seen if seen.tzinfo else seen.replace(tzinfo=UTC))
