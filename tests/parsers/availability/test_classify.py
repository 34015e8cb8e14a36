"""Every state a page can be found in, and what decides it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.availability.classify import Failure, Look, classify
from parsers.availability.states import Availability as A  # noqa: N817 - a column of the table
from parsers.availability.states import Notice
from parsers.document import Document
from parsers.page import PageKind, Reading

URL = "https://www.gov.example/2020/05/t20200501_1.html"
WECHAT = "https://mp.weixin.example/s/AAAAAAAAAAAAAAAAAAAAAA"
TEMPORARY = "https://mp.weixin.example/s?src=11&timestamp=1&ver=1&signature=x&new=1"
ARTICLE = Reading("generic", PageKind.ARTICLE, A.LIVE, document=Document("题目", "正文"))
LISTING = Reading("generic", PageKind.LISTING, A.LIVE)
UNSURE = Reading("thepaper", PageKind.LISTING, A.UNKNOWN)
NOTHING = Reading("none", PageKind.OTHER, A.UNKNOWN)
CAPTCHA = Reading("wechat", PageKind.VERIFICATION, A.BLOCKED)


def notice(state: A) -> Reading:
    return Reading("wechat", PageKind.NOTICE, state, notice=Notice("提示", "zh"))


TABLE = [
    ("an article", Look(URL, 200, reading=ARTICLE), A.LIVE),
    ("the same text", Look(URL, 200, reading=ARTICLE, similarity=1.0, was_article=True), A.LIVE),
    ("one figure altered", Look(URL, 200, reading=ARTICLE, similarity=0.9996, was_article=True), A.CHANGED),
    ("another text", Look(URL, 200, reading=ARTICLE, similarity=0.4, was_article=True), A.CHANGED),
    (
        "a text with nothing of the last",
        Look(URL, 200, reading=ARTICLE, similarity=0.1, was_article=True),
        A.UNKNOWN,
    ),
    (
        "led to another article",
        Look(URL, 200, "https://www.gov.example/x.html", ARTICLE, similarity=0.3, was_article=True),
        A.SOFT_404,
    ),
    (
        "led to where it has moved",
        Look(URL, 200, "https://www.gov.example/x.html", ARTICLE, similarity=1.0, was_article=True),
        A.LIVE,
    ),
    (
        "led to a captcha on a host of that name",
        Look("https://captcha.example/s/x", 200, "https://captcha.example/captcha?t=x", ARTICLE),
        A.BLOCKED,
    ),
    ("not modified", Look(URL, 304, reading=ARTICLE, similarity=1.0, was_article=True), A.LIVE),
    (
        "not modified, said of another page",
        Look(URL, 304, "https://www.gov.example/", was_article=True),
        A.REDIRECTED_HOME,
    ),
    ("a column", Look("https://www.gov.example/col/", 200, reading=LISTING), A.LIVE),
    ("deleted", Look(WECHAT, 200, reading=notice(A.DELETED_BY_PUBLISHER)), A.DELETED_BY_PUBLISHER),
    ("violation", Look(WECHAT, 200, reading=notice(A.REMOVED_FOR_VIOLATION)), A.REMOVED_FOR_VIOLATION),
    ("complaint", Look(WECHAT, 200, reading=notice(A.COMPLAINED_ABOUT)), A.COMPLAINED_ABOUT),
    ("account closed", Look(WECHAT, 200, reading=notice(A.ACCOUNT_CLOSED)), A.ACCOUNT_CLOSED),
    ("account banned", Look(WECHAT, 200, reading=notice(A.ACCOUNT_BANNED)), A.ACCOUNT_BANNED),
    ("migrated", Look(WECHAT, 200, reading=notice(A.MIGRATED)), A.MIGRATED),
    ("migrating", Look(WECHAT, 200, reading=notice(A.MIGRATING)), A.MIGRATING),
    ("restricted", Look(WECHAT, 200, reading=notice(A.RESTRICTED)), A.RESTRICTED),
    ("rumour", Look(WECHAT, 200, reading=notice(A.RUMOUR)), A.RUMOUR),
    ("for now", Look(WECHAT, 200, reading=notice(A.TEMPORARILY_UNAVAILABLE)), A.TEMPORARILY_UNAVAILABLE),
    ("a Sogou link that expired", Look(TEMPORARY, 200, reading=notice(A.LINK_EXPIRED)), A.LINK_EXPIRED),
    ("a permanent link cannot expire", Look(WECHAT, 200, reading=notice(A.LINK_EXPIRED)), A.UNKNOWN),
    ("our mistake", Look(WECHAT, 200, reading=notice(A.BAD_LINK)), A.BAD_LINK),
    ("words not in the table", Look(WECHAT, 200, reading=notice(A.UNKNOWN)), A.UNKNOWN),
    ("not found", Look(URL, 404), A.NOT_FOUND),
    ("not found with a page of its own", Look(URL, 404, reading=LISTING), A.NOT_FOUND),
    ("gone", Look(URL, 410), A.NOT_FOUND),
    ("a notice under status 200", Look(URL, 200, reading=notice(A.SOFT_404)), A.SOFT_404),
    ("a list in its place", Look(URL, 200, reading=LISTING, was_article=True), A.SOFT_404),
    (
        "led to another page",
        Look(URL, 200, "https://www.gov.example/error.html", NOTHING, was_article=True),
        A.SOFT_404,
    ),
    ("led to the front page", Look(URL, 200, "https://www.gov.example/", LISTING), A.REDIRECTED_HOME),
    ("led to index.html", Look(URL, 200, "https://www.gov.example/index.html", LISTING), A.REDIRECTED_HOME),
    ("led to its https twin", Look(URL.replace("https", "http"), 200, URL, ARTICLE), A.LIVE),
    ("led to its permanent address", Look(TEMPORARY, 200, WECHAT, ARTICLE), A.LIVE),
    ("captcha", Look(WECHAT, 200, reading=CAPTCHA), A.BLOCKED),
    ("captcha under 404", Look(WECHAT, 404, reading=CAPTCHA), A.BLOCKED),
    (
        "led to a captcha",
        Look(WECHAT, 200, "https://mp.weixin.example/mp/wappoc_appmsgcaptcha?poc_token=x", NOTHING),
        A.BLOCKED,
    ),
    ("led to a log-in", Look(URL, 200, "https://sso.gov.example/login?to=x", LISTING), A.BLOCKED),
    ("forbidden", Look(URL, 403, was_article=True), A.BLOCKED),
    ("firewall", Look(URL, 412, reading=NOTHING, was_article=True), A.BLOCKED),
    ("too many requests", Look(URL, 429), A.BLOCKED),
    ("an article under an odd status", Look(URL, 202, reading=ARTICLE), A.LIVE),
    ("legal reasons", Look(URL, 451), A.REMOVED_FOR_VIOLATION),
    ("server error", Look(URL, 503), A.SERVER_ERROR),
    ("an unheard-of server error", Look(URL, 599), A.SERVER_ERROR),
    ("an unheard-of refusal", Look(URL, 477), A.UNKNOWN),
    ("no name", Look(URL, failure=Failure.DNS), A.UNREACHABLE),
    ("no handshake", Look(URL, failure=Failure.TLS), A.UNREACHABLE),
    ("nothing to go by", Look(URL, 200, reading=NOTHING, was_article=True), A.UNKNOWN),
    ("no body", Look(URL, 200), A.UNKNOWN),
    ("a list that its reader was not sure of", Look(URL, 200, reading=UNSURE, was_article=True), A.UNKNOWN),
]
GONE = {
    *(
        A.DELETED_BY_PUBLISHER,
        A.REMOVED_FOR_VIOLATION,
        A.COMPLAINED_ABOUT,
        A.ACCOUNT_CLOSED,
        A.ACCOUNT_BANNED,
    ),
    *(A.NOT_FOUND, A.SOFT_404, A.REDIRECTED_HOME),
}


@pytest.mark.parametrize(("look", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_a_look_gives_its_state(look: Look, expected: A) -> None:
    verdict = classify(look)
    assert verdict.availability is expected
    assert verdict.evidence


def test_every_state_has_its_row() -> None:
    assert {expected for _, _, expected in TABLE} == set(A)


@given(
    status=st.integers(100, 599),
    final=st.sampled_from([None, URL, "https://www.gov.example/", "https://www.gov.example/x"]),
    was_article=st.booleans(),
)
def test_a_page_that_asks_for_verification_is_never_gone(
    status: int, final: str | None, was_article: bool
) -> None:
    look = Look(URL, status, final, CAPTCHA, was_article=was_article)
    assert classify(look).availability not in GONE
