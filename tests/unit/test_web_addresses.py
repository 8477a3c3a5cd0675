"""Which addresses are read, and which ones mean the same page."""

from __future__ import annotations

from ipaddress import ip_address

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import AddressRefused
from sources.addresses import (
    at_page,
    canonical,
    name_from,
    origin_of,
    page_number,
    shown,
    site_of,
    web_address,
)
from sources.networks import NetworkPolicy, closed_to_us


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("HTTP://Shop.Example:80/P/1#reviews", "http://shop.example/P/1"),
        ("https://shop.example:443", "https://shop.example/"),
        ("https://shop.example:8443/p", "https://shop.example:8443/p"),
        ("https://shop.example/p?utm_source=a&id=7&page=3&NaPm=x", "https://shop.example/p?id=7"),
        ("https://shop.example/p/page/12/?gclid=1", "https://shop.example/p"),
        ("https://shop.example/p?page=product", "https://shop.example/p?page=product"),
        ("https://shop.example/p?reviewPage=2&a", "https://shop.example/p?a"),
        ("https://한글.kr/p?q=컵", "https://xn--bj0bj06e.kr/p?q=%EC%BB%B5"),
    ],
)
def test_equal_products_have_equal_addresses(raw: str, expected: str) -> None:
    assert str(canonical(web_address(raw))) == expected


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(raw: str) -> None:
    try:
        url = web_address(raw)
    except AddressRefused:
        return
    assert url.scheme in {"http", "https"}
    assert url.host
    assert not url.userinfo


@given(st.text(alphabet="abAB0129/?&=#%.-_~page가", max_size=40))
def test_canonical_is_its_own_canonical(path: str) -> None:
    url = canonical(web_address("http://shop.example/" + path))
    assert canonical(canonical(url)) == canonical(url)
    assert origin_of(url) == "http://shop.example"


@pytest.mark.parametrize(
    "raw",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "//shop.example/p",
        "http://user@shop.example/",
        "http://good.example\\@evil.example/",
        "http://a\\b/",
        "http://ex%61mple.com/",
        "http://x:0/",
        "http://x:65536/",
        "http:///p",
        "http://shop.example/" + "x" * 5000,
        "http://shop.example/\ud800",
        "http://\x00/",
        "",
    ],
)
def test_odd_addresses_are_refused(raw: str) -> None:
    with pytest.raises(AddressRefused):
        web_address(raw)


def test_messages_hide_passwords_and_stay_on_one_line() -> None:
    text = shown("http://me:secret@shop.example/\n" + "x" * 500)
    assert "secret" not in text
    assert "\n" not in text
    assert len(text) <= 200


@pytest.mark.parametrize(
    ("url", "number", "following"),
    [
        ("http://s/p?id=1&page=2", 2, "http://s/p?id=1&page=3"),
        ("http://s/p?pageNo=9&a=1", 9, "http://s/p?pageNo=3&a=1"),
        ("http://s/p", None, "http://s/p?page=3"),
        ("http://s/p/page/4/", 4, None),
        ("http://s/p?page=abc", None, "http://s/p?page=abc&page=3"),
    ],
)
def test_page_numbers_are_found_and_set(url: str, number: int | None, following: str) -> None:
    address = httpx.URL(url)
    assert page_number(address) == number
    if following:
        assert str(at_page(address, 3)) == following


def test_a_provisional_name_is_made_of_the_address() -> None:
    assert name_from(httpx.URL("https://s.example/shop/wireless-vacuum_2.html")) == (
        "wireless vacuum 2"
    )
    assert name_from(httpx.URL("https://s.example/p/123?page=2")) == "p"
    assert name_from(httpx.URL("https://s.example/")) == "s.example"


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.0.9",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.1.1",
        "192.0.0.8",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "168.63.129.16",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "100::1",
        "3fff::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::1",
        "2002:a00:1::1",
    ],
)
def test_private_addresses_are_closed_in_every_form(text: str) -> None:
    assert closed_to_us(ip_address(text)) is not None


@pytest.mark.parametrize(
    "text", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_are_open(text: str) -> None:
    assert closed_to_us(ip_address(text)) is None


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_judged_like_itself(address: object) -> None:
    inside = ip_address(f"::ffff:{address}")
    through = ip_address(f"64:ff9b::{address}")
    verdict = closed_to_us(ip_address(str(address)))
    assert closed_to_us(inside) == verdict
    assert closed_to_us(through) == verdict


@pytest.mark.parametrize(
    ("entry", "host", "port", "named"),
    [
        ("127.0.0.1", "127.0.0.1", 8080, True),
        ("127.0.0.1:8080", "127.0.0.1", 8080, True),
        ("127.0.0.1:8080", "127.0.0.1", 8081, False),
        ("127.0.0.1", "localhost", 80, False),
        ("Shop.Internal", "shop.internal", 443, True),
        ("::1", "::1", 80, True),
        ("[::1]:8080", "::1", 8080, True),
        ("[::1]:8080", "::1", 80, False),
        ("가게.kr:81", "xn--o39akk.kr", 81, True),
    ],
)
def test_allowed_hosts_are_named_with_or_without_port(
    entry: str, host: str, port: int, named: bool
) -> None:
    assert NetworkPolicy([entry]).names(host, port) is named


@pytest.mark.parametrize("port", [22, 25, 110, 3306, 5432, 6379, 27017])
def test_ports_of_other_services_are_refused_unless_named(port: int) -> None:
    url = httpx.URL(f"http://shop.example:{port}/")
    with pytest.raises(AddressRefused, match="EC_CRAWL__ALLOWED_PRIVATE_HOSTS"):
        NetworkPolicy([]).check_port(url)
    NetworkPolicy([f"shop.example:{port}"]).check_port(url)
    NetworkPolicy([]).check_port(httpx.URL("http://shop.example:8080/"))


def test_a_site_is_host_and_port() -> None:
    assert site_of(httpx.URL("http://[::1]:81/")) == "[::1]:81"
    assert site_of(web_address("http://shop.example.:80/")) == "shop.example"
