"""Which machines we connect to: public ones, and those the settings name.

A shop's page is a stranger's words. Its links and redirects must not make us read what only
this machine can reach: other services here, neighbours on the network, cloud metadata.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)
from typing import Any

import httpx

from domain.errors import AddressRefused, HostNotFound, SourceUnavailable
from sources.addresses import port_of, shown, site_of

#: What `socket.getaddrinfo` answers: (family, type, protocol, name, (address, port, …)).
Resolver = Callable[..., Sequence[tuple[Any, ...]]]
Address = IPv4Address | IPv6Address

SETTING = "EC_CRAWL__ALLOWED_PRIVATE_HOSTS"
#: Below this port live services of the system, not shops.
FIRST_FREE_PORT = 1024
WEB_PORTS = frozenset({80, 443})
#: The ports of https://fetch.spec.whatwg.org/#port-blocking from 1024 on, and of the usual stores.
BAD_PORTS = frozenset(
    {1719, 1720, 1723, 2049, 3306, 3659, 4045, 4190, 5060, 5061, 5432, 6000, 6379, 6566}
    | {6665, 6666, 6667, 6668, 6669, 6679, 6697, 9092, 10080, 11211, 27017}
)

#: Not on the internet, or not a shop, though `is_global` of some Python versions says so.
_CLOSED_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "168.63.129.16/32",  # the wire server of a large cloud
        "192.0.0.0/24",
        "192.88.99.0/24",
        "240.0.0.0/4",
    )
)
_CLOSED_V6 = tuple(
    IPv6Network(text)
    for text in (
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fec0::/10",
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that packets to this one end up at."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def closed_to_us(address: Address) -> str | None:
    """Return the kind of network an address is on if we do not connect to it, else None."""
    if isinstance(address, IPv6Address):
        inner = _embedded(address)
        if inner is not None:
            return closed_to_us(inner)
        listed = any(address in network for network in _CLOSED_V6)
    else:
        listed = any(address in network for network in _CLOSED_V4)
    for kind in ("unspecified", "loopback", "link_local", "multicast", "private"):
        if getattr(address, f"is_{kind}"):
            return kind.replace("_", "-")
    return "reserved" if listed or not address.is_global else None


def _split_entry(entry: str) -> tuple[str, int | None]:
    host, colon, port = entry.strip().lower().rpartition(":")
    whole_is_host = not colon or not port.isdecimal() or (":" in host and not host.endswith("]"))
    name, number = (entry.strip().lower(), None) if whole_is_host else (host, int(port))
    name = name.strip("[]")
    if ":" not in name:
        try:
            name = httpx.URL(f"http://{name}/").raw_host.decode("ascii")
        except (httpx.InvalidURL, ValueError) as error:
            raise AddressRefused(f"{SETTING} holds {shown(entry)}, which is no host") from error
    return name, number


class NetworkPolicy:
    """Decides on hosts and ports; `allowed` are hosts or host:port on private networks."""

    def __init__(self, allowed: Iterable[str], *, resolver: Resolver = socket.getaddrinfo) -> None:
        self._allowed = frozenset(_split_entry(entry) for entry in allowed)
        self._resolver = resolver

    def names(self, host: str, port: int) -> bool:
        """Whether the settings name this host, with any port or with this one."""
        host = host.lower().strip("[]")
        return (host, port) in self._allowed or (host, None) in self._allowed

    def check_port(self, url: httpx.URL) -> None:
        """Refuse ports where no shop lives.

        Raises:
            AddressRefused: with the setting that allows the host.
        """
        port = port_of(url)
        if port in WEB_PORTS or self.names(url.raw_host.decode("ascii"), port):
            return
        if port < FIRST_FREE_PORT or port in BAD_PORTS:
            message = f"{site_of(url)} is refused: port {port} is not one of web pages"
            raise AddressRefused(f"{message}; name it in {SETTING} to allow it")

    def addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses of a host, every one of them checked.

        The caller connects to one of these and resolves nothing again: a name server that
        changes its answer in between (DNS rebinding) gains nothing.

        Raises:
            HostNotFound: there is no such name.
            SourceUnavailable: no name server answered.
            AddressRefused: one of the addresses is on a private network.
        """
        found = self._resolve(host, port)
        if not self.names(host, port):
            for text in found:
                kind = closed_to_us(ip_address(text))
                if kind:
                    raise AddressRefused(
                        f"{host} is at {text}, a {kind} address; to read it, name "
                        f"{host}:{port} in {SETTING}"
                    )
        return found

    def _resolve(self, host: str, port: int) -> list[str]:
        try:
            rows = self._resolver(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            if error.errno == socket.EAI_AGAIN:
                raise SourceUnavailable(f"no name server answered for {host}") from error
            raise HostNotFound(f"no host is called {host}; check the address") from error
        except (UnicodeError, OSError) as error:
            raise HostNotFound(f"{host} cannot be looked up: {error}") from error
        found = list(dict.fromkeys(str(row[4][0]) for row in rows))
        if not found:
            raise HostNotFound(f"{host} has no address; check the address")
        return found
