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
    address = getattr(address, "ipv4_mapped", None) or address
    if not address.is_global and not (address.version == 4 and address in _BENCHMARKING):
        raise LocalAddress(
            f"a page leads to {address}, in your own network; name the host as a source to fetch it"
        )
