"""Each source has its own way through the network and its own cookies."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive import Collection
from tests.crawler.conftest import SETTINGS
from tests.crawler.site import Site, serving
from tests.crawler.socks import socks
from workspace.layout import Workspace

Run = Callable[..., subprocess.CompletedProcess[str]]

HEAD = """name = "small"
title = "合成"
modalities = ["dna"]
keywords = ["血样"]
[region]
code = "54"
name = "合成"
[period]
start = 2016-06-01
"""


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        yield served


def campaign(workspace: Workspace, *sources: str) -> None:
    tables = "".join(f'[[source]]\nname = "{number}"\n{text}\n' for number, text in enumerate(sources))
    (workspace.campaigns / "small.toml").write_text(HEAD + tables, encoding="utf-8")


def metadata_of(collection: Collection) -> dict[str, str]:
    """What the metadata records say by address."""
    told = {}
    for path in collection.sealed():
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "metadata":
                    told[record.rec_headers["WARC-Target-URI"]] = record.content_stream().read().decode()
    return told


def test_a_source_goes_through_its_socks_proxy_with_all_that_belongs_to_it(
    holdfast: Run, workspace: Workspace, site: Site
) -> None:
    with socks(site.server_port) as proxy:
        campaign(
            workspace,
            f'kind = "column"\nurl = "http://hidden.example/mixed.html"\nproxy = "socks5h://{proxy.address}"',
            f'kind = "page"\nurl = "{site.url}/gzip.html"',
        )
        result = holdfast("crawl", "small")
    assert result.returncode == 0, result.stderr
    assert set(proxy.asked) == {("hidden.example", 80)}, "names are resolved by the proxy alone"
    told = metadata_of(Collection(workspace.collection("small")))
    for name in ("mixed.html", "identity.html", "image-7.png", "robots.txt"):
        assert f"via: socks5h://{proxy.address}" in told[f"http://hidden.example/{name}"], name
    assert "via: " not in told[f"{site.url}/gzip.html"]


def test_pictures_left_over_from_an_earlier_run_go_the_way_of_their_source(
    holdfast: Run, workspace: Workspace, site: Site
) -> None:
    with socks(site.server_port) as proxy:
        campaign(
            workspace,
            f'kind = "page"\nurl = "http://hidden.example/article-7.html"\nproxy = "socks5h://{proxy.address}"',
        )
        assert holdfast("crawl", "small", "--no-requisites").returncode == 0
        assert not site.seen["/image-7.png"]
        assert holdfast("crawl", "small").returncode == 0
    assert site.seen["/image-7.png"] == 1
    told = metadata_of(Collection(workspace.collection("small")))
    assert f"via: socks5h://{proxy.address}" in told["http://hidden.example/image-7.png"]


def test_a_proxy_for_all_takes_a_password_which_is_not_written_down(
    holdfast: Run, workspace: Workspace, site: Site
) -> None:
    address = "http://hidden.example/identity.html"
    with socks(site.server_port, user=("archivist", "s3cret")) as proxy:
        workspace.settings_file.write_text(f'{SETTINGS}proxy = "socks5://archivist:s3cret@{proxy.address}"\n')
        assert holdfast("crawl", "--url", address, "--no-requisites").returncode == 0
        assert ("hidden.example", 80) in proxy.asked
        workspace.settings_file.write_text(f'{SETTINGS}proxy = "socks5://{proxy.address}"\n')
        refused = holdfast("crawl", "--url", f"{address}?again", "--no-requisites")
    collection = Collection(workspace.collection("default"))
    assert f"via: socks5://{proxy.address}" in metadata_of(collection)[address]
    assert proxy.refused
    assert refused.returncode == 1
    assert f"failed: {address}?again: " in refused.stderr
    log = "".join(path.read_text() for path in workspace.logs.iterdir())
    assert "s3cret" not in log + str(metadata_of(collection))


def test_cookies_of_one_source_are_not_shown_to_another(
    holdfast: Run, workspace: Workspace, site: Site
) -> None:
    campaign(
        workspace,
        f'kind = "column"\nurl = "{site.url}/cookie-first.html"',
        f'kind = "column"\nurl = "{site.url}/cookie-second.html"',
    )
    assert holdfast("crawl", "small", "--no-requisites").returncode == 0
    assert site.cookies["/cookie-first.html"] == site.cookies["/cookie-second.html"] == {""}
    for name in ("first", "second"):
        assert site.cookies[f"/article-{name}.html"] == {f"source={name}"}
