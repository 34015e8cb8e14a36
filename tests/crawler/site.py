"""A web server for the crawler's tests; every page is synthetic and says so.

| path | answers |
|---|---|
| `/list.html` | a column that lists all articles below |
| `/identity.html`, `/gzip.html`, `/br.html`, `/deflate.html`, `/chunked.html` | an article, its body coded so |
| `/gbk.html`, `/gb18030.html` | an article in that character encoding, wrongly declared as gb2312 |
| `/mixed.html` | a column that lists `/weather.html`, `/identity.html` and an article |
| `/weather.html` | an article about something else, with a picture |
| `/cookie-NAME.html` | a column that sets a cookie `source=NAME` and lists `/article-NAME.html` among others |
| `/t20210512_100001.html`, `…_1.html`, `…_2.html` | an article in three pages, by a paging call (TRS) |
| `/c_100002.html`, `…_2.html` | an article in two pages, by links of a pager |
| `/refresh.html`, `/script.html` | lead to `/identity.html` by a meta element, by a script |
| `/moved.html` | 301 to `/identity.html` |
| `/gone.html` | 404 |
| `/flaky.html` | 500 the first time, then an article |
| `/cut.html` | a Content-Length that is larger than the body, then the connection is closed |
| `/big.bin` | 3 MB |
| `/hang.html` | headers, then nothing |
| `/image-N.png` | a picture |
| `/styled.html` | an article with a style sheet, which imports another and shows a picture |
| `/lazy.html` | like WeChat's: a script shows text and pictures in view, tries to post and to lead away |
| `/gentle.html` | the same without trying anything |
| `/photo-N.png` | a real picture; `/photo-2.png` is a redirect to `/photo-3.png` |
| `/fatal.html` | an article with a picture at which `on_fatal` is called |
| `/busy.html` | 503, and an hour to wait |
| `/soon.html` | 429 and no time to wait the first time, then an article |
| `/robots.txt` | forbids `/private/` |
"""

from __future__ import annotations

import gzip
import json
import ssl
import struct
import threading
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli

from demo.certificate import certificate_for

PAGE = """<html><head><meta charset="{charset}"><title>合成测试页面 {name}</title>
<meta name="ArticleTitle" content="合成测试页面 {name}"><meta name="PubDate" content="2021-05-12 10:00">
<meta name="SiteName" content="合成"></head><body><p>This page is synthetic. 本页为合成测试页面。</p>
<div class="TRS_Editor"><p>5月11日，旁多派出所民警为牧民群众采集血样{number}份。{extra}</p>
<p><img src="/image-{number}.png"></p></div></body></html>"""

LAZY = """
document.getElementById("js_content").style.visibility = "visible";
const watch = new IntersectionObserver(seen => seen.forEach(entry => {
    if (entry.isIntersecting) { entry.target.src = entry.target.dataset.src; watch.unobserve(entry.target); }
}));
document.querySelectorAll("img[data-src]").forEach(image => watch.observe(image));
fetch("/words.json").then(answer => answer.json()).then(given => {
    document.getElementById("words").textContent = given.words;
});
"""
ROUGH = """
fetch("/post.html", {method: "POST", body: "synthetic"}).catch(() => null);
new WebSocket(`ws://${location.host}/socket`);
setTimeout(() => { location.href = "/elsewhere.html"; }, 0);
"""
SCRIPTS = {"/lazy.js": LAZY, "/rough.js": ROUGH}

CODED = {"gzip": lambda body: gzip.compress(body, mtime=0), "br": brotli.compress, "deflate": zlib.compress}
NAMES = ("identity", "gzip", "br", "deflate", "chunked", "gbk", "gb18030")


def article(name: str, number: int = 0) -> bytes:
    """The bytes of an article before any content coding."""
    charset = "gb2312" if name.startswith("gb") else "utf-8"
    extra = "龘𠮷㐂" if name == "gb18030" else ""
    text = PAGE.format(charset=charset, name=name, number=number or sum(map(ord, name)), extra=extra)
    return text.encode(name if name.startswith("gb") else "utf-8")


def sent(name: str, number: int = 0) -> bytes:
    """The body bytes that cross the wire for an article."""
    return CODED.get(name, bytes)(article(name, number))


