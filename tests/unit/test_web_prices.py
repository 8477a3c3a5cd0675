"""Prices as pages offer them."""

from __future__ import annotations

import httpx
from hypothesis import given
from hypothesis import strategies as st

from sources.products import product_info

URL = httpx.URL("https://shop.example/p/1")


@given(st.text(alphabet=st.characters(), max_size=40))
def test_any_availability_becomes_storable(raw: str) -> None:
    offer = {"@type": "Offer", "price": 5, "priceCurrency": "KRW", "availability": raw}
    node = {"@type": "Product", "name": "x", "offers": offer}
    found = product_info(node, url=URL, fallback_name="f")
    assert found.price is not None
    assert (found.price.availability or "").isprintable()
    (found.price.availability or "").encode()
