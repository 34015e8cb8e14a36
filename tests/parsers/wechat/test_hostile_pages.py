"""Pages made to be slow or deep are read all the same; the suite's time limit is the measure."""

from __future__ import annotations

import pytest

from parsers import Page, read
from parsers.availability.states import Availability

SHELL = b"<html><body id=activity-detail class=wx_wap_page>%s</body></html>"

PAGES = {
    "comments that never end": b"<!--" * 300_000,
    "scripts that never end": b"<script>" * 100_000,
    "tags that never end": b"<script" * 100_000,
    "deep elements": b"<div>" * 30_000 + b"x",
    "deep message": b"<div class=weui-msg>" * 20_000 + b"<p class=weui-msg__title>x",
    "deep literal": b"<script>window.cgiDataNew = " + b"{a:" * 50_000 + b"</script>",
    "endless string": b"<script>window.cgiDataNew = {a:'" + b"\\\\" * 400_000 + b"</script>",
    "many variables": b"<script>" + b"var ct=" * 50_000 + b"</script>",
    "many alternatives": b"<script>var biz = " + b"'' || " * 50_000 + b"</script>",
    "many styles": b"<p style='font-size:0;opacity:" + b"0" * 100_000 + b"'>x",
    "many addresses": b"<div id=js_content>" + b"<p style='background:url(" * 20_000,
    "many pictures": b"<div id=js_content>" + b"<img data-src=//i.example/1>" * 20_000,
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("inside", PAGES.values(), ids=PAGES)
def test_a_hostile_page_is_read_in_time(inside: bytes) -> None:
    reading = read(Page("https://mp.weixin.example/s/AAAAAAAAAAAAAAAAAAAAAA", SHELL % inside))
    assert reading.availability in (Availability.UNKNOWN, Availability.LIVE)
