"""大汉 (Hanweb) lists: the XML windows of JCMS and the JSON units of its successor JPAAS (PAGES.md §5.3)."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from lxml.html import HtmlElement

from parsers.listing.rows import row_links
from parsers.markup.html import absolute, parse
from parsers.page import Link, LinkRole

_PROXY = "/module/web/jpage/dataproxy.jsp"
_UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_FORM = (
    "col",
    "appid",
    "webid",
    "path",
    "columnid",
    "sourceContentType",
    "unitid",
    "webname",
    "permissiontype",
)
_FIXED = {"col": "1", "appid": "1", "path": "/", "sourceContentType": "1", "permissiontype": "0"}
_TOTAL = re.compile(r"<totalrecord>\s*(\d{1,7})", re.IGNORECASE)
_GROUP = re.compile(r"<nextgroup>.{0,40}?href\s*=\s*[\"']([^\"'<>]{10,600})", re.DOTALL | re.IGNORECASE)
_PER_PAGE = re.compile(r"perpage[\"']?\s*[:=]\s*[\"']?(\d{1,3})", re.IGNORECASE)
_QUERY_DATA = re.compile(
    r"querydata\s*=\s*(?P<mark>[\"'])(?P<value>\{.{10,2000}?\})(?P=mark)", re.IGNORECASE | re.DOTALL
)
_PAIR = re.compile(r"[\"'](\w+)[\"']\s*:\s*[\"']([^\"']*)[\"']")
_WINDOW_PAGES = 3
_UNIT_ROWS = 50
_LONGEST = 4_000_000


def records(text: str, base_url: str, seen_on: date | None) -> tuple[Link, ...]:
    """The rows of a `<datastore>`, in an answer or in a page's `<script type="text/xml">`.

    Cut by `<record>`, since the XML is not always well-formed.
    """
    fragments = [html.unescape(record) if "&lt;" in record else record for record in _cut(text)]
    return row_links(parse("<ul>" + "\n".join(fragments) + "</ul>"), base_url, seen_on) if fragments else ()


def next_window(text: str, base_url: str) -> Link | None:
    """The next window of records, as the POST that JCMS's own script sends; None at the end of the list.

    The form's fields also stand in the address, so that windows of different columns have different
    addresses and an answer can be gone on from without its request.
    """
    given = dict(parse_qsl(urlsplit(base_url).query))
    form = _form(text, given)
    if "columnid" not in form or "unitid" not in form:
        return None
    count = len(_cut(text))
    total = _TOTAL.search(text)
    per_page = _PER_PAGE.search(text)
    rows = int(given.get("perpage") or (per_page[1] if per_page else 0) or max(count // _WINDOW_PAGES, 1))
    start = int(given["startrecord"]) if given.get("startrecord", "").isdigit() else 1
    following = start + count
    if not count or (total and following > int(total[1])):
        return None
    end = following + rows * _WINDOW_PAGES - 1
    end = min(end, int(total[1])) if total else end
    window = {"startrecord": str(following), "endrecord": str(end), "perpage": str(rows)}
    url = absolute(f"{_PROXY}?{urlencode({**window, **form})}", base_url)
    return Link(url, LinkRole.NEXT, post=tuple(form.items())) if url else None


def is_unit_answer(text: str) -> bool:
    """Whether a JSON text is the answer of a JPAAS unit."""
    return _unit_html(text) is not None


def unit_rows(text: str, base_url: str, seen_on: date | None) -> tuple[Link, ...]:
    """The rows of a JPAAS answer."""
    fragment = _unit_html(text)
    return row_links(parse(fragment), base_url, seen_on) if fragment else ()


def next_unit(text: str, base_url: str) -> Link | None:
    """The JPAAS unit after this one: page 1 from a column page's `queryData`, then one more from each
    answer.
    """
    given = dict(parse_qsl(urlsplit(base_url).query))
    if "paramJson" in given:
        fragment = _unit_html(text)
        if not fragment or not row_links(parse(fragment), base_url):
            return None
        return _unit(given, _page_number(given["paramJson"]) + 1, base_url)
    data = _QUERY_DATA.search(text)
    pairs = dict(_PAIR.findall(html.unescape(data["value"]))) if data else {}
    return _unit(pairs, 1, base_url) if {"webId", "pageId"} <= set(pairs) else None


def datastores(dom: HtmlElement) -> str:
    """The `<datastore>` texts that a page carries in its scripts, joined."""
    carried = (script.text or "" for script in dom.iter("script"))
    return "\n".join(
        text for text in carried if "<datastore" in text[:2000].lower() or "<recordset" in text[:4000].lower()
    )


def _cut(text: str) -> list[str]:
    """What stands between `<record>` and `</record>`, without CDATA marks."""
    inside = (part.partition("</record>") for part in text[:_LONGEST].split("<record>")[1:])
    return [
        record.strip().removeprefix("<![CDATA[").removesuffix("]]>") for record, closed, _ in inside if closed
    ]


def _form(text: str, given: dict[str, str]) -> dict[str, str]:
    group = _GROUP.search(text)
    stated = dict(parse_qsl(urlsplit(html.unescape(group[1])).query)) if group else {}
    values: dict[str, str] = {}
    for field in _FORM:
        written = re.search(
            rf"[\"']?\b{field}[\"']?\s*[:=]\s*[\"']?([^\"'&,;\s<>{{}}]{{1,80}})", text[:_LONGEST]
        )
        value = (
            given.get(field) or stated.get(field) or (written[1] if written else None) or _FIXED.get(field)
        )
        if value is not None:
            values[field] = value
    return values


def _unit(pairs: dict[str, str], number: int, base_url: str) -> Link | None:
    fields = {key: value for key, value in pairs.items() if key != "paramJson"}
    fields.setdefault("parseType", "bulidstatic")  # the servers' own spelling
    fields["paramJson"] = json.dumps({"pageNo": number, "pageSize": _UNIT_ROWS}, separators=(",", ":"))
    url = absolute(f"{_UNIT}?{urlencode(fields, quote_via=quote)}", base_url)
    return Link(url, LinkRole.NEXT) if url else None


def _page_number(parameters: str) -> int:
    try:
        return int(json.loads(parameters)["pageNo"])
    except (ValueError, KeyError, TypeError):
        return 1


def _unit_html(text: str) -> str | None:
    if not text.lstrip().startswith("{") or '"html"' not in text:
        return None
    try:
        data = json.loads(text).get("data")
    except (ValueError, AttributeError):
        return None
    fragment = data.get("html") if isinstance(data, dict) else None
    return fragment if isinstance(fragment, str) else None
