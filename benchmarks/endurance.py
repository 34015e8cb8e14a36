"""A crawl of 100,000 pages, killed twice: whether its memory stays flat, and each page is archived once.

    python benchmarks/endurance.py [--pages 100000]

A local site hands out a sitemap index of sitemaps with 1,000 invented pages each, made as they are asked for. The
crawl is killed (SIGKILL) when a third and two thirds of the pages are in the store and started again. Prints the
resident memory of all its processes as pages come in, and at the end how many pages are in the archive once.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import psutil
import uvloop

from archive import Collection
from archive.index import captures

PER_SITEMAP = 1000
LOOK_SECONDS = 2.0
WARMED_UP = 10_000
"""Pages after which memory should not grow any more."""

SETTINGS = "download_delay = 0\nconcurrency_per_host = 8\nmin_free_bytes = 0\n"
CAMPAIGN = """
name = "endurance"
title = "Synthetic"
modalities = ["dna"]
keywords = ["血样"]
[region]
code = "54"
name = "西藏自治区"
[period]
start = 2016-06-01
[[source]]
name = "sitemap"
kind = "sitemap"
url = "{url}/sitemap.xml"
depth = 1
"""
ARTICLE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>合成测试页面{n}</title><meta name="ArticleTitle" '
    'content="合成测试页面{n}"><meta name="PubDate" content="2021-05-12 10:00"></head><body><h1>合成测试页面{n}</h1>'
    '<div class="TRS_Editor"><p>本页为合成测试页面。This page is synthetic.</p><p>第{n}次走访：民警为群众采集血样'
    "{n}份，入户宣传，登记户籍，检查消防。</p></div></body></html>"
)


def main() -> None:
    """Serves in this process's child, crawls in another, and prints what was seen."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        uvloop.run(serve(asked.pages))
        return
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve", "--pages", str(asked.pages)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdin
    assert server.stdout
    with tempfile.TemporaryDirectory(prefix="endurance-") as folder:
        measure(server.stdout.readline().strip(), asked.pages, Path(folder))
    server.stdin.close()


def measure(url: str, pages: int, folder: Path) -> None:
    """Crawls in three runs, two of them killed."""
    start = [sys.executable, "-c", "from cli.main import run; run()", "--home", str(folder)]
    subprocess.run([*start, "init", str(folder)], check=True, capture_output=True)
    (folder / "holdfast.toml").write_text(SETTINGS)
    (folder / "campaigns" / "endurance.toml").write_text(CAMPAIGN.format(url=url))
    for goal in (pages // 3, 2 * pages // 3, None):
        began, at_start = time.monotonic(), stored(folder)
        crawl = subprocess.Popen(
            [*start, "crawl", "endurance"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        seen = watch(crawl, folder, goal)
        if goal is not None:
            crawl.send_signal(signal.SIGKILL)
        crawl.wait()
        came, seconds = stored(folder) - at_start, time.monotonic() - began
        warm = [memory for count, memory in seen if count >= at_start + WARMED_UP]
        growth = f"{(max(warm) - warm[0]) / 2**20:.0f} MB" if warm else "not measured"
        print(
            f"{came} captures in {seconds:.0f} s, {'killed' if goal else 'finished'}; "
            f"growth after {WARMED_UP}: {growth}"
        )
        for count, memory in seen[:: max(len(seen) // 12, 1)]:
            print(f"    {count:>8} captures {memory / 2**20:>8.0f} MB")
    held = Counter(
        capture.url
        for capture in captures(Collection(folder / "collections" / "endurance"))
        if "/article-" in capture.url
    )
    print(
        f"{len(held)} of {pages} pages are in the archive, {sum(n > 1 for n in held.values())} of them more than once"
    )


def watch(crawl: subprocess.Popen[bytes], folder: Path, goal: int | None) -> list[tuple[int, int]]:
    """Captures in the store and resident bytes, looked at until the crawl ends or has reached `goal`."""
    seen = []
    while crawl.poll() is None:
        count = stored(folder)
        if goal is not None and count >= goal:
            break
        seen.append((count, resident(crawl.pid)))
        time.sleep(LOOK_SECONDS)
    return seen


def resident(pid: int) -> int:
    """The resident bytes of a process and its children."""
    try:
        process = psutil.Process(pid)
        return sum(each.memory_info().rss for each in (process, *process.children(recursive=True)))
    except psutil.NoSuchProcess:
        return 0


def stored(folder: Path) -> int:
    """How many captures the store has."""
    database = folder / "holdfast.db"
    if not database.exists():
        return 0
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as store:
        return int(store.execute("SELECT count(*) FROM capture").fetchone()[0])


async def serve(pages: int) -> None:
    """Serves on a free port until standard input ends."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = f"http://127.0.0.1:{writer.get_extra_info('sockname')[1]}"
        while head := await reader.readuntil(b"\r\n\r\n"):
            body = content(head.split(b" ", 2)[1].decode(), host, pages)
            kind = "text/html; charset=utf-8" if "/article-" in head.decode() else "application/xml"
            writer.write(
                f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            )
            writer.write(body)

    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(guarded, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)


def content(path: str, host: str, pages: int) -> bytes:
    """The body for a path: robots.txt, the index, a sitemap or an article."""
    if path == "/robots.txt":
        return b"User-agent: *\n"
    if path == "/sitemap.xml":
        places = [f"{host}/sitemap-{n}.xml" for n in range(-(-pages // PER_SITEMAP))]
        return f"<sitemapindex>{''.join(f'<sitemap><loc>{p}</loc></sitemap>' for p in places)}</sitemapindex>".encode()
    number = int(path.rpartition("-")[2].partition(".")[0])
    if path.startswith("/sitemap-"):
        numbers = range(number * PER_SITEMAP, min((number + 1) * PER_SITEMAP, pages))
        listed = "".join(f"<url><loc>{host}/article-{n}.html</loc></url>" for n in numbers)
        return f"<urlset>{listed}</urlset>".encode()
    return ARTICLE.format(n=number).encode()


if __name__ == "__main__":
    main()
