"""The demo shop: a small web shop on loopback with reviews to crawl.

Alone: `python -m demo.shop --port 8080`. In a program: `with DemoShop() as shop: …`.
"""

from __future__ import annotations

import signal
import threading
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import Annotated, NamedTuple

import typer

from demo.app import ShopPages
from demo.catalog import Paging, Product, Syntax, load_products
from demo.pages import Renderer
from demo.review_file import ReviewFile
from demo.reviews import WrittenReviews
from demo.sentences import load_phrasebook
from demo.server import LoopbackServer
from demo.shelf import ShelfItem
from demo.writing import ReviewWriter
from domain.errors import EmotionCardsError, InvalidRequest

#: The newest review is no newer than this. Fixed, so that two runs are equal.
NEWEST_REVIEW = datetime(2026, 11, 1, 21, 0, tzinfo=timezone(timedelta(hours=9)))
YOUR_REVIEWS = "your-reviews"
FILE_PAGE_SIZE = 100


class ProductLink(NamedTuple):
    """A product of the open shop."""

    slug: str
    url: str
    name: str
    reviews: int


class DemoShop:
    """A shop that is open inside a `with` block, served by a thread of its own.

    Everything it shows follows from its arguments: the same seed gives the same bytes.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        seed: int = 7,
        reviews_file: Path | None = None,
        rating_max: float | None = None,
        limit: int | None = None,
        page_size: int = 20,
        file_page_size: int = FILE_PAGE_SIZE,
        scale: int | None = None,
        newest: datetime = NEWEST_REVIEW,
    ) -> None:
        """Note what to serve; nothing is read or opened before the `with` block.

        `reviews_file` is served as one more product; `rating_max` is its best rating (found
        out if None) and `limit` its most rows. `scale` multiplies the reviews of the others.

        Raises:
            InvalidRequest: a number out of range.
        """
        _check(page_size=page_size, file_page_size=file_page_size, scale=scale, limit=limit)
        if rating_max is not None and not 1 < rating_max < float("inf"):
            raise InvalidRequest(f"the best rating must be above 1, not {rating_max:g}")
        self._host, self._port = host, port
        self._seed, self._newest = seed, newest
        self._reviews_file, self._rating_max, self._limit = reviews_file, rating_max, limit
        self._page_size, self._file_page_size = page_size, file_page_size
        self._scale = scale or 1
        self._url = ""
        self._shelf: dict[str, ShelfItem] = {}
        self._open = ExitStack()
        #: Lines of the reviews file that are no JSON object and cannot be served.
        self.unreadable_rows = 0

    @property
    def url(self) -> str:
        """The shop's address, without a slash at its end.

        Raises:
            InvalidRequest: the shop is not open.
        """
        if not self._url:
            raise InvalidRequest("the demo shop is not open yet")
        return self._url

    @property
    def products(self) -> tuple[ProductLink, ...]:
        """The products, in the order of the front page; your own file comes first."""
        return tuple(
            ProductLink(slug, self.url + item.product.path, item.product.name, item.summary.count)
            for slug, item in self._shelf.items()
        )

    def __enter__(self) -> DemoShop:
        """Open the shop.

        Raises:
            InvalidRequest: the port is in use, or the host is not loopback.
            FileUnreadable: the reviews file is missing, damaged or empty.
            ColumnMissing: the reviews file has no texts.
        """
        with ExitStack() as stack:
            server = stack.enter_context(LoopbackServer(self._host, self._port))
            shown_host = f"[{self._host}]" if ":" in self._host else self._host
            self._url = f"http://{shown_host}:{server.port}"
            if self._reviews_file is not None:
                self._put_file(self._reviews_file, stack)
            for product in load_products():
                self._put_written(product)
            server.start(ShopPages(self._shelf, Renderer(self._url)).application())
            self._open = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.close()
        self._url = ""
        self._shelf.clear()

    def _put_written(self, product: Product) -> None:
        book = load_phrasebook(product.language)
        writer = ReviewWriter(product, book, seed=self._seed, newest=self._newest)
        reviews = WrittenReviews(writer.write(product.reviews * self._scale))
        self._shelf[product.slug] = ShelfItem(product, reviews, self._page_size, self._newest)

    def _put_file(self, path: Path, stack: ExitStack) -> None:
        reviews = ReviewFile(path, rating_max=self._rating_max, limit=self._limit)
        stack.callback(reviews.close)
        self.unreadable_rows = reviews.unreadable
        product = _file_product(path, reviews.summary.count)
        self._shelf[product.slug] = ShelfItem(product, reviews, self._file_page_size, self._newest)


def _file_product(path: Path, reviews: int) -> Product:
    name = path.name.encode("utf-8", "replace").decode()
    return Product(
        slug=YOUR_REVIEWS,
        kind="file",
        language="ko",
        name=f"내 리뷰 ({name})",
        brand="내 파일",
        category="내 파일",
        blurb=f"{name}에서 읽은 리뷰 {reviews:,}개입니다.",
        prices=(),
        currency="KRW",
        syntax=Syntax.JSON_LD,
        paging=Paging.NEXT,
        reviews=reviews,
    )


def _check(**numbers: int | None) -> None:
    for name, number in numbers.items():
        if number is not None and number < 1:
            raise InvalidRequest(f"{name} must be 1 or more, not {number}")


EPILOG = """Examples:

  python -m demo.shop --port 8080

  python -m demo.shop --reviews reviews.jsonl.gz --limit 10000

  python -m demo.shop --reviews nsmc.jsonl --rating-max 10 --port 0
"""

_command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@_command.command(epilog=EPILOG)
def serve(
    *,
    host: Annotated[str, typer.Option(help="Loopback address to open on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.")] = 8080,
    seed: Annotated[int, typer.Option(help="The same seed writes the same reviews.")] = 7,
    reviews: Annotated[
        Path | None,
        typer.Option(help="JSON lines (.gz too) with id, text, rating, date: one more product."),
    ] = None,
    rating_max: Annotated[
        float | None, typer.Option(help="Best rating of the file; found out if left away.")
    ] = None,
    limit: Annotated[int | None, typer.Option(help="Serve the file's first N rows.")] = None,
    page_size: Annotated[int, typer.Option(help="Reviews a page.")] = 20,
    file_page_size: Annotated[
        int, typer.Option(help="Reviews a page of the file's product.")
    ] = FILE_PAGE_SIZE,
    scale: Annotated[int | None, typer.Option(help="So many times as many reviews.")] = None,
) -> None:
    """Open the demo shop on this computer until Ctrl-C."""
    try:
        shop = DemoShop(
            host,
            port,
            seed=seed,
            reviews_file=reviews,
            rating_max=rating_max,
            limit=limit,
            page_size=page_size,
            file_page_size=file_page_size,
            scale=scale,
        )
        _serve_until_signal(shop)
    except EmotionCardsError as error:
        typer.echo(f"demo shop: {error.line}", err=True)
        raise typer.Exit(1) from error


def _serve_until_signal(shop: DemoShop) -> None:
    closing = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: closing.set())
    with shop:
        typer.echo(shop.url)
        for product in shop.products:
            typer.echo(f"  {product.reviews:>7,}  {product.url}  {product.name}")
        if shop.unreadable_rows:
            typer.echo(f"  {shop.unreadable_rows:,} lines are no JSON object and are left out")
        typer.echo("Ctrl-C closes the shop.")
        closing.wait()


if __name__ == "__main__":
    _command()
