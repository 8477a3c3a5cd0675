"""Where the servers are, as a table: without passwords."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from rich.table import Table
from rich.text import Text

from cli.counting import counted
from reports.text import visible

if TYPE_CHECKING:
    from demo.shop import DemoShop
    from deployments.local.addresses import Addresses


def without_password(dsn: str) -> str:
    """Return a URL with its password, if any, as `***`; what is no URL stays as it is."""
    parts = urlsplit(dsn)
    user, at, hosts = parts.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    if not at or not colon:
        return dsn
    return urlunsplit(parts._replace(netloc=f"{name}:***@{hosts}"))


def draw_addresses(addresses: Addresses, data_dir: Path) -> Table:
    """Return the table of the servers and of what lies where."""
    api_url = addresses.prefect_api_url or ""
    rows = (
        ("Prefect UI", api_url.removesuffix("/api")),
        ("PostgreSQL", addresses.postgres_dsn),
        ("MongoDB", addresses.mongo_dsn),
        ("Redis", addresses.redis_dsn),
        ("Kafka", addresses.kafka_bootstrap),
        ("Data", str(data_dir)),
    )
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, address in rows:
        if address:
            table.add_row(name, without_password(address))
    return table


def draw_shop(shop: DemoShop) -> Text:
    """Return the demo shop's products, each address on a line of its own, to be copied whole."""
    lines = [f"Demo shop {shop.url}"]
    for product in shop.products:
        lines.append(f"  {counted(product.reviews, 'review')}  {visible(product.name, 60)}")
        lines.append(f"    {product.url}")
    return Text("\n".join(lines))


def command_for(shop: DemoShop) -> str:
    """Return the command that analyses the shop's first product: loopback must be allowed."""
    host = shop.url.partition("://")[2]
    allowed = f"EC_CRAWL__ALLOWED_PRIVATE_HOSTS='{json.dumps([host])}'"
    return f"{allowed} cards analyze {shop.products[0].url}"
