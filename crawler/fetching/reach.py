"""Keeps what pages lead to out of the user's own network: a page may name http://192.168.1.1/ as its picture.

The address that is really connected to decides, not the name: a name of the web may lead to any address. Hosts that
the user names, as a source, by `--url` or in the settings, may be anywhere. Behind a proxy only addresses written as
numbers are seen.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_BENCHMARKING = ipaddress.ip_network("198.18.0.0/15")
"""Proxies that take over a computer's traffic (Clash, sing-box) give every host of the web an address of these."""

_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""NAT64 (RFC 6052 §2.1)."""

_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")

_NEVER = (
    ipaddress.ip_network("::/96"),  # with an IPv4 address in it (RFC 4291 §2.5.5.1), which some systems go to
    ipaddress.ip_network("64:ff9b:1::/48"),  # NAT64 within a network of one's own (RFC 8215)
    ipaddress.ip_network("fec0::/10"),  # local to a site (RFC 3879)
)
"""Python says of these, depending on its version, that they are of the web."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_anywhere: ContextVar[bool] = ContextVar("anywhere", default=True)


class LocalAddress(OSError):
    """A page leads to an address of the user's own network."""


@contextmanager
def reaching(host: str, *, named: bool, proxied: bool) -> Iterator[None]:
    """Connections made meanwhile may go anywhere only if the user `named` the host. Raises LocalAddress for a host
    that is such an address itself.
    """
    if not named and _is_number(host):
        _check(host)
    token = _anywhere.set(named or proxied)
    try:
        yield
    finally:
        _anywhere.reset(token)


def opened_socket(address: tuple[Any, ...]) -> socket.socket:
    """A socket for an address (as getaddrinfo gives it), made just before it is connected. Raises LocalAddress."""
    family, kind, protocol, _, place = address
    if not _anywhere.get():
        _check(place[0])
    return socket.socket(family, kind, protocol)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _check(host: str) -> None:
    address = ipaddress.ip_address(host.strip("[]").partition("%")[0])
    if not all(_is_of_the_web(each) for each in (address, *_within(address))):
        raise LocalAddress(
            f"a page leads to {address}, in your own network; name the host as a source to fetch it"
        )


def _is_of_the_web(address: _Address) -> bool:
    if address.version == 4 and address in _BENCHMARKING:
        return True
    if address.version == 6 and address in _MAPPED:
        return True  # what counts is the address within
    return (
        address.is_global
        and not address.is_multicast
        and not any(address.version == each.version and address in each for each in _NEVER)
    )


def _within(address: _Address) -> Iterator[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address leads to by way of a translator or a tunnel."""
    if isinstance(address, ipaddress.IPv4Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if address in _TRANSLATED:
        yield ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
