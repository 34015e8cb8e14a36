"""The pages of the invented web: three sites on reserved hosts (RFC 2606), each page marked as synthetic."""

from __future__ import annotations

import hashlib
import json
import re
import struct
import tomllib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from html import escape
from pathlib import Path
from string import Template
from typing import Any

HERE = Path(__file__).resolve().parent
SHANGHAI = timezone(timedelta(hours=8))

WECHAT, PICTURES = "mp.weixin.example", "mmbiz.weixin.example"
GOVERNMENT, NEWS = "www.lasa-gov.example", "www.news.example"
BIZ = "MzAwMDAwMDAwMQ=="

MARK = "本页为合成演示页面，内容纯属虚构。This page is synthetic; it was invented for the holdfast demo."
"""Stands visibly on every page, so that none can be mistaken for a found one."""

COLUMN_SIZE = 6
"""Articles on one page of the government column, so that the listing has several pages."""

SAVED = 20
"""Articles that `saved_pages` gives."""


@dataclass(frozen=True, slots=True)
class Article:
    """One invented article and where it stands."""

    url: str
    site: str
    slug: str
    account: str
    published: datetime
    title: str
    text: tuple[str, ...]
    images: tuple[str, ...]
    vanishes: bool
    copy_of: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server sends for an address."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200


def articles() -> tuple[Article, ...]:
    """All invented articles, in the order of the data file."""
    rows = tomllib.loads((HERE / "articles.toml").read_text(encoding="utf-8"))["article"]
    return tuple(_article(row) for row in rows)


def _article(row: dict[str, Any]) -> Article:
    site, slug = str(row["site"]), str(row["slug"])
    url = {
        "wechat": f"https://{WECHAT}/s/{_token(slug)}",
        "government": f"http://{GOVERNMENT}/xwzx/{slug}.html",
        "news": f"http://{NEWS}/newsDetail_forward_{slug}",
    }[site]
    images = {
        "wechat": f"https://{PICTURES}",
        "government": f"http://{GOVERNMENT}",
        "news": f"http://{NEWS}",
    }[site]
    number = int(row.get("images", 0))
    name = _token(str(row.get("copy_of", slug)))
    return Article(
        url=url,
        site=site,
        slug=slug,
        account=str(row["account"]),
        published=row["published"].replace(tzinfo=SHANGHAI),
        title=str(row["title"]),
        text=tuple(row["text"]),
        images=tuple(f"{images}/images/{name}-{n}.png" for n in range(number)),
        vanishes=bool(row.get("vanishes", False)),
        copy_of=str(row["copy_of"]) if "copy_of" in row else None,
    )


def _token(slug: str) -> str:
    """A 22-character name such as WeChat's short links have."""
    return hashlib.sha256(slug.encode()).hexdigest()[:22]


def seeds() -> tuple[tuple[str, str, str], ...]:
    """What a campaign watches to find every article: (name, kind, address)."""
    return (
        (
            "Synthetic WeChat album",
            "album",
            f"https://{WECHAT}/mp/appmsgalbum?action=getalbum&__biz={BIZ}&album_id=1",
        ),
        ("Synthetic government column", "column", f"http://{GOVERNMENT}/xwzx/index.html"),
        ("Synthetic news column", "column", f"http://{NEWS}/list_25462"),
    )


def pages() -> dict[str, Answer]:
    """Every address of the invented web with its answer."""
    everything = articles()
    web: dict[str, Answer] = {}
    for article in everything:
        web[article.url] = Answer(_page(article))
        for number, image in enumerate(article.images):
            web[image] = Answer(_png(zlib.crc32(image.encode()) + number), "image/png")
    web |= dict(_listings(everything))
    web[f"http://{GOVERNMENT}/style.css"] = Answer(
        b"body { font-family: serif; max-width: 46em; margin: auto }", "text/css"
    )
    for site in (f"https://{WECHAT}", f"https://{PICTURES}", f"http://{GOVERNMENT}", f"http://{NEWS}"):
        web[f"{site}/robots.txt"] = Answer(b"User-agent: *\nAllow: /\n", "text/plain")
    return web


