"""A chart's specification (Vega-Lite) drawn as SVG, PNG or an HTML page; nothing is loaded from anywhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

PIXELS_PER_INCH = 200
"""Of a PNG: sharp in print at the size it has on the screen."""

POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:\">"
)
"""Vega makes functions out of the specification; nothing is fetched, whatever it says."""

_STAND_IN = "\ue000"
"""For `<` in the words of pages (a character of private use): vl-convert writes them into a script as they are."""


class ChartFormat(StrEnum):
    """`svg` for print and web pages, `png` for texts, `html` to point at bars and read their numbers."""

    SVG = "svg"
    PNG = "png"
    HTML = "html"


def drawn(spec: Mapping[str, Any], form: ChartFormat) -> bytes:
    """The chart as a file."""
    import vl_convert

    told = dict(spec)
    if form is ChartFormat.SVG:
        return str(vl_convert.vegalite_to_svg(told, allowed_base_urls=[])).encode()
    if form is ChartFormat.PNG:
        return bytes(vl_convert.vegalite_to_png(told, ppi=PIXELS_PER_INCH, allowed_base_urls=[]))
    told["config"] = {**told.get("config", {}), "mark": {"tooltip": True}}
    told["usermeta"] = {"embedOptions": {"actions": False}}
    words = json.dumps(told, ensure_ascii=False).replace("<", _STAND_IN)
    page = str(vl_convert.vegalite_to_html(words, bundle=True, renderer="svg"))
    return page.replace(_STAND_IN, r"\u003c").replace("<head>", f"<head>{POLICY}", 1).encode()
