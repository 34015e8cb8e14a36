"""What pages lead to stays out of the user's own network; what the user names may be anywhere."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable

import pytest

from crawler.fetching.reach import LocalAddress, opened_socket, reaching
from tests.crawler.site import serving
from workspace.layout import Workspace

Run = Callable[..., subprocess.CompletedProcess[str]]


def info(address: str) -> tuple[object, ...]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return (family, socket.SOCK_STREAM, 0, "", (address, 80))


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
     "::1", "fe80::1", "fd00::1", "::ffff:192.168.1.1", "::", "::127.0.0.1", "::10.1.2.3", "fec0::1",
     "64:ff9b::a01:203", "64:ff9b:1::a01:203", "2002:7f00:1::", "2002:c0a8:101::1",
     "2001:0:7f00:1::", "2001:0:4136:e378:8000:63bf:3f57:fefe", "224.0.0.1", "239.255.255.250", "ff02::1", "ff0e::1"],
)  # fmt: skip
def test_an_address_of_ones_own_network_is_not_connected_to(address: str) -> None:
    with reaching("www.news.example", named=False, proxied=False), pytest.raises(LocalAddress):
        opened_socket(info(address))
    with pytest.raises(LocalAddress), reaching(f"[{address}]", named=False, proxied=True):
        raise AssertionError("an address in numbers is seen before any proxy is asked")
    with reaching("www.news.example", named=True, proxied=False):
        opened_socket(info(address)).close()


@pytest.mark.parametrize(
    "address",
    ["203.0.114.7", "198.18.0.5", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"],
)
def test_an_address_of_the_web_is(address: str) -> None:
    with reaching("www.news.example", named=False, proxied=False):
        opened_socket(info(address)).close()


def test_a_page_that_leads_into_ones_own_network_leads_nowhere(holdfast: Run, workspace: Workspace) -> None:
    """The picture is at `localhost`, which nobody named; the page, at 127.0.0.1, was."""
    with serving() as site:
        inner = f"http://localhost:{site.server_port}/secret.png"
        site.pages["/page.html"] = (
            "<!doctype html><html><head><title>合成测试页面</title></head><body><h1>合成测试页面</h1>"
            f"<p>{'本页为合成测试页面，内容均为虚构。' * 20}</p><img src='{inner}'></body></html>"
        )
        result = holdfast("crawl", "--url", f"{site.url}/page.html")
        asked = set(site.seen)
    assert "in your own network; name the host as a source to fetch it" in result.stderr
    assert "/page.html" in asked
    assert "/secret.png" not in asked