def saved_pages() -> Iterator[tuple[str, bytes]]:
    """The first articles, by file name, as Chromium's "save page as" writes them: with the address in a comment."""
    web = pages()
    for number, article in enumerate(articles()[:SAVED], start=1):
        said = f"<!-- saved from url=({len(article.url):04}){article.url} -->\n".encode()
        start, declaration, rest = web[article.url].body.partition(b"<!DOCTYPE html>\n")
        yield f"{number:02}-{article.slug.rpartition('/')[2]}.html", start + declaration + said + rest


def deleted_notice() -> Answer:
    """What WeChat shows, with status 200, in place of an article its publisher deleted."""
    return Answer(_template("wechat_deleted").substitute(mark=MARK).encode())


def _page(article: Article) -> bytes:
    picture = (
        '<p><img data-src="{}" data-type="png"></p>'
        if article.site == "wechat"
        else '<p><img src="{}" alt=""></p>'
    )
    body = "\n".join(
        [f"<p>{escape(paragraph)}</p>" for paragraph in article.text]
        + [picture.format(url) for url in article.images]
    )
    values = {
        "mark": MARK,
        "title": escape(article.title),
        "account": escape(article.account),
        "body": body,
        "url": article.url,
        "epoch": str(int(article.published.timestamp())),
        "minute": article.published.strftime("%Y-%m-%d %H:%M"),
        "biz": BIZ,
        "mid": str(2247480000 + zlib.crc32(article.slug.encode()) % 9999),
        "sn": hashlib.md5(article.slug.encode(), usedforsecurity=False).hexdigest(),
    }
    return _template(article.site).substitute(values).encode()


def _listings(everything: tuple[Article, ...]) -> Iterator[tuple[str, Answer]]:
    wechat = [article for article in everything if article.site == "wechat"]
    items = [
        {
            "title": a.title,
            "url": a.url,
            "create_time": str(int(a.published.timestamp())),
            "msgid": str(number),
            "itemidx": "1",
        }
        for number, a in enumerate(wechat)
    ]
    album = {
        "base_resp": {"ret": 0},
        "synthetic": MARK,
        "getalbum_resp": {"article_list": items, "continue_flag": "0", "base_info": {"title": "synthetic"}},
    }
    yield (
        seeds()[0][2],
        Answer(json.dumps(album, ensure_ascii=False).encode(), "application/json; charset=utf-8"),
    )

    government = [article for article in everything if article.site == "government"]
    count = -(-len(government) // COLUMN_SIZE)
    for number in range(count):
        name = "index.html" if number == 0 else f"index_{number}.html"
        rows = "\n".join(
            f'<li><a href="./{a.slug}.html" title="{escape(a.title)}">{escape(a.title)}</a>'
            f"<span>{a.published:%Y-%m-%d}</span></li>"
            for a in government[number * COLUMN_SIZE : (number + 1) * COLUMN_SIZE]
        )
        html = _template("government_column").substitute(mark=MARK, rows=rows, count=count, number=number)
        yield f"http://{GOVERNMENT}/xwzx/{name}", Answer(html.encode())

    rows = "\n".join(
        f'<li><h2><a href="{re.sub(r"^http://[^/]+/", "/", a.url)}">{escape(a.title)}</a></h2>'
        f"<span>{a.published:%Y-%m-%d}</span></li>"
        for a in everything
        if a.site == "news"
    )
    yield seeds()[2][2], Answer(_template("news_column").substitute(mark=MARK, rows=rows).encode())


def _template(name: str) -> Template:
    return Template((HERE / "templates" / f"{name}.html").read_text(encoding="utf-8"))


def _png(seed: int, width: int = 320, height: int = 200) -> bytes:
    """A small two-colour picture (PNG, RFC 2083), different for each seed."""
    first, second = (
        bytes((seed >> shift) & 0xFF for shift in shifts) for shifts in ((0, 8, 16), (5, 13, 21))
    )
    rows = b"".join(
        b"\x00" + first * (width * (y + 1) // height) + second * (width - width * (y + 1) // height)
        for y in range(height)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
