"""Pages and addresses that are refused, each with its name."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from crawling import crawl, ids_of, running, source_at
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hostile_server import HostileServer, html, product, review

from domain import errors


@pytest.fixture
def shop() -> Iterator[HostileServer]:
    with running(HostileServer()) as server:
        yield server


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, errors.PageNotFound),
        (410, errors.PageNotFound),
        (401, errors.AccessDenied),
        (403, errors.AccessDenied),
        (451, errors.AccessDenied),
        (400, errors.MalformedPage),
        (204, errors.MalformedPage),
        (300, errors.MalformedPage),
        (302, errors.MalformedPage),
        (500, errors.SourceUnavailable),
        (503, errors.SourceUnavailable),
        (429, errors.RateLimited),
    ],
)
def test_a_status_has_its_name(shop: HostileServer, status: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        crawl(shop, shop.page("/p", "", status=status))


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "application/octet-stream"])
def test_what_is_no_page_is_not_read(shop: HostileServer, kind: str) -> None:
    with pytest.raises(errors.MalformedPage, match="not a page"):
        crawl(shop, shop.page("/p", b"x", content_type=kind))


@pytest.mark.parametrize("body", [b"", b"   ", b"<!-- nothing -->", b"<b>" * 5000])
def test_a_page_that_is_none_is_malformed(shop: HostileServer, body: bytes) -> None:
    with pytest.raises(errors.MalformedPage):
        crawl(shop, shop.page("/p", body))


def test_an_unreachable_host_is_unavailable(shop: HostileServer) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        host = f"127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(errors.SourceUnavailable, match="cannot be reached"):
            crawl(shop, f"http://{host}/p", allowed_private_hosts=[host])


def test_a_name_that_does_not_exist_is_not_found(shop: HostileServer) -> None:
    def nobody(*_: object, **__: object) -> list[tuple[object, ...]]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(errors.HostNotFound, match="nowhere"):
        crawl(shop, "http://nowhere.invalid/p", resolver=nobody)


def test_a_silent_name_server_may_answer_later(shop: HostileServer) -> None:
    def silent(*_: object, **__: object) -> list[tuple[object, ...]]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    with pytest.raises(errors.SourceUnavailable, match="name server"):
        crawl(shop, "http://nowhere.invalid/p", resolver=silent)


def self_signed(folder: Path) -> Path:
    """Write a certificate for 127.0.0.1 that only itself vouches for; return its file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hostile shop")])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    certificate = (
        builder.not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(pem, form, serialization.NoEncryption())
    file = folder / "shop.pem"
    file.write_bytes(certificate.public_bytes(pem) + secret)
    return file


@pytest.fixture
def tls_shop(tmp_path: Path) -> Iterator[tuple[HostileServer, Path]]:
    file = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with running(HostileServer(tls=context)) as server:
        server.page("/p", html(product(review(1))))
        yield server, file


def test_a_self_signed_certificate_is_refused(tls_shop: tuple[HostileServer, Path]) -> None:
    server, _ = tls_shop
    with pytest.raises(errors.CertificateInvalid, match="self-signed"):
        crawl(server, server.url("/p"))
    assert not server.asked


