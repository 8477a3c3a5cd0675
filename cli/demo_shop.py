"""The demo shop as the platform runs it: on the port it had before, and allowed to be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from demo.shop import DemoShop
from domain.errors import InvalidRequest

#: The shop is ours and on this machine: nobody is to be spared.
REQUESTS_PER_SECOND = 200
#: Pages of reviews that may be read of a product of the shop.
MAX_PAGES = 1_000_000
PORT_FILE = "demo-shop.port"
HOST = "127.0.0.1"


@contextmanager
def open_shop(
    data_dir: Path,
    *,
    seed: int = 7,
    reviews: Path | None = None,
    rating_max: float | None = None,
    limit: int | None = None,
) -> Iterator[DemoShop]:
    """Open the shop on the port it had in this data folder, if that is still free.

    The same address is the same product: a second visit finds what the first one knows.

    Raises:
        FileUnreadable, ColumnMissing: the reviews file cannot be served.
    """

    def shop(port: int) -> DemoShop:
        return DemoShop(
            HOST, port, seed=seed, reviews_file=reviews, rating_max=rating_max, limit=limit
        )

    data_dir.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            opened = stack.enter_context(shop(_port_before(data_dir)))
        except InvalidRequest:
            # The port is somebody else's now; any other trouble comes again at once.
            opened = stack.enter_context(shop(0))
        (data_dir / PORT_FILE).write_text(opened.url.rpartition(":")[2])
        yield opened


def _port_before(data_dir: Path) -> int:
    try:
        return int((data_dir / PORT_FILE).read_text())
    except (FileNotFoundError, ValueError):
        return 0


def shop_environment(shop: DemoShop) -> dict[str, str]:
    """Return the variables with which flows may read the shop, and fast."""
    host = shop.url.partition("://")[2]
    return {
        "EC_CRAWL__ALLOWED_PRIVATE_HOSTS": json.dumps([host]),
        "EC_CRAWL__REQUESTS_PER_SECOND": str(REQUESTS_PER_SECOND),
        "EC_CRAWL__MAX_PAGES": str(MAX_PAGES),
    }
