"""How often a page is found in the state it is in: a confusion matrix over three sets of pages.

    python benchmarks/availability.py [FOLDER]

- *looks*: pages of invented sites that change between a crawl and a check, through `holdfast` itself over HTTP;
- *synthetic pages*: the pages of the parsers' suite, each taken for a first look;
- *real pages* and *real notices*: saved pages and the log of removals in FOLDER (default: HOLDFAST_REAL_PAGES, else
  ../shared/data/pages), when it is there. The states are those that the manifest and the log give by hand.

Prints for each set the states as they are (rows) and as they were found, then every page that was found wrongly. Ends
with 1 when a page that kept us out, or told nothing, was found gone.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

from parsers import Page, read
from parsers.availability.classify import Look, classify
from parsers.availability.confirmation import GONE, SAYS_NOTHING
from parsers.availability.states import Availability
from parsers.wechat.notices import state_of
from workspace.layout import create_workspace

ROOT = Path(__file__).parents[1]
SUITE = ROOT / "tests" / "parsers" / "pages"

Found = tuple[str, str, str]
"""A page's name, its state, and the state it was found in."""

LIVE_KINDS = ("wechat_article", "gov_article", "gov_listing", "news", "thepaper", "wechat_account_about")
REAL = {
    "deleted_by_author": "deleted_by_publisher",
    "removed_violation": "removed_for_violation",
}
"""States of saved notices, from the manifest's words."""

SAID = {
    "该内容已被发布者删除": "deleted_by_publisher",
    "The content has been deleted by the author.": "deleted_by_publisher",
    "此内容因违规无法查看": "removed_for_violation",
    "Unable to view this content because it violates regulations": "removed_for_violation",
    "此帐号已被屏蔽,": "account_banned",
    "此内容被投诉且经审核涉嫌侵权，无法查看。": "complained_about",
    "此内容被多人投诉，相关的内容无法进行查看。": "complained_about",
    "该公众号已迁移": "migrated",
}
"""What each message of the log of removals means, by hand (its own column `censored_msg`)."""


def main() -> int:
    """Prints the matrices."""
    folder = Path(
        sys.argv[1] if len(sys.argv) > 1 else os.environ.get("HOLDFAST_REAL_PAGES", "../shared/data/pages")
    )
    sets = {"looks through holdfast": list(looks()), "synthetic pages": list(synthetic())}
    if (folder / "manifest.jsonl").exists():
        sets |= {"real pages": list(real(folder)), "real notices": list(notices(folder))}
    return max([show(name, found) for name, found in sets.items()])


def show(name: str, found: list[Found]) -> int:
    """Prints one matrix and what is off its diagonal; 1 when something was wrongly found gone."""
    counts = Counter((truth, state) for _, truth, state in found)
    right = sum(number for (truth, state), number in counts.items() if truth == state)
    print(f"\n{name}: {right} of {len(found)} right")
    print(f"{'state':<26}{'pages':>7}   found as")
    for truth in Availability:
        row = {state: number for (is_in, state), number in counts.items() if is_in == truth}
        if row:
            told = ", ".join(f"{state} {number}" for state, number in sorted(row.items()))
            print(f"{truth.value:<26}{sum(row.values()):>7}   {told}")
    for page, truth, state in found:
        if truth != state:
            print(f"  wrong: {page}: is {truth}, found {state}")
    grave = [page for page, truth, state in found if Availability(truth) in SAYS_NOTHING and state in GONE]
    print(f"kept out or told nothing, yet found gone: {len(grave)}")
    return int(bool(grave))


def looks() -> Iterator[Found]:
    """Every case of the changing sites, crawled, then changed, then checked."""
    site = changing_site()
    workspace = create_workspace(Path(tempfile.mkdtemp()) / "work")
    urls = workspace.root / "urls.txt"
    urls.write_text("\n".join(case.url for case in site.CASES))
    with site.changing_web() as web:
        workspace.settings_file.write_text(
            f'download_delay = 0\nmin_free_bytes = 0\nproxy = "{web.address}"\n'
        )
        holdfast(workspace.root, "crawl", "--no-requisites", "--urls", str(urls))
        web.later = True
        told = holdfast(workspace.root, "check", "--json")
    found = {}
    for line in map(json.loads, told.splitlines()):
        found[str(urlsplit(line["url"]).hostname).split(".")[-2]] = line["availability"]
    for case in site.CASES:
        yield case.name, case.found.value, found.get(case.name, Availability.UNKNOWN.value)


def changing_site() -> ModuleType:
    """The invented sites of the tests; another package of the name `tests` may be installed."""
    package = ModuleType("tests")
    package.__path__ = [str(ROOT / "tests")]
    sys.modules["tests"] = package
    from tests.crawler import changing_site as site

    return site


def holdfast(home: Path, *arguments: str) -> str:
    """What the command prints."""
    start = [sys.executable, "-c", "from cli.main import run; run()", "--home", str(home)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    ran = subprocess.run(
        [*start, *arguments], capture_output=True, text=True, check=False, cwd=ROOT, env=environment
    )
    return ran.stdout


def synthetic() -> Iterator[Found]:
    """The suite's pages, by the state that stands beside each."""
    for expectation in sorted(SUITE.glob("*/*.expected.json")):
        told = json.loads(expectation.read_text("utf-8"))
        about, truth = told["page"], told["reading"]["availability"]
        if told["reading"]["kind"] == "redirect":
            continue  # it leads somewhere and is in no state of its own
        url = about.get("url", "")
        if truth == "link_expired":
            url = "https://mp.weixin.example/s?src=11&timestamp=1&ver=1&signature=x&new=1"
        body = (expectation.parent / about["file"]).read_bytes()
        name = f"{expectation.parent.name}/{about['file']}"
        status = about.get("status", 200)
        yield name, truth, found_as(Page(url, body, status, about.get("content_type", "text/html")))


def real(folder: Path) -> Iterator[Found]:
    """Saved pages: articles and lists are live, notices what the manifest says, an antispider page is our trouble."""
    for row in map(json.loads, (folder / "manifest.jsonl").read_text("utf-8").splitlines()):
        truth = REAL.get(row.get("state") or "")
        if row["kind"] in LIVE_KINDS:
            truth = "live"
        elif row["kind"] == "sogou_antispider":
            truth = "blocked"
        if truth:
            page = Page(row["url"] or "", (folder / row["file"]).read_bytes(), 200, "text/html")
            yield row["file"], truth, found_as(page)


def notices(folder: Path) -> Iterator[Found]:
    """The messages of the log of removals."""
    for log in folder.glob("wechatscope/*.csv"):
        with log.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                message = row["censored_msg"]
                yield message, SAID[message], state_of(message).value


def found_as(page: Page) -> str:
    """The state of a page at a first look."""
    return classify(Look(page.url, page.status, reading=read(page))).availability.value


if __name__ == "__main__":
    sys.exit(main())
