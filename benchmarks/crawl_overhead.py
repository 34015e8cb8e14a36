"""What keeping everything costs: our crawl beside Scrapy without storage and beside others who write WARC.

    python benchmarks/crawl_overhead.py [--pages 2000] [--rounds 3] [--only NAME …]

A local site of 2,000 articles with a picture each is fetched by each contestant in turn, round after round, from
process start to process end. `holdfast` does all it ever does: request, response and metadata records, SHA-256,
synced group commits, CDXJ, reading, database rows. `scrapy` fetches and parses the same pages and keeps nothing. The
peers run in environments of their own, which uv makes; wget is the system's. scrapy-warcio leaves out pictures, which
it cannot write. Prints the medians, and writes nothing
outside a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from overhead.site_server import PER_COLUMN

HERE = Path(__file__).parent / "overhead"
SPIDER = str(HERE / "spider.py")
PEERS = {
    "scrapy-webarchive": ("scrapy-webarchive==0.5.3", "w3lib<2.3", "twisted<25"),
    "scrapy-warcio": ("scrapy-warcio",),
}
"""What each environment holds; scrapy-webarchive asks for a Scrapy that needs others of its time."""

SETTINGS = "download_delay = 0\nconcurrency_per_host = 8\nmin_free_bytes = 0\n"
"""Scrapy's default concurrency, so that both put the same load on the server."""

CAMPAIGN = """
name = "overhead"
title = "Synthetic"
modalities = ["dna"]
keywords = ["血样"]
[region]
code = "54"
name = "西藏自治区"
[period]
start = 2016-06-01
"""
SOURCE = '[[source]]\nname = "{url}"\nkind = "column"\nurl = "{url}"\npages = 1\n'


@dataclass(frozen=True, slots=True)
class Run:
    """One contestant's run: seconds from start to end, seconds of processor time, bytes of WARC or WACZ."""

    seconds: float
    processor: float
    stored: int


def main() -> None:
    """Runs all contestants in turn and prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", choices=("holdfast", "scrapy", *PEERS, "wget"), default=None)
    asked = parser.parse_args()
    names = asked.only or ["scrapy", "holdfast", *PEERS, "wget"]
    runs: dict[str, list[Run]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory(prefix="crawl-overhead-") as folder, _site(asked.pages) as url:
        environments = _environments(names, Path(folder))
        for _ in range(asked.rounds):
            for name in names:
                runs[name].append(_run(name, url, asked.pages, environments))
                print(f"{name}: {runs[name][-1].seconds:.2f} s", file=sys.stderr)
    _print(runs)


def _environments(names: list[str], folder: Path) -> Path:
    """Makes an environment for each peer, in `folder`."""
    for name in PEERS.keys() & set(names):
        own = folder / name
        subprocess.run(["uv", "venv", "--quiet", "--python", "3.11", str(own)], check=True)
        install = ["uv", "pip", "install", "--quiet", "--python", str(own / "bin" / "python")]
        subprocess.run([*install, *PEERS[name]], check=True)
    return folder


def _print(runs: dict[str, list[Run]]) -> None:
    medians = {name: statistics.median(run.seconds for run in of) for name, of in runs.items()}
    reference = medians.get("scrapy")
    print(f"{'':20}{'seconds':>10}{'of scrapy':>11}{'cpu seconds':>13}{'MB stored':>11}")
    for name, of in runs.items():
        ratio = f"{medians[name] / reference:.2f}" if reference else ""
        processor = statistics.median(run.processor for run in of)
        print(f"{name:20}{medians[name]:>10.2f}{ratio:>11}{processor:>13.2f}{of[0].stored / 1e6:>11.1f}")


@contextmanager
def _site(pages: int) -> Iterator[str]:
    server = subprocess.Popen(
        [sys.executable, str(HERE / "site_server.py"), "--pages", str(pages)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdin
    assert server.stdout
    try:
        yield server.stdout.readline().strip()
    finally:
        server.stdin.close()
        server.wait()


def _run(name: str, url: str, pages: int, environments: Path) -> Run:
    columns = -(-pages // PER_COLUMN)
    expected = columns + 2 * pages
    with tempfile.TemporaryDirectory(prefix="crawl-overhead-") as folder:
        words = _words(name, url, columns, Path(folder), environments)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        done = subprocess.run(
            words, cwd=folder, env=_environment(environments), capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        came = _came(name, done.stdout, Path(folder))
        if came < expected:
            raise SystemExit(
                f"{name} fetched {came} of {expected}:\n{done.stdout[-500:]}\n{done.stderr[-2000:]}"
            )
        stored = sum(
            path.stat().st_size
            for path in Path(folder).rglob("*")
            if ".warc" in path.name or ".wacz" in path.name
        )
        return Run(seconds, processor, stored)


def _environment(folder: Path) -> dict[str, str]:
    """The environment, with compiled modules kept in `folder` as an installation keeps them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "HOLDFAST_"))}
    return {**kept, "PYTHONPATH": str(HERE.parent.parent), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}


def _words(name: str, url: str, columns: int, folder: Path, environments: Path) -> list[str]:
    addresses = [f"{url}/column-{number}.html" for number in range(columns)]
    if name == "holdfast":
        start = [sys.executable, "-c", "from cli.main import run; run()", "--home", str(folder)]
        subprocess.run([*start[:3], "init", str(folder)], check=True, capture_output=True)
        (folder / "holdfast.toml").write_text(SETTINGS)
        sources = "".join(SOURCE.format(url=address) for address in addresses)
        (folder / "campaigns").mkdir(exist_ok=True)
        (folder / "campaigns" / "overhead.toml").write_text(CAMPAIGN + sources)
        return [*start, "crawl", "overhead", "--json"]
    if name == "wget":
        options = [
            "--quiet",
            "--recursive",
            "--level=1",
            "--page-requisites",
            "--warc-file=crawl",
            "--warc-cdx",
        ]
        return ["wget", *options, *addresses]
    python = sys.executable if name == "scrapy" else str(environments / name / "bin" / "python")
    return [python, SPIDER, url, str(columns), name]


def _came(name: str, said: str, folder: Path) -> int:
    """How many columns, articles and pictures a contestant says, or shows, that it has."""
    if name == "holdfast":
        told = json.loads(said)
        return int(told["pages"] + told["lists"] + told["images"])
    if name == "wget":
        return sum(1 for path in folder.rglob("*") if path.suffix in (".html", ".jpg"))
    return int(said.split()[-1])


if __name__ == "__main__":
    main()
