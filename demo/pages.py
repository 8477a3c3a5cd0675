"""The HTML of the demo shop."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from demo.catalog import Paging, Product, Syntax
from demo.linked_data import as_script, product_document
from demo.markup import Marks
from demo.reviews import STARS, Scale, ShopReview
from demo.shelf import ShelfItem

_HERE = Path(__file__).parent
#: Characters that HTML text may not hold; the JSON-LD beside it has the text as it is.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_SIGNS = {"KRW": "{}원", "USD": "${}"}
#: Numbered pages shown on each side of the present one.
_NEIGHBOURS = 2


class ReviewView(NamedTuple):
    """One review, ready for the template."""

    review_id: str | None
    author: str | None
    text: str
    stars: str
    rating: object
    date: str | None
    day: str


class Renderer:
    """Writes the shop's pages; `base_url` has no slash at its end."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._words = _load_words()
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(money=money, star_row=star_row)

    def front(self, items: Iterable[ShelfItem]) -> str:
        """Return the front page: every product with its price and its stars."""
        rows = [
            (item.product, item.tag.amount, item.summary, _stars_of(item.summary.mean, item))
            for item in items
        ]
        return self._render("front.html", "ko", rows=rows)

    def product(self, item: ShelfItem, number: int) -> str:
        """Return one page of the product with its reviews, in the product's syntax."""
        product, reviews = item.product, item.page(number)
        context = {
            **self._head(item),
            "reviews": [_view(review, item.summary.scale) for review in reviews],
            "number": number,
            "numbers": page_numbers(number, item.pages),
            "linked_data": self._linked_data(item, reviews),
        }
        return self._render("product.html", product.language, charset=product.charset, **context)

    def _head(self, item: ShelfItem) -> dict[str, Any]:
        scale = item.summary.scale
        return {
            "item": item,
            "product": item.product,
            "price": item.tag.amount,
            "summary": item.summary,
            "best": f"{scale.best:g}",
            "worst": f"{scale.worst:g}",
            "marks": Marks(item.product.syntax),
            "url": self._url(item.product),
            "image": self._image(item.product),
            "average": _stars_of(item.summary.mean, item),
            "bars": _bars(item.summary.histogram),
            "paging": Paging,
        }

    def _linked_data(self, item: ShelfItem, reviews: Sequence[ShopReview]) -> str:
        if item.product.syntax is not Syntax.JSON_LD:
            return ""
        document = product_document(
            item.product,
            url=self._url(item.product),
            image=self._image(item.product),
            price=item.tag.amount,
            summary=item.summary,
            reviews=reviews,
        )
        return as_script(document)

    def _url(self, product: Product) -> str:
        return f"{self._base_url}{product.path}"

    def _image(self, product: Product) -> str:
        return f"{self._base_url}/images/{product.slug}.svg"

    def notice(self, title: str, text: str) -> str:
        """Return a page with nothing but a message."""
        return self._render("notice.html", "ko", title=title, text=text)

    def login(self, target: str, message: str = "") -> str:
        """Return the login form; it leads nowhere."""
        return self._render("login.html", "ko", target=target, message=message)

    def picture(self, kind: str) -> str:
        """Return the SVG photo of a kind of product."""
        return self._templates.get_template(f"pictures/{kind}.svg").render()

    def _render(self, template: str, language: str, charset: str = "utf-8", **context: Any) -> str:
        return self._templates.get_template(template).render(
            language=language, charset=charset, words=self._words[language], **context
        )


@lru_cache(maxsize=1)
def _load_words() -> Mapping[str, Mapping[str, str]]:
    with (_HERE / "words.toml").open("rb") as file:
        return tomllib.load(file)


def money(amount: str, currency: str) -> str:
    """Return the price as a shop prints it: 59,900원 or $64.00."""
    whole, dot, rest = amount.partition(".")
    return _SIGNS[currency].format(f"{int(whole):,}{dot}{rest}")


def star_row(stars: int) -> str:
    """Return 0..5 stars as five signs."""
    return "★" * stars + "☆" * (STARS - stars)


def page_numbers(number: int, pages: int) -> list[int | None]:
    """Return the page numbers to link; None stands for a gap."""
    near = range(number - _NEIGHBOURS, number + _NEIGHBOURS + 1)
    shown = sorted({1, pages, *(n for n in near if 1 <= n <= pages)})
    row: list[int | None] = []
    for n in shown:
        if row and row[-1] != n - 1:
            row.append(None)
        row.append(n)
    return row


def _stars_of(mean: float | None, item: ShelfItem) -> int:
    return 0 if mean is None else item.summary.scale.stars(mean)


def _bars(histogram: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """Return (stars, reviews, per cent), five stars first."""
    total = sum(histogram) or 1
    return [
        (n, histogram[n - 1], round(100 * histogram[n - 1] / total)) for n in range(STARS, 0, -1)
    ]


def _view(review: ShopReview, scale: Scale) -> ReviewView:
    rating = review.rating
    rated = isinstance(rating, int | float) and scale.holds(rating)
    return ReviewView(
        review_id=review.review_id and _shown(review.review_id),
        author=review.author and _shown(review.author),
        text="" if review.text is None else _shown(review.text),
        stars=star_row(scale.stars(rating)) if rated else "",  # type: ignore[arg-type]
        rating=rating if rating is None or rated else _shown(rating),
        date=review.date and _shown(review.date),
        day=_shown(review.date[:10]).replace("-", ".") if review.date else "",
    )


def _shown(value: object) -> str:
    return _UNSHOWN.sub("\ufffd", str(value))
