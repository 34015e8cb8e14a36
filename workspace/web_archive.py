"""Web archives of others that may be asked for older captures of a page."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Address = Annotated[str, StringConstraints(pattern=r"^(https?://[^/\s]+\S*)?$")]

URL, TIMESTAMP, FILENAME = "{url}", "{timestamp}", "{filename}"


class WebArchive(BaseModel):
    """A web archive: how its captures of an address are listed, and how one of them is fetched as it was received.

    It lists by `cdx` (a CDX server: Wayback, pywb, Common Crawl), `timemap` or `timegate` (Memento, RFC 7089). With
    `cdx`, captures come from `replay` (the address of an unchanged, `id_`, capture) or, by a range of bytes, from
    the WARC files under `warcs`. robots.txt is overridden only with a written reason, which goes into the WARC.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    cdx: Address = ""
    replay: Address = ""
    warcs: Address = ""
    timemap: Address = ""
    timegate: Address = ""
    delay: float | None = Field(None, ge=0)
    proxy: str = ""
    ignore_robots_because: str = ""

    @model_validator(mode="after")
    def _one_way(self) -> WebArchive:
        if sum(map(bool, (self.cdx, self.timemap, self.timegate))) != 1:
            raise ValueError("give one of cdx, timemap and timegate")
        if bool(self.cdx) != bool(self.replay or self.warcs) or (self.replay and self.warcs):
            raise ValueError("beside cdx, and only there, give one of replay and warcs")
        needed = {
            "replay": (URL, TIMESTAMP),
            "warcs": (FILENAME,),
            "timemap": (URL,),
            "timegate": (URL,),
        }
        for key, parts in needed.items():
            template = getattr(self, key)
            missing = [part for part in parts if template and part not in template]
            if missing:
                raise ValueError(f"{key} must hold {missing[0]}")
        return self