def colour_of(number: int) -> tuple[int, int, int]:
    """Red, green and blue of `/photo-N.png`."""
    return (number * 50 % 256, 90, 160)


def photo(number: int) -> bytes:
    """A picture of 300 by 200 pixels in one colour, as PNG (ISO/IEC 15948)."""
    rows = (b"\0" + bytes(colour_of(number)) * 300) * 200
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 300, 200, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def part(name: str) -> bytes:
    """One page of an article in several; each reports a number of its own."""
    stem, _, last = name.rpartition("_")
    number = int(last) if len(last) == 1 else 0
    if name.startswith("t"):
        pager = f'<script>createPageHTML(3, {number}, "t20210512_100001", "html");</script>'
    elif number:
        pager = f'<a href="{stem}.html">1</a> 2 <a href="{stem}.html">上一页</a>'
    else:
        pager = f'1 <a href="{name}_2.html">2</a> <a href="{name}_2.html">下一页</a>'
    page = (
        article("long", 400 + number)
        .decode()
        .replace("旁多派出所", ("旁多", "阿朗", "唐古")[number] + "派出所")
    )
    return page.replace("</body>", f"<div>{pager}</div></body>").encode()


class Site(ThreadingHTTPServer):
    """The server; `seen` counts requests by path, `cookies` has the Cookie fields that came with them; while `fails`,
    every answer is a 500. `pages` are further pages of a test's own, by path.
    """

    daemon_threads = True

    def __init__(self, articles: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.articles = articles
        self.seen: Counter[str] = Counter()
        self.cookies: defaultdict[str, set[str]] = defaultdict(set)
        self.scheme = "http"
        self.fails = False
        self.pages: dict[str, str] = {}
        self.on_fatal: Callable[[], None] = lambda: None

    @property
    def url(self) -> str:
        """The address of the site, without a slash at the end."""
        return f"{self.scheme}://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        """Answers by the table above."""
        self.server.seen[self.path] += 1
        self.server.cookies[self.path].add(self.headers.get("Cookie", ""))
        name = self.path.removeprefix("/").partition(".")[0]
        if self.path in SCRIPTS:
            self._send(SCRIPTS[self.path].encode(), "text/javascript")
            return
        if self.server.fails:
            self._send(b"synthetic error", status=500)
        elif self.path in self.server.pages:
            self._send(self.server.pages[self.path].encode(), "text/html; charset=utf-8")
        elif name in NAMES:
            self._article(name)
        elif name.startswith("article-"):
            number = name.removeprefix("article-")
            self._send(article("identity", int(number) if number.isdecimal() else 0))
        elif name.startswith(("t20210512_", "c_")):
            self._send(part(name))
        elif name.startswith("cookie-"):
            named = name.removeprefix("cookie-")
            pages = [f"article-{each}.html" for each in (named, f"{named}-2", f"{named}-3")]
            self._column(pages, {"Set-Cookie": f"source={named}; Path=/"})
        elif name.startswith("photo-") and name != "photo-2":
            self._send(photo(int(name.removeprefix("photo-"))), "image/png")
        elif name.startswith("image-"):
            self._send(b"\x89PNG synthetic" + name.encode(), "image/png")
        else:
            getattr(self, f"_{name.replace('-', '')}", self._gone)()

    def _article(self, name: str) -> None:
        body = sent(name)
        if name == "chunked":
            self._head(200, "text/html", {"Transfer-Encoding": "chunked"})
            for piece in (body[:100], body[100:]):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
            return
        coding = {"Content-Encoding": name} if name in CODED else {}
        self._send(body, "text/html; charset=gb2312" if name.startswith("gb") else "text/html", coding)

    def _list(self) -> None:
        articles = (f"article-{n}.html" for n in range(1, self.server.articles + 1))
        self._column([*(f"{name}.html" for name in NAMES), *articles])

    def _mixed(self) -> None:
        self._column(["weather.html", "identity.html", "article-7.html"])

    def _weather(self) -> None:
        page = article("weather", 9).decode().replace("采集血样", "转移牛羊")
        self._send(page.encode())

    def _column(self, names: list[str], more: dict[str, str] | None = None) -> None:
        row = '<li><a href="/{0}">合成测试页面之链接 {0}</a><span>2021-05-12</span></li>'
        items = "".join(row.format(name) for name in names)
        page = f"<html><head><title>合成列表</title></head><body>synthetic<ul>{items}</ul></body></html>"
        self._send(page.encode(), "text/html; charset=utf-8", more)

    def _robots(self) -> None:
        self._send(b"User-agent: *\nDisallow: /private/\n", "text/plain")

    def _refresh(self) -> None:
        self._send(b'<html><meta http-equiv="refresh" content="0; url=/identity.html">synthetic</html>')

    def _script(self) -> None:
        self._send(
            b'<html><script>window.location.href = "/identity.html";</script><!-- synthetic --></html>'
        )

    def _moved(self) -> None:
        self._send(b"moved", status=301, more={"Location": "/identity.html"})

    def _gone(self) -> None:
        self._send(b"<html>synthetic: 404 not found</html>", status=404)

    def _flaky(self) -> None:
        if self.server.seen[self.path] == 1:
            self._send(b"synthetic error", status=500)
        else:
            self._send(article("flaky"))

    def _styled(self) -> None:
        head = b'<head><link rel="stylesheet" href="/main.css">'
        self._send(article("styled").replace(b"<head>", head, 1))

    def _main(self) -> None:
        self._send(b'@import "more.css"; body { background: url(image-7.png) } /* synthetic */', "text/css")

    def _more(self) -> None:
        self._send(b"p { color: red } /* synthetic */", "text/css")

    def _gentle(self) -> None:
        self._lazy(scripts=("lazy",))

    def _lazy(self, scripts: tuple[str, ...] = ("lazy", "rough")) -> None:
        pictures = "".join(
            f'<p style="height: 900px">合成 {n}<br><img data-src="/photo-{n}.png" width="300" height="200"></p>'
            for n in range(1, 5)
        )
        body = f'<div id="js_content" style="visibility: hidden">{pictures}<p id="words"></p></div>'
        script = "".join(f'<script src="/{name}.js"></script>' for name in scripts)
        page = article("lazy").replace(b"</body>", f"{body}{script}</body>".encode())
        self._send(page, "text/html; charset=utf-8", {"Set-Cookie": "seen=yes"})

    def _words(self) -> None:
        said = {"cookie": self.headers.get("Cookie", ""), "referer": self.headers.get("Referer", "")}
        self._send(json.dumps(said | {"words": "synthetic words of a script"}).encode(), "application/json")

    def _photo2(self) -> None:
        self._send(b"moved", status=302, more={"Location": "/photo-3.png"})

    def _fatal(self) -> None:
        self._send(article("fatal").replace(b"</body>", b'<img src="/deadly.png"></body>'))

    def _deadly(self) -> None:
        self.server.on_fatal()
        self._send(photo(9), "image/png")

    def _busy(self) -> None:
        self._send(b"synthetic: busy", status=503, more={"Retry-After": "3600"})

    def _soon(self) -> None:
        if self.server.seen[self.path] == 1:
            self._send(b"synthetic: too many", status=429, more={"Retry-After": "0"})
        else:
            self._send(article("soon"))

    def _cut(self) -> None:
        self._head(200, "text/html", {"Content-Length": "100000"})
        self.wfile.write(article("cut"))
        self.close_connection = True

    def _big(self) -> None:
        self._send(bytes(range(256)) * 12_000, "application/octet-stream")

    def _hang(self) -> None:
        self._head(200, "text/html", {"Content-Length": "10"})
        self.wfile.flush()
        threading.Event().wait(20)

    def _send(
        self, body: bytes, mime: str = "text/html", more: dict[str, str] | None = None, status: int = 200
    ) -> None:
        self._head(status, mime, {"Content-Length": str(len(body)), **(more or {})})
        self.wfile.write(body)

    def _head(self, status: int, mime: str, more: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", mime)
        for name, value in more.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keeps quiet."""


@contextmanager
def serving(articles: int = 0, *, tls: bool = False) -> Iterator[Site]:
    """The site, served until the block ends."""
    site = Site(articles)
    if tls:
        site.scheme = "https"
        context: ssl.SSLContext = certificate_for(["localhost"])
        site.socket = context.wrap_socket(site.socket, server_side=True)
    thread = threading.Thread(target=site.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()
