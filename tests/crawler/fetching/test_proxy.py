"""Through an HTTP proxy: plain hosts in absolute form, TLS hosts through a tunnel."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

from warcio.archiveiterator import ArchiveIterator

from archive import Collection
from demo.server import demo_web
from demo.site import WECHAT, articles
from workspace.layout import Workspace

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_pages_come_through_the_proxy_and_say_so(holdfast: Run, workspace: Workspace) -> None:
    pages = [article.url for article in articles()]
    tunnelled = next(url for url in pages if WECHAT in url)
    plain = next(url for url in pages if url.startswith("http://"))
    with demo_web() as web:
        workspace.settings_file.write_text(
            f'download_delay = 0\nmin_free_bytes = 0\nproxy = "{web.address}"\n'
        )
        result = holdfast("crawl", f"--url={tunnelled}", f"--url={plain}", "--no-requisites")
    assert result.returncode == 0, result.stderr
    (path,) = Collection(workspace.collection("default")).sealed()
    with path.open("rb") as stream:
        kept = {
            (record.rec_type, record.rec_headers["WARC-Target-URI"]): (
                record.rec_headers,
                record.content_stream().read(),
            )
            for record in ArchiveIterator(stream)
        }
    for url in (tunnelled, plain):
        headers, _ = kept["response", url]
        assert "WARC-IP-Address" not in headers, "the proxy's address is not the server's"
        assert web.address.encode() in kept["metadata", url][1]
    assert kept["response", tunnelled][0]["WARC-Cipher-Suite"]
    assert b"tls-certificate-der-base64: " in kept["metadata", tunnelled][1]


def test_the_password_of_a_proxy_is_not_archived(holdfast: Run, workspace: Workspace) -> None:
    pages = [article.url for article in articles()]
    addresses = [next(url for url in pages if WECHAT in url), next(url for url in pages if "http://" in url)]
    with demo_web() as web:
        proxy = web.address.replace("://", "://archivist:s3cret@")
        workspace.settings_file.write_text(f'download_delay = 0\nmin_free_bytes = 0\nproxy = "{proxy}"\n')
        result = holdfast("crawl", *(f"--url={url}" for url in addresses), "--no-requisites")
    assert result.returncode == 0, result.stderr
    (path,) = Collection(workspace.collection("default")).sealed()
    with path.open("rb") as stream:
        kept = [
            (record.rec_type, record.http_headers, record.content_stream().read())
            for record in ArchiveIterator(stream)
        ]
    assert not any(fields and fields.get_header("Proxy-Authorization") for _, fields, _ in kept)
    assert not any(b"s3cret" in block for _, _, block in kept)
