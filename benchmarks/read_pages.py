"""How long it takes from a WeChat page's bytes to its document, beside two peers on the same bytes.

    python benchmarks/read_pages.py [FOLDER]

FOLDER holds saved pages and their manifest (default: HOLDFAST_REAL_PAGES, else ../shared/data/pages). Without it
the invented pages of the test suite are used, filled up with script to the sizes real ones have. BeautifulSoup
only builds the tree of the whole page (lxml) and takes its text; trafilatura extracts the main text. Each page is
read several times by each reader in turn, in one process on one core; the best time counts, because other work
on the machine can only add to it.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import trafilatura
from bs4 import BeautifulSoup

from parsers import Page, read

ROUNDS = 7
PEER_ROUNDS = 3
INVENTED = Path(__file__).parents[1] / "tests" / "parsers" / "pages" / "wechat"
SIZES = {"up to 170 KB (2018)": (0, 170_000), "0.4 to 1.5 MB (2020 captures)": (170_000, 2_000_000)}
SIZES |= {"2.3 to 3.8 MB (2025)": (2_000_000, 10_000_000)}


def main() -> None:
    """Prints milliseconds for each page by size and reader, and pages in a second."""
    folder = Path(
        sys.argv[1] if len(sys.argv) > 1 else os.environ.get("HOLDFAST_REAL_PAGES", "../shared/data/pages")
    )
    bodies = saved(folder) if (folder / "manifest.jsonl").exists() else invented()
    print(f"{len(bodies)} WeChat articles, best of {ROUNDS} rounds")
    print(f"{'size':<32}{'reader':<28}{'pages':>6}{'median ms':>11}{'worst ms':>10}{'pages/s':>9}")
    for label, (least, most) in SIZES.items():
        chosen = [body for body in bodies if least <= len(body) < most]
        for name, reader in READERS.items():
            if chosen:
                spent = [best(reader, body, ROUNDS if name == "holdfast" else PEER_ROUNDS) for body in chosen]
                row = f"{statistics.median(spent):>11.2f}{max(spent):>10.2f}{len(spent) * 1000 / sum(spent):>9.0f}"
                print(f"{label:<32}{name:<28}{len(chosen):>6}{row}")


def saved(folder: Path) -> list[bytes]:
    """Every saved WeChat article of the manifest."""
    rows = map(json.loads, (folder / "manifest.jsonl").read_text("utf-8").splitlines())
    return [(folder / row["file"]).read_bytes() for row in rows if row["kind"] == "wechat_article"]


def invented() -> list[bytes]:
    """The suite's articles at the sizes of their eras: the rest of a real page is script."""
    filling = b"<script>" + b"var a=function(e){return e.b?e.c:'d'};" * 2000 + b"</script>"
    pages = []
    for path in sorted(INVENTED.glob("20*.html")):
        times = 1 if path.name.startswith("2018") else 6 if path.name.startswith("2020") else 40
        pages.append(path.read_bytes().replace(b"</head>", filling * times + b"</head>", 1))
    return pages


def best(reader: Callable[[bytes], object], body: bytes, rounds: int) -> float:
    """The least milliseconds that `reader` took."""
    spent = []
    for _ in range(rounds):
        start = time.perf_counter()
        reader(body)
        spent.append((time.perf_counter() - start) * 1000)
    return min(spent)


READERS: dict[str, Callable[[bytes], object]] = {
    "holdfast": lambda body: read(Page("", body)),
    "BeautifulSoup, whole page": lambda body: BeautifulSoup(body, "lxml").get_text(),
    "trafilatura": lambda body: trafilatura.extract(body),
}


if __name__ == "__main__":
    main()
