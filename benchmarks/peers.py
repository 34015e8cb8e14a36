"""Numbers, dates and places beside jionlp, Recognizers-Text, dateparser and cpca: accuracy and speed in one run.

    python benchmarks/peers.py [FILE ...]

FILE has labelled texts (JSON lines; default ../shared/eval/dev.jsonl, then the suite's own). Prints a Markdown table.
Each peer runs in a throw-away environment (uv), and gets its best use:

numbers  the quote that a labelled count stands in, nothing else. Right: one of the figures found has the labelled
         least and most (`range`), or lies between them (`value`).
dates    the text, each of its sentences and the title, with the publication day. Right: of all ends found, one is the
         labelled start and one the labelled end; where a text leaves the start open, the end is enough.
places   the text and, one after another, its sentences, title, account and police body, these also joined and spelt as
         what they are named after (林周公安 as 林周县, 旁多派出所 as 旁多乡 or 旁多镇). Right: the labelled is one
         of those found, down to the township or village (`places`), or to the county (`county`).

So a peer need not know which figure, day or place belongs to a claim; `chosen` is what holdfast's observations say,
which must know: figure and kind of data right, and with that figure the days, or the place.
Speed is characters a second of process time on one core, each text read once, digits changed in every round.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from peer_readers import PEERS, TASKS, Told, dates, numbers, places
from read_texts import SUITE, Text, lines, text_of

HERE = Path(__file__).resolve()
DEFAULT = Path("../shared/eval/dev.jsonl")
SECONDS = 3.0
SENTENCE = re.compile(r"[^。！？；\n]+")
COUNTY = re.compile(
    r"^(.{2,8}?(?:自治区|省|市))(.{2,12}?(?:自治州|地区|盟|市))?(.{1,12}?(?:自治县|[县市区旗]))?"
)
Row = dict[str, Any]
Scores = dict[str, float]


def main() -> None:
    """Prints the table; with --reader the scores of one reader, as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path, help="labelled texts")
    parser.add_argument("--reader", choices=TASKS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    suite = sorted(SUITE.glob("*.jsonl"))
    for files in [options.files] if options.files else [[DEFAULT] if DEFAULT.exists() else [], suite]:
        if options.reader:
            print(json.dumps(scores(options.reader, [row for file in files for row in lines(file)])))
        elif files:
            print_table(files)


def print_table(files: list[Path]) -> None:
    """Lets every reader score the same texts, one after another, and prints what they found."""
    rows = [row for file in files for row in lines(file)]
    claims = [each for row in rows for each in row["observations"]]
    print(f"\n{', '.join(file.name for file in files)}: {len(rows)} texts, {len(claims)} observations")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    results = {name: run(name, files) for name in TASKS}
    print("| | " + " | ".join(results) + " |\n|---|" + "---:|" * len(results))
    for measure in sorted({measure for found in results.values() for measure in found}):
        cells = [cell(measure, found.get(measure)) for found in results.values()]
        print(f"| {measure} | " + " | ".join(cells) + " |")


def cell(measure: str, value: float | None) -> str:
    """A figure of the table: characters a second, or a share in per cent."""
    if value is None:
        return ""
    return f"{value:,.0f}" if measure.endswith("/s") else f"{value:.1%}"


def run(name: str, files: list[Path]) -> Scores:
    """The scores of one reader, in its own environment."""
    needed = [part for package in PEERS.get(name, ()) for part in ("--with", package)]
    uv = ["uv", "run", "--quiet", "--no-project", "--python", "3.11", *needed, "python", "-W", "ignore"]
    python = uv if name in PEERS else [sys.executable]
    command = [*python, str(HERE), "--reader", name, *map(str, files)]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    scored: Scores = json.loads(printed.splitlines()[-1])
    return scored


def scores(name: str, rows: list[Row]) -> Scores:
    """Everything that is measured of one reader."""
    found: Scores = {}
    texts = [text_of(row) for row in rows]
    if "numbers" in TASKS[name]:
        read_numbers = numbers(name)
        found |= of_numbers(read_numbers, rows)
        found["numbers, characters/s"] = speed(lambda each: read_numbers(each.text, "份"), texts)
    if "dates" in TASKS[name]:
        read_dates = dates(name)
        found |= of_dates(read_dates, rows)
        day = date(2021, 6, 1)
        found["dates, characters/s"] = speed(lambda each: read_dates(each.text, day), texts)
    if "places" in TASKS[name]:
        read_places = places(name)
        found |= of_places(read_places, rows)
        found["places, characters/s"] = speed(
            lambda each: read_places(Told(each.text, each.title, each.account)), texts
        )
    return found | (chosen(rows) if name == "holdfast" else {})


def of_numbers(read: Callable[[str, str], Iterable[tuple[int, int]]], rows: list[Row]) -> Scores:
    """Shares of labelled counts that are among the figures of their quotes."""
    right, within = [], []
    for each in claims_with(rows, "count_min"):
        low, high = each["count_min"], each["count_max"]
        figures = list(read(each["quote"], each["unit"] or ""))
        right.append((low, high) in figures)
        within.append(any(low <= least and most <= high for least, most in figures))
    return {"numbers: range": mean(right), "numbers: value": mean(within)}


def of_dates(
    read: Callable[[str, date | None], Iterable[tuple[date | None, date | None]]], rows: list[Row]
) -> Scores:
    """Share of labelled day ranges both of whose ends are among those found."""
    right = []
    for row in rows:
        wanted = [each for each in row["observations"] if each["date_start"] or each["date_end"]]
        if not wanted:
            continue
        day = date.fromisoformat(row["published"]) if row["published"] else None
        parts = (row["text"], *SENTENCE.findall(row["text"]), row.get("title") or "")
        found = [pair for part in parts for pair in read(part, day)]
        starts, ends = {str(start) for start, _ in found}, {str(end) for _, end in found}
        for each in wanted:
            start, end = each["date_start"], each["date_end"]
            right.append((start is None or start in starts) and (end is None or end in ends))
    return {"dates": mean(right)}


def of_places(read: Callable[[Told], Iterable[str]], rows: list[Row]) -> Scores:
    """Shares of labelled places that are among those found, and of their counties."""
    exact, county = [], []
    for row in rows:
        for each in row["observations"]:
            if not each["place"]:
                continue
            found = set(read(told(row, each["organ"] or "")))
            exact.append(each["place"] in found)
            county.append(county_of(each["place"]) in {county_of(place) for place in found})
    return {"places": mean(exact), "places: county": mean(county)}


def told(row: Row, organ: str) -> Told:
    """An article, and every string that its place might be read from."""
    text, title, account = row["text"], row.get("title") or "", row.get("source_account") or ""
    county = account.removeprefix("平安").replace("公安", "") + "县"
    towns = [organ.replace("派出所", ending) for ending in "乡镇"] if organ.endswith("派出所") else []
    joined = (account + organ, county, county + organ, *towns, *(county + town for town in towns))
    parts = (*SENTENCE.findall(text), title, account, organ, *joined)
    return Told(text, title, account, tuple(dict.fromkeys(filter(None, parts))))


def county_of(path: str) -> str:
    """A path cut behind its county: 西藏自治区拉萨市林周县旁多乡 is 西藏自治区拉萨市林周县."""
    found = COUNTY.match(path)
    return found[0] if found else path


def chosen(rows: list[Row]) -> Scores:
    """Of holdfast's observations: shares of the labelled with the right figure, days and place in one claim."""
    from parsers.observe import observe
    from parsers.readings import article_of, row_of

    hits: dict[str, list[bool]] = {"numbers": [], "dates": [], "places": []}
    for row in rows:
        read = row_of(row["id"], observe(article_of(row)))["observations"]
        for each in row["observations"]:
            same = [one for one in read if agrees(one, each, ("modality", "count_min", "count_max"))]
            if each["count_min"] is not None:
                hits["numbers"].append(bool(same))
            if each["date_start"] or each["date_end"]:
                hits["dates"].append(any(agrees(one, each, ("date_start", "date_end")) for one in same))
            if each["place"]:
                hits["places"].append(any(agrees(one, each, ("place",)) for one in same))
    return {f"{name}: chosen": mean(found) for name, found in hits.items()}


def agrees(read: Row, label: Row, fields: tuple[str, ...]) -> bool:
    """Whether a reading has the labelled values."""
    return all(read[field] == label[field] for field in fields)


def claims_with(rows: list[Row], field: str) -> list[Row]:
    """The labelled observations that have a field."""
    return [each for row in rows for each in row["observations"] if each[field] is not None]


def mean(right: list[bool]) -> float:
    """The share that is right."""
    return sum(right) / len(right) if right else 0.0


def speed(read: Callable[[Text], Iterable[object]], texts: list[Text]) -> float:
    """Characters read in a second of process time, after a warm-up, for at least three seconds."""
    for text in texts[:10]:
        list(read(text))
    characters, spent, turn = 0, 0.0, 0
    while spent < SECONDS:
        turn += 1
        fresh = [text.again(turn) for text in texts]
        began = time.process_time()
        for text in fresh:
            list(read(text))
            characters += len(text.text)
            if time.process_time() - began > SECONDS:
                break
        spent += time.process_time() - began
    return characters / spent


if __name__ == "__main__":
    main()
