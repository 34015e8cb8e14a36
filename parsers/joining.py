"""An article in several pages as one document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parsers.document import Document, Image, Part

SEPARATOR = "\n"


def join(parts: Sequence[tuple[str, Document]]) -> Document:
    """The first part's document with the text and the pictures of all, in order.

    `parts` pairs each part's address with its document. A part that repeats the text of an earlier one (some sites show
    the first page under numbers that there are not) adds nothing. `parts` of the result says where each text begins.
    """
    first = parts[0][1]
    text, images, places = "", list[Image](), list[Part]()
    seen: set[str] = set()
    for url, document in parts:
        if document.text in seen:
            continue
        seen.add(document.text)
        start = len(text) + len(SEPARATOR) if text else 0
        text = text + SEPARATOR + document.text if text else document.text
        images += (replace(image, offset=image.offset + start) for image in document.images)
        places.append(Part(start, url))
    return replace(first, text=text, images=tuple(images), parts=tuple(places) if len(places) > 1 else ())
