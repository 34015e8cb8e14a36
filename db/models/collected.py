"""What was watched and what came back: campaigns, sources, pages, captures, pictures, looks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.types import Row


class CampaignRow(Row):
    """What is watched and why. `region` is the GB/T 2260 code prefix that settles namesakes when reading, `words` are
    what the campaign adds to entries of the reading lexicons.
    """

    __tablename__ = "campaign"

    name: Mapped[str] = mapped_column(primary_key=True)
    region: Mapped[str | None]
    words: Mapped[dict[str, Any]]


class SourceRow(Row):
    """A publisher: `kind` is `wechat` (a public account) or `site` (a host)."""

    __tablename__ = "source"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(index=True)
    account_id: Mapped[str | None]
    biz: Mapped[str | None]
    host: Mapped[str | None]


class PageRow(Row):
    """An address within a campaign, and how it was found at the last look.

    `confirmed` is the last state that two looks at different times agree on (`parsers.availability.confirmation`).
    """

    __tablename__ = "page"
    __table_args__ = (Index(None, "campaign", "last_checked"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str] = mapped_column(ForeignKey("campaign.name"))
    url: Mapped[str]
    surt: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    family: Mapped[str]
    availability: Mapped[str] = mapped_column(index=True)
    confirmed: Mapped[str | None] = mapped_column(index=True)
    first_seen: Mapped[datetime]
    last_checked: Mapped[datetime]
    captures: Mapped[int]


class CaptureRow(Row):
    """One response at one moment, in the archive (WARC 1.1), and what was read out of it.

    `surt` is the key of its URL; `canonical` is the page's own address by its own account. `kind`,
    `family`, `availability` and `warnings` are the reading made by `reader`; a picture or a style sheet has
    no page and no reading. `source_uri` is where at a web archive it was had from, when others took it.
    """

    __tablename__ = "capture"
    __table_args__ = (
        Index(None, "campaign", "surt"),
        Index(None, "campaign", "url"),
        Index(None, "page_id", "time"),
        Index(None, "time"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str] = mapped_column(ForeignKey("campaign.name"))
    record_id: Mapped[str] = mapped_column(index=True)
    url: Mapped[str]
    surt: Mapped[str]
    time: Mapped[datetime]
    status: Mapped[int | None]
    mime: Mapped[str]
    file: Mapped[str]
    warc_offset: Mapped[int] = mapped_column(BigInteger)
    warc_length: Mapped[int] = mapped_column(BigInteger)
    payload_digest: Mapped[str] = mapped_column(index=True)
    record_type: Mapped[str]
    refers_to: Mapped[str | None]
    truncated: Mapped[str | None]
    source_uri: Mapped[str | None]
    source_path: Mapped[str | None]
    page_id: Mapped[str | None] = mapped_column(ForeignKey("page.id"))
    document_id: Mapped[str | None] = mapped_column(ForeignKey("document.id"), index=True)
    canonical: Mapped[str | None]
    kind: Mapped[str | None]
    family: Mapped[str | None]
    availability: Mapped[str | None]
    reader: Mapped[str | None] = mapped_column(index=True)
    warnings: Mapped[list[str]]


class LookRow(Row):
    """An availability check: one look at a page, what was found, and the publisher's notice in its own words.

    Every capture of a page is a look at it. One that `holdfast check` took has a record of its own in the archive
    (`record_id`, `archive.noted.look`): it was for the address `url`, of the page that the capture `since_id` had
    shown, went by the proxy `route` and ended with `capture_id`, which may be of another page, or is None when
    `failure` says why nothing came. Looks that its exchanges (`through`) would be by themselves are `part_of` it
    and do not count. `evidence` is what decided the state. `account` is the account's name as the notice, or the
    article, gave it.
    """

    __tablename__ = "look"
    __table_args__ = (Index(None, "page_id", "time"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str] = mapped_column(ForeignKey("campaign.name"))
    page_id: Mapped[str] = mapped_column(ForeignKey("page.id"))
    capture_id: Mapped[str | None] = mapped_column(ForeignKey("capture.id"), index=True)
    time: Mapped[datetime]
    state: Mapped[str]
    evidence: Mapped[str | None]
    record_id: Mapped[str | None]
    url: Mapped[str | None]
    since_id: Mapped[str | None] = mapped_column(index=True)
    failure: Mapped[str | None]
    route: Mapped[str | None]
    through: Mapped[list[str] | None]
    part_of: Mapped[str | None]
    notice: Mapped[str | None]
    notice_language: Mapped[str | None]
    reason: Mapped[str | None]
    reason_id: Mapped[str | None]
    account: Mapped[str | None]
    account_id: Mapped[str | None]


class RequisiteRow(Row):
    """A picture that a page needs.

    `state` is `pending`, `captured`, or `failed` when its server refused it for good.
    """

    __tablename__ = "requisite"
    __table_args__ = (Index(None, "campaign", "state"), Index(None, "campaign", "url"))

    page_id: Mapped[str] = mapped_column(ForeignKey("page.id"), primary_key=True)
    url: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str] = mapped_column(ForeignKey("campaign.name"))
    state: Mapped[str]
    capture_id: Mapped[str | None] = mapped_column(ForeignKey("capture.id"))


class LeadRow(Row):
    """Another article of the same account, `url`, that the article of a page links to."""

    __tablename__ = "lead"

    page_id: Mapped[str] = mapped_column(ForeignKey("page.id"), primary_key=True)
    url: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str] = mapped_column(ForeignKey("campaign.name"), index=True)


class NotKeptRow(Row):
    """A page that was fetched, judged by the campaign's `terms` (their digest) beside the matter, and not kept."""

    __tablename__ = "not_kept"
    __table_args__ = (Index(None, "campaign", "terms"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str]
    url: Mapped[str]
    time: Mapped[datetime]
    status: Mapped[int | None]
    mime: Mapped[str]
    payload_digest: Mapped[str]
    payload_bytes: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str]
    terms: Mapped[str]
