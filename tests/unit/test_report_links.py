"""Which addresses a report may link to."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.links import is_public


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/p/1",
        "HTTP://Shop.Example:8080/p?q=1#top",
        "https://shop.example./p",
        "https://한글.example/상품",
        "http://8.8.8.8/p",
        "http://[2606:4700::1111]/p",
    ],
)
def test_what_anybody_can_open_is_public(url: str) -> None:
    assert is_public(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8765/p",
        "http://127.1/p",
        "http://2130706433/",
        "http://0x7f.0.0.1/",
        "http://[::1]:80/",
        "http://[::ffff:127.0.0.1]/",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest",
        "http://localhost:3000/",
        "http://shop.localhost/",
        "http://LOCALHOST./",
        "http://printer.local/",
        "http://intranet/shop",
        "http://shop.internal/p",
        "http://shop.example@127.0.0.1/",
        "http://127.0.0.1\\@shop.example/",
        "http://[::1/",
        "http:///p",
        "ftp://shop.example/p",
        "javascript:alert(1)",
        "/srv/reviews.csv",
        "",
    ],
)
def test_what_only_one_machine_or_network_knows_is_not(url: str) -> None:
    assert not is_public(url)


@given(st.ip_addresses())
def test_addresses_are_public_as_the_registries_say(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    host = f"[{address}]" if address.version == 6 else str(address)
    assert is_public(f"http://{host}/p") == address.is_global


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert is_public("http://" + text) in {True, False}
