"""Where alerts go: the `[alerts]` tables of the settings."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
"""As browsers check one (https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address)."""


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("this is no e-mail address")
    return value


def _web_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^/\s]+\S*", value):
        raise ValueError("this is no web address; it begins with https:// or http://")
    return value


Mailbox = Annotated[str, AfterValidator(_address)]


class AlertKind(StrEnum):
    """What there is to be told of, the loudest first; a message lists them in this order."""

    VERIFY_FAILED = "verify_failed"
    DISK_LOW = "disk_low"
    EDITED_FIGURE = "edited_figure"
    DELETED = "deleted"
    CRAWL_FAILING = "crawl_failing"
    NEW_PAGE = "new_page"
    WATCH_BEGUN = "watch_begun"


class _Channel(BaseModel):
    """`kinds` are what this channel is told of."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kinds: Annotated[tuple[AlertKind, ...], Field(min_length=1)] = tuple(AlertKind)


class Mail(_Channel):
    """E-mail by an SMTP server. The password is the first line of `password_file`, so that it is in no settings."""

    server: str = Field(min_length=1)
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password_file: str = ""
    sender: Mailbox
    to: Annotated[tuple[Mailbox, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _never_in_the_clear(self) -> Mail:
        if bool(self.user) != bool(self.password_file):
            raise ValueError("give both of user and password_file, or neither")
        if self.user and self.security == "none":
            raise ValueError("a password is sent with security starttls or tls only")
        return self


class Webhook(_Channel):
    """JSON posted to an address, signed with the first line of `secret_file` (Standard Webhooks) if there is one."""

    url: Annotated[str, AfterValidator(_web_address)]
    secret_file: str = ""


class Feed(_Channel):
    """An Atom file for a feed reader or a web server; a relative path begins at the workspace."""

    path: str = Field("alerts.atom", min_length=1)


class Alerts(BaseModel):
    """Who is told of what. Alerts wait `gather_seconds` for others, so that a bad night is one message."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    gather_seconds: int = Field(300, ge=0)
    email: Mail | None = None
    webhook: Webhook | None = None
    feed: Feed | None = None

    @property
    def sent_to(self) -> dict[str, Mail | Webhook]:
        """The channels that messages are sent to, by name."""
        named = {"email": self.email, "webhook": self.webhook}
        return {name: channel for name, channel in named.items() if channel}

    def __bool__(self) -> bool:
        return bool(self.email or self.webhook or self.feed)
