"""Campaign files: what is watched and why (TOML, validated by pydantic)."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from workspace.errors import InvalidCampaign, UnknownCampaign
from workspace.layout import Workspace

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class SourceKind(StrEnum):
    """What the address of a source leads to."""

    PAGE = "page"
    COLUMN = "column"
    SITE = "site"
    FEED = "feed"
    SITEMAP = "sitemap"
    ALBUM = "album"
    SEARCH = "search"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Region(_Part):
    """The area a campaign is about: a GB/T 2260 code prefix and the names it goes by."""

    code: str = Field(pattern=r"^\d{2}(\d{2}(\d{2})?)?$")
    name: str
    name_en: str = ""


class Period(_Part):
    """The days a campaign covers, both included; without `end` it is still going on."""

    start: date
    end: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.end and self.end < self.start:
            raise ValueError("end is before start")
        return self


class Source(_Part):
    """A publisher's address to watch.

    `url` of a `search` source holds `{keyword}`, and each of the campaign's keywords is put there.
    `confirm_proxy` is the way by which a check takes a second look at what the ordinary way found gone.
    With `browser` its pages are also opened in Chromium, and a picture and a PDF of each are kept.
    robots.txt is overridden for one source only with a written reason, which goes into the WARC.
    """

    name: str = Field(min_length=1)
    kind: SourceKind
    url: str
    region: str = ""
    delay: float | None = Field(None, ge=0)
    proxy: str = ""
    confirm_proxy: str = ""
    browser: bool = False
    depth: int = Field(1, ge=0, le=10)
    pages: int = Field(50, ge=1)
    ignore_robots_because: str = ""

    @field_validator("url")
    @classmethod
    def _absolute(cls, value: str) -> str:
        if not re.match(r"https?://[^/\s]+", value):
            raise ValueError("must begin with http:// or https:// and name a host")
        return value

    @model_validator(mode="after")
    def _search_has_a_place_for_the_keyword(self) -> Source:
        if (self.kind is SourceKind.SEARCH) != ("{keyword}" in self.url):
            raise ValueError("a search source has {keyword} in its url, and no other kind does")
        return self


class EstimatePlan(_Part):
    """An estimate that a campaign makes: by which recipe (`analysis.recipes`), of what, and with which choices.

    `modality` is the campaign's first unless it says. `interval` and `resamples` matter to some recipes only.
    `without` are places that are not to be used, nor any place in them, by division code (5403, or 540300), each with
    the reason.
    """

    name: str = Field(min_length=1)
    recipe: str
    year: int = 2020
    modality: str = ""
    interval: Annotated[Decimal, Field(gt=0, lt=1)] = Decimal("0.95")
    resamples: int = Field(10_000, ge=100, le=1_000_000)
    without: dict[
        Annotated[str, Field(pattern=r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$")],
        Annotated[str, Field(min_length=1)],
    ] = {}


class Campaign(_Part):
    """What is watched and why. CSV files are named relative to the campaign file.

    With `keep = "relevant"`, of articles that hold none of the keywords only the digest is kept. `words` are added to
    entries of the reading lexicons (`[words.modality]`, `dna = ["…"]`).
    """

    name: str
    title: str = Field(min_length=1)
    description: str = ""
    modalities: Annotated[
        list[Literal["dna", "iris", "fingerprint", "face", "voice", "other"]], Field(min_length=1)
    ]
    keywords: Annotated[list[str], Field(min_length=1)]
    region: Region
    period: Period
    keep: Literal["all", "relevant"] = "all"
    words: dict[str, dict[str, list[Annotated[str, Field(min_length=1)]]]] = {}
    study_sources: str = ""
    study_figures: str = ""
    study_findings: str = ""
    estimate: list[EstimatePlan] = []
    source: list[Source] = []

    @field_validator("estimate")
    @classmethod
    def _told_apart(cls, value: list[EstimatePlan]) -> list[EstimatePlan]:
        names = [plan.name for plan in value]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"two estimates are called {twice[0]!r}")
        return value

    @field_validator("name")
    @classmethod
    def _plain(cls, value: str) -> str:
        if not NAME.fullmatch(value):
            raise ValueError("use small letters, digits and single hyphens, such as tibet-dna")
        return value

    @property
    def lexicon_words(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The words by lexicon entry (`modality.dna`), in a stable order."""
        return tuple(
            (f"{group}.{value}", tuple(added))
            for group, values in sorted(self.words.items())
            for value, added in sorted(values.items())
        )