def test_an_authority_of_the_environment_is_trusted(
    tls_shop: tuple[HostileServer, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, file = tls_shop
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert ids_of(crawl(server, server.url("/p"))) == ["r1"]


def test_plain_http_behind_https_is_refused(shop: HostileServer) -> None:
    with pytest.raises((errors.CertificateInvalid, errors.SourceUnavailable)):
        crawl(shop, f"https://{shop.host}/p")


def test_a_redirect_from_https_to_http_is_refused(
    tls_shop: tuple[HostileServer, Path], shop: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, file = tls_shop
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    url = server.page("/down", "", status=302, Location=shop.url("/p"))
    with pytest.raises(errors.AddressRefused, match="https to http"):
        crawl(server, url, allowed_private_hosts=[server.host, shop.host])
    assert not shop.asked


def test_a_redirect_is_followed_within_the_limit(shop: HostileServer) -> None:
    shop.page("/a", "", status=301, Location="/b?x=1")
    shop.page("/b", html(product(review(1)), body='<a rel=next href="c">more</a>'))
    shop.page("/c", html(product(review(2))))
    assert ids_of(crawl(shop, shop.url("/a"))) == ["r1", "r2"]
    with pytest.raises(errors.TooManyRedirects):
        crawl(shop, shop.url("/a"), max_redirects=0)


def test_redirects_in_a_circle_or_without_end_are_too_many(shop: HostileServer) -> None:
    shop.page("/a", "", status=302, Location="/b")
    shop.page("/b", "", status=307, Location="/a")
    with pytest.raises(errors.TooManyRedirects, match="circle"):
        crawl(shop, shop.url("/a"))
    shop.on(
        "/n", lambda one: one.send(status=302, Location=f"/n?i={int(one.query.get('i', 0)) + 1}")
    )
    with pytest.raises(errors.TooManyRedirects, match="more than 5"):
        crawl(shop, shop.url("/n"))


@pytest.mark.parametrize("location", ["/member/login.html?back=/p", "/Login", "/auth/signin"])
def test_a_redirect_to_a_login_page_has_its_name(shop: HostileServer, location: str) -> None:
    shop.page(location.partition("?")[0], html(body="<input type=password>"))
    with pytest.raises(errors.LoginRequired):
        crawl(shop, shop.page("/p", "", status=302, Location=location))


def test_a_login_form_in_place_of_reviews_has_its_name(shop: HostileServer) -> None:
    form = '<form><input name=id><input TYPE="Password"></form>'
    with pytest.raises(errors.LoginRequired):
        crawl(shop, shop.page("/p", html(body=form)))
    assert ids_of(crawl(shop, shop.page("/q", html(product(review(1)), body=form)))) == ["r1"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1"])
def test_a_redirect_to_a_private_address_is_refused(shop: HostileServer, host: str) -> None:
    with running(HostileServer()) as private:
        private.page("/keys", html(product(review(1))))
        url = shop.page("/p", "", status=302, Location=f"http://{host}:{private.port}/keys")
        with pytest.raises(errors.AddressRefused, match="EC_CRAWL__ALLOWED_PRIVATE_HOSTS"):
            crawl(shop, url)
        assert not private.asked


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://x/", "http://a:b@127.0.0.1/", "http://127.0.0.1:22/"]
)
def test_a_redirect_to_an_odd_address_is_refused(shop: HostileServer, location: str) -> None:
    with pytest.raises(errors.AddressRefused):
        crawl(shop, shop.page("/p", "", status=302, Location=location))


def test_the_checked_address_is_the_one_connected_to(shop: HostileServer) -> None:
    """A name whose address changes between check and use (DNS rebinding) gains nothing."""
    asked: list[str] = []

    def rebinding(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(2, 1, 6, "", (f"127.0.0.{len(asked)}", port))]

    shop.page("/robots.txt", "", content_type="text/plain")
    shop.page("/p", html(product(review(1))))
    host = f"rebind.test:{shop.port}"
    found = crawl(shop, f"http://{host}/p", resolver=rebinding, allowed_private_hosts=[host])
    assert ids_of(found) == ["r1"]
    assert asked == ["rebind.test"]  # once: robots.txt and page went over the checked connection
    assert {headers["Host"] for _, headers in shop.seen} == {host}


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::1"]])
def test_a_public_name_with_a_private_address_is_refused(
    shop: HostileServer, addresses: list[str]
) -> None:
    def lying(_: str, port: int, **__: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", (address, port)) for address in addresses]

    with pytest.raises(errors.AddressRefused, match="address"):
        crawl(shop, f"http://shop.test:{shop.port}/p", resolver=lying)
    assert not shop.asked


def test_proxies_of_the_environment_are_not_used(
    shop: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(HostileServer()) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url("/"))
        monkeypatch.setenv("ALL_PROXY", proxy.url("/"))
        assert ids_of(crawl(shop, shop.page("/p", html(product(review(1)))))) == ["r1"]
        assert not proxy.asked


def test_a_forbidden_location_is_refused_before_anything_is_read(shop: HostileServer) -> None:
    for location in ("http://user:pw@shop.test/", "http:///p", "http://a b/", "http://x:99999/"):
        with pytest.raises(errors.AddressRefused) as caught:
            source_at(shop, location)
        assert "pw" not in caught.value.line
