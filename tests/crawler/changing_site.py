"""Invented sites whose pages change between two visits, one for each way a page can be found; behind one local proxy.

Each case has a host of its own on a reserved name, so that what one does to its visitor does not touch the next.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from parsers.availability.states import Availability as A  # noqa: N817 - a column of the table

PAGES = Path(__file__).parents[1] / "parsers" / "pages"

ARTICLE = """<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>
<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="2021-05-12 10:20">
<meta name="SiteName" content="合成县人民政府"></head><body><h1>{title}</h1><p>本页为合成测试页面。</p>
<div class="TRS_Editor"><p>合成测试页面，内容均为虚构。</p><p>{text}</p>
<p>当天天气晴朗，村委会干部在场协助，活动持续到傍晚，群众陆续回家。{more}</p></div></body></html>"""
TITLE = "旁多派出所采血工作"
TEXT = "2021年5月11日，旁多派出所民警为牧民群众采集血样{count}份。"
WECHAT = (PAGES / "wechat" / "2020_article.html").read_text("utf-8")
COLUMN = """<!doctype html><html><head><meta charset="utf-8"><title>合成要闻</title>
<meta name="ColumnName" content="要闻"></head><body><p>合成测试页面</p><ul>{}</ul></body></html>""".format(
    "".join(
        f'<li><a href="/202105/t2021051{n}_{n}.html">合成测试新闻标题第{n}条</a><span>2021-05-1{n}</span></li>'
        for n in range(1, 9)
    )
)
EMPTY = (
    '<!doctype html><html><head><meta charset="utf-8"><title>合成</title></head><body>合成测试</body></html>'
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sends."""

    body: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """A page as it is first, as it is later, and how it must then be found; `also` are other addresses of its site."""

    name: str
    found: A
    later: Answer
    first: Answer | None = None
    path: str = "/202105/t20210511_1.html"
    host: str = ""
    also: dict[str, Answer] = field(default_factory=dict)
    etag: str = ""

    @property
    def url(self) -> str:
        """The address that is crawled and checked."""
        return f"http://{self.host or 'www'}.{self.name}.example{self.path}"

    @property
    def before(self) -> Answer:
        """The page at the first visit."""
        return self.first or Answer(article())


def article(count: int = 53, more: str = "", title: str = TITLE) -> str:
    """An article of an invented county."""
    return ARTICLE.format(title=title, text=TEXT.format(count=count), more=more)


def wechat(name: str, notice: str, found: A) -> Case:
    """A WeChat article in whose place a notice of the suite stands later; both are served with status 200."""
    later = (PAGES / "wechat" / f"{notice}.html").read_text("utf-8")
    own = WECHAT.replace("mp.weixin.example", f"mp.weixin.{name}.example").replace(
        "2650000101", str(len(name))
    )
    return Case(name, found, Answer(later), Answer(own), "/s/AAAAAAAAAAAAAAAAAAAAAA", "mp.weixin")


def saved(family: str, name: str, status: int = 200, **headers: str) -> Answer:
    """A page of the parsers' suite."""
    body = (PAGES / family / f"{name}.html").read_text("utf-8")
    return Answer(body, status, {field.replace("_", "-"): value for field, value in headers.items()})


def to(url: str, status: int = 302) -> Answer:
    """A redirect."""
    return Answer("moved", status, {"Location": url})


HOME = {"/": Answer(COLUMN)}