SHIPPED = Path(__file__).resolve().parent.parent / "campaigns"
"""The campaigns that ship with holdfast, beside the packages in the repository and in an installation."""


def campaign_names(workspace: Workspace | None = None) -> list[str]:
    """Names of all campaigns: those that ship and the workspace's own."""
    folders: list[Path] = [SHIPPED]
    if workspace and workspace.campaigns.is_dir():
        folders.append(workspace.campaigns)
    return sorted(
        {
            f.name.removesuffix(".toml")
            for folder in folders
            for f in folder.iterdir()
            if f.name.endswith(".toml")
        }
    )


def campaign_file(name: str, workspace: Workspace | None = None) -> Path:
    """The file of the campaign `name`: the workspace's own comes first. Raises UnknownCampaign."""
    if NAME.fullmatch(name):
        candidates: list[Path] = [SHIPPED / f"{name}.toml"]
        if workspace:
            candidates.insert(0, workspace.campaigns / f"{name}.toml")
        for candidate in candidates:
            if candidate.is_file():
                return candidate
    known = ", ".join(campaign_names(workspace))
    raise UnknownCampaign(f"there is no campaign {name!r}; campaigns are: {known}")


def load_campaign(name: str, workspace: Workspace | None = None) -> Campaign:
    """The campaign `name`. Raises UnknownCampaign, or InvalidCampaign naming file, line and key."""
    return read_campaign(campaign_file(name, workspace))


def read_campaign(path: Path) -> Campaign:
    """The campaign in the TOML file `path`. Raises InvalidCampaign naming file, line and key."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidCampaign(f"cannot read {path}: {error}; a campaign file is UTF-8 text") from error
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidCampaign(f"{path} is not valid TOML: {error}") from error
    try:
        campaign = Campaign(**values)
    except ValidationError as error:
        first = error.errors()[0]
        location = tuple(part for part in first["loc"])
        key = ".".join(str(part) for part in location) or "the file"
        what = first["msg"].removeprefix("Value error, ")
        raise InvalidCampaign(f"{path}, line {line_of(text, location)}: {key}: {what}") from error
    if campaign.name != path.name.removesuffix(".toml"):
        line = line_of(text, ("name",))
        raise InvalidCampaign(
            f"{path}, line {line}: name: is {campaign.name!r}, but the file is called {path.name}"
        )
    return campaign


def line_of(text: str, location: tuple[int | str, ...]) -> int:
    """The line (from 1) of TOML `text` where the value at `location` stands.

    For a key that is missing, it is the line of the nearest table that should hold it.
    """
    lines = text.splitlines()
    line, prefix = 0, ""
    for position, part in enumerate(location):
        if isinstance(part, int):
            header = re.compile(rf"\s*\[\[\s*{re.escape(prefix)}\s*\]\]")
            found = [n for n, content in enumerate(lines) if header.match(content)]
            line = found[part] if part < len(found) else line
            continue
        prefix = f"{prefix}.{part}" if prefix and not isinstance(location[position - 1], int) else part
        header = re.compile(rf"\s*\[\s*{re.escape(prefix)}\s*\]")
        key = re.compile(rf"\s*[\"']?{re.escape(part)}[\"']?\s*=")
        for n in range(line, len(lines)):
            if header.match(lines[n]) or key.match(lines[n]):
                line = n
                break
            if n > line and position and re.match(r"\s*\[", lines[n]):
                break
    return line + 1
