"""Which page an address stands for, whatever has been hung on it on the way."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

_RULES = tomllib.loads(files("parsers").joinpath("identity.toml").read_text("utf-8"))
_TRACKING = frozenset(_RULES["tracking"].split())
_SESSIONS = frozenset(_RULES["sessions"].split())
_MOBILE = tuple(f"{label}." for label in _RULES["mobile_hosts"].split())
_TWINS = tuple((re.compile(rule["mobile"]), rule["desktop"]) for rule in _RULES["twins"])

_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sessionid)=[^/?;]{1,200}", re.IGNORECASE)
_HOST = re.compile(r"[\w.~:%-]{1,255}")
_SHORT_TOKEN = re.compile(r"/s/([A-Za-z0-9_-]{8,64})/?")
_BIZ = re.compile(r"[A-Za-z0-9+/]{4,40}={0,2}")
_SN = re.compile(r"[0-9a-fA-F]{32}")
_OLD_NAMES = {"appmsgid": "mid", "itemidx": "idx", "sign": "sn"}
_WECHAT_PATHS = frozenset(("/s", "/mp/appmsg/show", "/mp/rumor"))
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST = 8192


@dataclass(frozen=True, slots=True)
class WeChatId:
    """What names a WeChat article for good: the account's base64 id, the message, and the place in it.

    `sn` is needed to open the article, but two addresses that differ only in it are one article.
    """

    biz: str
    mid: str
    idx: str
    sn: str | None = None

    def url(self, host: str = "mp.weixin.qq.com") -> str:
        """The long permanent address."""
        sn = f"&sn={self.sn}" if self.sn else ""
        return f"https://{host}/s?__biz={self.biz}&mid={self.mid}&idx={self.idx}{sn}"


@lru_cache(maxsize=1024)
def canonical(url: str) -> str:
    """The address of the page itself: escapes undone, tracking, session ids and fragment gone.

    A WeChat article gets its permanent long or short address; a temporary address from Sogou, which expires
    within hours and names nothing, stays as it is (see `is_temporary`). Anything that is no http(s) address
    is given back trimmed. The result is canonical itself.
    """
    trimmed = _unescaped(url.strip())
    try:
        parts = urlsplit(trimmed)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return trimmed
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host) or len(trimmed) > _LONGEST:
        return trimmed
    article = wechat_id(trimmed)
    if article:
        return article.url(host)
    token = _SHORT_TOKEN.fullmatch(parts.path)
    if token and _is_wechat(host):
        return f"https://{host}/s/{token[1]}"
    named = f"[{host}]" if ":" in host else host
    netloc = named if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{named}:{port}"
    path = quote(_SESSION_IN_PATH.sub("", parts.path), safe="/%:@!$&'()*+,;=~-._") or "/"
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _is_noise(pair))
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return urlunsplit((parts.scheme, netloc, path, quote(query, safe="/%:@!$&'()*+,;=~-._?[]"), fragment))


def page_key(url: str) -> str:
    """One key for all addresses of one page: the SURT form of its canonical address.

    The scheme, `www.`, mobile hosts and the order of parameters make no difference; letter case in the path
    does. WeChat articles are keyed by account, message and place alone. An address that is not http(s) is its
    own key.
    """
    address = canonical(url)
    article = wechat_id(address)
    if article:
        address = WeChatId(article.biz, article.mid, article.idx).url(urlsplit(address).hostname or "")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    except ValueError:
        return address
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return address
    place = _desktop(host + parts.path)
    query = f"?{parts.query}" if parts.query else ""
    host, slash, path = place.partition("/")
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    import surt  # loads a HTTP client besides, which most commands have no use for

    key = surt.surt(f"http://{host}{port}{slash}{path}{query}", path_lowercase=False, query_lowercase=False)
    return f"{key}{fragment}"


def wechat_id(url: str) -> WeChatId | None:
    """The identity in a long WeChat address of any age, escaped once or more; None when it holds none."""
    try:
        parts = urlsplit(_unescaped(url.strip()))
        pairs = parse_qsl(parts.query.partition("#")[0], max_num_fields=100)
    except ValueError:
        return None
    if parts.path.rstrip("/") not in _WECHAT_PATHS:
        return None
    given: dict[str, str] = {}
    for name, value in pairs:
        given.setdefault(_OLD_NAMES.get(name, name), unquote(value).replace(" ", "+").strip())
    biz, mid, idx = given.get("__biz", ""), given.get("mid", ""), given.get("idx", "1")
    if not (_BIZ.fullmatch(biz) and _is_number(mid) and _is_number(idx)):
        return None
    sn = given.get("sn", "")
    return WeChatId(biz, mid, idx, sn.lower() if _SN.fullmatch(sn) else None)


def is_temporary(url: str) -> bool:
    """Whether the address is a signed one from Sogou, which expires and must never name a page."""
    try:
        parts = urlsplit(_unescaped(url.strip()))
        names = {name for name, _ in parse_qsl(parts.query, max_num_fields=100)}
    except ValueError:
        return False
    return {"src", "timestamp", "signature"} <= names and wechat_id(url) is None


def _unescaped(url: str) -> str:
    """`&amp;` undone however often it was done, JavaScript's `\\x26` too, and a missing scheme added."""
    text = url[: _LONGEST + 1].replace("\\x26", "&").replace("\\/", "/")
    for _ in range(3):
        text = text.replace("&amp;", "&").replace("&#38;", "&")
    if text.startswith("//"):
        return f"https:{text}"
    if re.match(r"mp\.weixin\.qq\.com/", text):
        return f"https://{text}"
    if text[:15].lower().startswith(("http%3a", "https%3a")):
        return unquote(text)
    return text


def _is_wechat(host: str) -> bool:
    return host.startswith("mp.weixin.") or host.endswith(".mp.weixin.qq.com")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 20


def _is_noise(pair: str) -> bool:
    name = unquote(pair.partition("=")[0]).lower()
    return name in _TRACKING or name in _SESSIONS


def _desktop(place: str) -> str:
    for mobile, desktop in _TWINS:
        match = mobile.fullmatch(place)
        if match:
            return match.expand(desktop)
    for label in _MOBILE:
        if place.startswith(label) and place.partition("/")[0].count(".") >= 2:
            return place[len(label) :]
    return place