CASES = (
    Case("same-etag", A.LIVE, Answer(article(54)), Answer(article(54)), etag='"one"'),
    Case("same-bytes", A.LIVE, Answer(article())),
    Case(
        "same-text", A.LIVE, Answer(article(more="　阅读次数：981")), Answer(article(more="　阅读次数：12"))
    ),
    Case("moved", A.LIVE, to("/x.html", 301), also={"/x.html": Answer(article())}),
    Case("figure-altered", A.CHANGED, Answer(article(35))),
    Case("rewritten", A.CHANGED, Answer(ARTICLE.format(title=TITLE, text="经核实，" * 40, more=""))),
    Case("etag-altered", A.CHANGED, Answer(article(99), headers={"ETag": '"two"'}), etag='"one"'),
    wechat("deleted", "notice_deleted_zh", A.DELETED_BY_PUBLISHER),
    wechat("deleted-en", "notice_deleted_en", A.DELETED_BY_PUBLISHER),
    wechat("violation", "notice_violation", A.REMOVED_FOR_VIOLATION),
    Case("legal-reasons", A.REMOVED_FOR_VIOLATION, Answer(EMPTY, 451)),
    wechat("complaint", "notice_complaint_infringement", A.COMPLAINED_ABOUT),
    wechat("closed", "notice_account_cancelled", A.ACCOUNT_CLOSED),
    wechat("banned", "notice_account_banned", A.ACCOUNT_BANNED),
    wechat("migrated", "notice_migrated", A.MIGRATED),
    wechat("migrating", "notice_migrating", A.MIGRATING),
    wechat("restricted", "notice_restricted", A.RESTRICTED),
    wechat("rumoured", "notice_rumour", A.RUMOUR),
    wechat("for-now", "notice_temporarily_unavailable", A.TEMPORARILY_UNAVAILABLE),
    Case(
        "expired",
        A.LINK_EXPIRED,
        saved("wechat", "notice_link_expired"),
        saved("wechat", "2018_temporary_link"),
        "/s?src=11&timestamp=1&ver=1&signature=x&new=1",
        "mp.weixin",
    ),
    wechat("expired-for-good", "notice_link_expired", A.UNKNOWN),
    wechat("mistaken", "notice_bad_link", A.BAD_LINK),
    wechat("new-words", "notice_unknown_words", A.UNKNOWN),
    Case("not-found", A.NOT_FOUND, saved("generic", "not_found_404", 404)),
    Case("not-found-bare", A.NOT_FOUND, Answer("", 404)),
    Case("gone", A.NOT_FOUND, saved("generic", "gone_410", 410)),
    Case("to-not-found", A.NOT_FOUND, to("/404.html"), also={"/404.html": Answer(EMPTY, 404)}),
    Case("soft", A.SOFT_404, saved("generic", "soft_404")),
    Case("soft-withdrawn", A.SOFT_404, saved("generic", "soft_404_withdrawn")),
    Case("list-instead", A.SOFT_404, Answer(COLUMN)),
    Case("to-error-page", A.SOFT_404, to("/error.html"), also={"/error.html": Answer(EMPTY)}),
    Case(
        "to-other-article",
        A.SOFT_404,
        to("/202309/t20230901_9.html"),
        also={
            "/202309/t20230901_9.html": Answer(ARTICLE.format(title="秋收", text="青稞丰收。" * 60, more=""))
        },
    ),
    Case("home", A.REDIRECTED_HOME, to("/", 301), also=HOME),
    Case("home-by-index", A.REDIRECTED_HOME, to("/index.html"), also={"/index.html": Answer(COLUMN)}),
    Case("home-by-meta", A.REDIRECTED_HOME, saved("generic", "redirected_home_refresh"), also=HOME),
    Case("home-by-script", A.REDIRECTED_HOME, saved("generic", "redirected_home_script"), also=HOME),
    Case("home-not-modified", A.REDIRECTED_HOME, to("/"), etag='"one"', also=HOME),
    wechat("captcha", "captcha_shell", A.BLOCKED),
    wechat("captcha-words", "captcha_with_words", A.BLOCKED),
    Case(
        "to-captcha",
        A.BLOCKED,
        to("/mp/wappoc_appmsgcaptcha?poc_token=x"),
        also={"/mp/wappoc_appmsgcaptcha?poc_token=x": Answer(EMPTY)},
    ),
    Case("to-log-in", A.BLOCKED, to("/sso/login?to=x"), also={"/sso/login?to=x": Answer(COLUMN)}),
    Case("firewall", A.BLOCKED, saved("generic", "firewall_412", 412)),
    Case("firewall-like-a-page", A.BLOCKED, saved("generic", "waf_intercepted_200")),
    Case("forbidden", A.BLOCKED, Answer(EMPTY, 403)),
    Case("slider", A.BLOCKED, saved("generic", "verification_slider")),
    Case("too-many", A.BLOCKED, saved("generic", "too_many_requests_429", 429, Retry_After="0")),
    Case("blocked-as-404", A.BLOCKED, saved("generic", "verification_words", 404)),
    Case("overloaded", A.SERVER_ERROR, saved("generic", "maintenance_503", 503, Retry_After="0")),
    wechat("wechat-error", "notice_system_error", A.SERVER_ERROR),
    Case("nothing-there", A.UNKNOWN, Answer(EMPTY)),
)


class ChangingWeb(ThreadingHTTPServer):
    """The proxy; `asked` counts requests by address, `headers` has those of the last request for each."""

    daemon_threads = True

    def __init__(self, cases: tuple[Case, ...]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.cases = {urlsplit(case.url).hostname: case for case in cases}
        self.later = False
        self.asked: Counter[str] = Counter()
        self.headers: dict[str, dict[str, str]] = {}

    @property
    def address(self) -> str:
        """What the settings name as proxy."""
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, url: str, condition: str | None) -> Answer:
        """What a request for an address gets."""
        parts = urlsplit(url)
        case = self.cases.get(parts.hostname)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if case is None:
            return Answer(EMPTY, 404)
        if path != case.path:
            if case.etag and condition and path in case.also:
                return Answer("", 304)
            return case.also.get(path, Answer(EMPTY, 404)) if self.later else Answer(EMPTY, 404)
        answer = case.later if self.later else case.before
        if case.etag and answer.status == 200:
            tag = answer.headers.get("ETag", case.etag)
            if condition == tag:
                return Answer("", 304, {"ETag": tag})
            return Answer(answer.body, 200, {**answer.headers, "ETag": tag})
        return answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ChangingWeb

    def do_GET(self) -> None:
        """Answers for the host in the request line, as a proxy does."""
        self.server.asked[self.path] += 1
        self.server.headers[self.path] = dict(self.headers.items())
        answer = self.server.answer(self.path, self.headers.get("If-None-Match"))
        body = answer.body.encode()
        self.send_response(answer.status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **answer.headers}.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keeps quiet."""


@contextmanager
def changing_web(cases: tuple[Case, ...] = CASES) -> Iterator[ChangingWeb]:
    """The sites, served until the block ends; set `later` for the second visit."""
    web = ChangingWeb(cases)
    thread = threading.Thread(target=web.serve_forever, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        web.shutdown()
        web.server_close()
