"""What WeChat shows instead of an article, and the state it stands for (PAGES.md §2)."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from importlib.resources import files
from typing import TYPE_CHECKING

from parsers.availability.states import Availability, Notice
from parsers.markup.prose import one_line

if TYPE_CHECKING:
    from bs4 import Tag

_MESSAGES = (
    (".weui-msg .weui-msg__title", ".weui-msg .weui-msg__desc"),
    (".page_msg .global_error_msg", ".page_msg .page_msg_tips"),
    (".page_msg .text_area .title", ".page_msg .text_area .tips"),
    (".panel .mesg-block p", ".panel .mesg-block .tips"),
    (".page_rumor .rumor_title, .page_rumor h2, .page_rumor h3", ".page_rumor p"),
)
"""The message element and the element with its reason, newest layout first."""

_VERIFICATION_PATHS = ("/mp/wappoc_appmsgcaptcha", "/mp/verify")
_VERIFICATION_MARKS = (b"secitptpage/verify", b'id="js_verify"', b"id='js_verify'", b"TCaptcha.js")


def _folded(text: str) -> str:
    """Text as phrases are compared: no white space or punctuation, one form of 账, small letters."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("帐", "账")
    return "".join(char for char in plain if char.isalnum())


_STATES: tuple[tuple[Availability, tuple[str, ...]], ...] = tuple(
    (Availability(state["availability"]), tuple(_folded(phrase) for phrase in state["phrases"]))
    for state in tomllib.loads(files("parsers.wechat").joinpath("notices.toml").read_text("utf-8"))["state"]
)


def read_message(markup: str) -> Notice | None:
    """The message on a page that holds no article, None when it has no message element."""
    from bs4 import BeautifulSoup  # for pages that hold no article; articles are read without it

    soup = BeautifulSoup(markup, "lxml")
    for message_at, reason_at in _MESSAGES:
        message = _text(soup.select_one(message_at))
        if message:
            reason = _text(soup.select_one(reason_at))
            return Notice(message, _language(f"{message} {reason}"), reason=reason or None)
    return None


def state_of(message: str) -> Availability:
    """The state a message stands for; `unknown` for words that are not in the table, never a guess."""
    folded = _folded(message)
    for availability, phrases in _STATES:
        if any(phrase in folded for phrase in phrases):
            return availability
    return Availability.UNKNOWN


def is_verification(path: str, markup: bytes, scripts: bytes) -> bool:
    """Whether the address or the shell is WeChat's captcha; its words may be put in by script alone."""
    if path.startswith(_VERIFICATION_PATHS):
        return True
    return any(mark in markup or mark in scripts for mark in _VERIFICATION_MARKS)


def _text(element: Tag | None) -> str:
    return one_line(element.get_text(" ")) if element else ""


def _language(text: str) -> str:
    chinese = re.search("[\u4e00-\u9fff]", text) is not None
    english = re.search("[A-Za-z]{3}", text) is not None
    return "mixed" if chinese and english else "en" if english else "zh"
