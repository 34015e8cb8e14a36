"""Invented captures and readings for the store's tests; hosts are reserved, everything else is made up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from archive.capture import Capture
from db.ingest.writing import ReadCapture
from db.rows import SHANGHAI
from parsers.availability.states import Availability, Notice
from parsers.document import Document, Image, Precision, Published
from parsers.observation import (
    CountRange,
    DateRange,
    Kind,
    Modality,
    Observation,
    PlaceRef,
    Qualifier,
    Reported,
)
from parsers.page import PageKind, Reading

BEGIN = datetime(2021, 5, 12, 2, 0, tzinfo=UTC)

LINZHOU = PlaceRef("540121", "西藏自治区拉萨市林周县", "county")
PANGDUO = PlaceRef("540121208", "西藏自治区拉萨市林周县旁多乡", "township")
LUOLONG = PlaceRef("540329", "西藏自治区昌都市洛隆县", "county")
HAIDONG = PlaceRef("630200", "青海省海东市", "prefecture")

TEXT = "合成测试页面。5月11日，旁多派出所民警为牧民群众采集血样53份。联系电话13800138000。"


def capture(url: str, *, day: int = 0, name: str = "", status: int = 200, mime: str = "text/html") -> Capture:
    """A capture of `url`, `day` days after the first; `name` tells apart captures of one moment."""
    identity = uuid5(NAMESPACE_URL, f"{url} {day} {name}")
    return Capture(
        record_id=f"urn:uuid:{identity}", url=url, time=BEGIN + timedelta(days=day), status=status, mime=mime,
        file="synthetic.warc.gz", offset=1000 * day, length=500, payload_digest=f"sha256:{identity.hex * 2}",
    )  # fmt: skip


def document(text: str = TEXT, **fields: object) -> Document:
    """An article of an invented public account, published on 12 May 2021."""
    values: dict[str, object] = {
        "title": "旁多派出所采血工作", "account": "林周公安", "publisher": "林周公安", "biz": "MzU4NDc0",
        "published": Published(datetime(2021, 5, 12, 10, 20, tzinfo=SHANGHAI), Precision.SECOND, "var ct"),
        "images": (Image("https://img.example/1.jpg", "", 0), Image("https://img.example/2.jpg", "", 5)),
    }  # fmt: skip
    return Document(**{"text": text, **values, **fields})  # type: ignore[arg-type]


def article(found: Document | None = None, canonical: str | None = None) -> Reading:
    """The reading of a live article."""
    return Reading(
        "wechat", PageKind.ARTICLE, Availability.LIVE, canonical_url=canonical, document=found or document()
    )


def notice(state: Availability = Availability.DELETED_BY_PUBLISHER) -> Reading:
    """The reading of a notice page, which names no address."""
    return Reading("wechat", PageKind.NOTICE, state, notice=Notice("该内容已被发布者删除", "zh"))


def observation(
    quote: str = "采集血样53份",
    *,
    text: str = TEXT,
    count: int = 53,
    place: PlaceRef | None = PANGDUO,
    kind: Kind = Kind.INCREMENT,
    modality: Modality = Modality.DNA,
    start: date | None = date(2021, 5, 11),
    end: date | None = date(2021, 5, 11),
    relative: bool = False,
) -> Observation:
    """One claim in an invented text."""
    at = text.index(quote)
    return Observation(
        modality=modality, quote=quote, start=at, end=at + len(quote), kind=kind, unit="份",
        count=CountRange(count, count, Qualifier.EXACT),
        dates=DateRange(start, end, Precision.DAY, "sentence", relative),
        place=place, organ="旁多派出所", targets=("residents",), confidence=0.9, rules=("count.verb",),
    )  # fmt: skip


def reported(*observations: Observation) -> Reported:
    """What is reported, by default one increment of 53 samples."""
    return Reported(relevant=True, observations=observations or (observation(),))


def read_capture(
    taken: Capture,
    reading: Reading | None = None,
    claims: Reported | None = None,
    source_path: str | None = None,
) -> ReadCapture:
    """A capture of a live article with its claims, or of what `reading` says."""
    reading = reading or article()
    if reading.document and claims is None:
        claims = reported()
    return ReadCapture(taken, source_path, reading, claims)
