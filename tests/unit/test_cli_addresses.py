"""Addresses without passwords."""

from __future__ import annotations

import io
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from cli.address_view import draw_addresses, draw_shop, without_password
from demo.shop import ProductLink
from deployments.local.addresses import Addresses


@pytest.mark.parametrize(
    ("dsn", "shown"),
    [
        ("postgresql://u:secret@h:5432/db", "postgresql://u:***@h:5432/db"),
        ("postgresql://u:s@h1,h2:5433/db?x=1", "postgresql://u:***@h1,h2:5433/db?x=1"),
        ("redis://:secret@127.0.0.1:6379/0", "redis://:***@127.0.0.1:6379/0"),
        ("mongodb://u:p%40w@h/?replicaSet=rs0", "mongodb://u:***@h/?replicaSet=rs0"),
        ("postgresql://u@h/db", "postgresql://u@h/db"),
        ("127.0.0.1:9092", "127.0.0.1:9092"),
    ],
)
def test_passwords_are_not_shown(dsn: str, shown: str) -> None:
    assert without_password(dsn) == shown


@given(st.from_regex(r"[A-Za-z0-9%@:!$&'()*+,;=._~-]{5,40}", fullmatch=True))
def test_no_password_is_ever_shown(password: str) -> None:
    assert f":{password}@" not in without_password(f"postgresql://user:{password}@host:5432/db")


def test_every_address_of_the_shop_can_be_copied_from_a_narrow_terminal() -> None:
    shop = Shop("http://127.0.0.1:54321", (product("a" * 70, 1), product("wireless", 1240)))
    written = io.StringIO()
    Console(file=written, width=40).print(draw_shop(shop), soft_wrap=True)  # type: ignore[arg-type]
    lines = [line.strip() for line in written.getvalue().splitlines()]
    assert {each.url for each in shop.products} <= set(lines)
    assert "1 review  무선 이어폰" in lines
    assert "1,240 reviews  무선 이어폰" in lines


class Shop(NamedTuple):
    """What of an open shop is drawn."""

    url: str
    products: tuple[ProductLink, ...]


def product(slug: str, reviews: int) -> ProductLink:
    return ProductLink(slug, f"http://127.0.0.1:54321/products/{slug}", "무선 이어폰", reviews)


def test_the_table_has_what_there_is_and_no_more() -> None:
    addresses = Addresses(
        postgres_dsn="postgresql://u:secret@h/db", prefect_api_url="http://127.0.0.1:4200/api"
    )
    written = io.StringIO()
    Console(file=written, width=120).print(draw_addresses(addresses, Path("/data")))
    text = written.getvalue()
    assert "http://127.0.0.1:4200\n" in text.replace(" ", "")
    assert "secret" not in text
    assert "MongoDB" not in text
