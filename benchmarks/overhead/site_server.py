"""A local site for the overhead benchmark: columns, articles and pictures, all invented, answered from memory.

    python benchmarks/overhead/site_server.py --pages 2000

Prints its address, then serves until its standard input is closed. Text is sent gzipped to clients that accept it,
as web servers do; pictures are random bytes, so that no two are alike and none can be compressed.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import random
import sys
from typing import cast

import uvloop

PER_COLUMN = 100
PICTURE_BYTES = 24_000
WORDS = (  # noqa: SIM905  # a line of words reads better without quotes
    "派出所 民警 群众 工作 入户 宣传 辖区 户籍 登记 走访 安全 防范 责任 会议 部署 学校 村委会 服务 检查 活动 "
    "组织 开展 深入 推进 落实 干部 基层 社区 道路 交通 消防 牧民 家庭 老人 学生 生产 春耕 天气 文化 体育"
).split()
SYNTHETIC = "本页为合成测试页面。This page is synthetic."


def article(number: int, dice: random.Random) -> str:
    """A page of a government site: menus, an article of about 1,200 characters, one picture; about 12 KB."""
    menu = "".join(f'<li><a href="/about-{n}.html">合成栏目{n}</a></li>' for n in range(60))
    paragraphs = "".join(
        f"<p style='text-indent: 2em;'>{'，'.join(''.join(dice.choices(WORDS, k=6)) for _ in range(9))}。</p>"
        for _ in range(8)
    )
    claim = f"5月{number % 28 + 1}日，民警为群众采集血样{number}份。" if number % 10 == 0 else ""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>合成测试页面{number}</title>'
        f'<meta name="SiteName" content="合成"><meta name="ArticleTitle" content="合成测试页面{number}">'
        f'<meta name="PubDate" content="2021-05-{number % 28 + 1:02d} 10:00"></head><body><div class="nav"><ul>{menu}'
        f"</ul></div><h1>合成测试页面{number}</h1><p>{SYNTHETIC}</p>"
        f'<div class="TRS_Editor"><p>{claim}</p>{paragraphs}'
        f'<p><img src="/picture-{number}.jpg"></p></div><div class="footer"><ul>{menu}</ul></div></body></html>'
    )


def column(first: int, last: int) -> str:
    """A column that lists articles `first` to `last`."""
    rows = "".join(
        f'<li><a href="/article-{n}.html">合成测试页面之链接{n}</a><span>2021-05-12</span></li>'
        for n in range(first, last + 1)
    )
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>合成列表</title></head><body><p>{SYNTHETIC}</p>'
        f'<ul class="list">{rows}</ul></body></html>'
    )


def answers(pages: int) -> dict[bytes, tuple[bytes, bytes]]:
    """Complete answers by path: for clients that accept gzip, and for others."""
    dice = random.Random(pages)
    made = {b"/robots.txt": (_answer(b"User-agent: *\n", "text/plain"),) * 2}
    for number in range(1, pages + 1):
        text = article(number, dice).encode()
        made[b"/article-%d.html" % number] = (_answer(gzip.compress(text), coded=True), _answer(text))
        picture = _answer(b"\xff\xd8\xff\xe0synthetic" + dice.randbytes(PICTURE_BYTES), "image/jpeg")
        made[b"/picture-%d.jpg" % number] = (picture, picture)
    for index, first in enumerate(range(1, pages + 1, PER_COLUMN)):
        text = column(first, min(first + PER_COLUMN - 1, pages)).encode()
        made[b"/column-%d.html" % index] = (_answer(gzip.compress(text), coded=True), _answer(text))
    return made


def _answer(body: bytes, mime: str = "text/html; charset=utf-8", *, coded: bool = False) -> bytes:
    coding = "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n" if coded else ""
    fields = f"Server: synthetic\r\nContent-Type: {mime}\r\n{coding}Content-Length: {len(body)}\r\n"
    return f"HTTP/1.1 200 OK\r\n{fields}\r\n".encode() + body


NOT_THERE = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nsynthetic"


class Connection(asyncio.Protocol):
    """One client; requests may be kept on one connection."""

    def __init__(self, answers: dict[bytes, tuple[bytes, bytes]]) -> None:
        self._answers = answers
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        *heads, self._read = (self._read + data).split(b"\r\n\r\n")
        for head in heads:
            path = head.split(b" ", 2)[1]
            accepts = b"gzip" in head.lower().partition(b"accept-encoding:")[2].partition(b"\r\n")[0]
            coded, plain = self._answers.get(path, (NOT_THERE, NOT_THERE))
            self._transport.write(coded if accepts else plain)
            if b"connection: close" in head.lower():
                self._transport.close()


async def serve(pages: int) -> None:
    """Serves on a free port until standard input ends."""
    held = answers(pages)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(held), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    uvloop.run(serve(parser.parse_args().pages))
