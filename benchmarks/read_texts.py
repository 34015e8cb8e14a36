"""Characters a second from text to observations, by class of text, beside four peers in the same run.

    python benchmarks/read_texts.py [--texts FILE] [--peers] [--gauge]

The texts are those of the test suite (tests/parsers/texts, one figure in every line), and of FILE (JSON lines in the
same form; default ../shared/eval/dev.jsonl, left out where it is absent). Long documents are made of them: irrelevant
ones have no word for biometric data, digests have one report after another, features a report amid prose. Every round
reads other digits, so that nothing can be remembered from the round before. Time is that of the process on one core.

--peers makes a throw-away environment (uv) for each peer: jionlp time and location, cpca, dateparser and
Recognizers-Text dates. Each reads the same texts; what it does is a part of what an observation needs.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
SUITE = HERE.parents[1] / "tests" / "parsers" / "texts"
PROSE = (
    "为进一步推进基层社会治理，近日，某县公安局组织民警深入牧区，开展反诈宣传和安全检查。",
    "活动中，民警耐心讲解防范电信网络诈骗知识，发放宣传资料300余份，受教育群众达150人次，营造了良好氛围。",
    "2021年5月以来，该局坚持以人民为中心的发展思想，不断提升群众的安全感和满意度，共为群众办实事26件。",
    "下一步，将继续加大巡逻防控力度，严厉打击各类违法犯罪，为经济社会高质量发展创造安全稳定的治安环境。",
)
PEERS = {
    "jionlp time+location": ("jionlp",),
    "cpca": ("cpca", "pandas<2.2", "numpy<2", "setuptools<80"),
    "dateparser": ("dateparser",),
    "Recognizers-Text dates": ("recognizers-text-suite", "emoji<1.7", "setuptools<80"),
}
SECONDS, PEER_SECONDS = 2.0, 3.0
DIGIT = re.compile(r"[1-8](?=[1-8])")


@dataclass(frozen=True, slots=True)
class Text:
    """An article's text with what the reader is told of it."""

    text: str
    title: str
    published: str
    account: str

    def again(self, turn: int) -> Text:
        """The same text with other digits: each turn its own."""
        return Text(
            DIGIT.sub(lambda each: str((int(each[0]) + turn) % 8 + 1), self.text),
            self.title,
            self.published,
            self.account,
        )


def main() -> None:
    """Prints a table: classes of text by reader."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--texts", type=Path, default=Path("../shared/eval/dev.jsonl"))
    parser.add_argument("--peers", action="store_true", help="read the same texts with the peers, too")
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    texts = classes(options.texts)
    if options.peer:
        measure(options.peer, peer(options.peer), texts, PEER_SECONDS)
        return
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; characters/s of process time")
    measure("holdfast", ours(), texts, SECONDS)
    for name, packages in PEERS.items() if options.peers else ():
        needed = [part for package in packages for part in ("--with", package)]
        command = ["uv", "run", "--no-project", "--python", "3.11", *needed, "python", str(HERE)]
        subprocess.run([*command, "--texts", str(options.texts), "--peer", name], check=False)


def classes(extra: Path) -> dict[str, list[Text]]:
    """The texts by class."""
    rows = [row for path in sorted(SUITE.glob("*.jsonl")) for row in lines(path)]
    found = {"suite, short": [text_of(row) for row in rows]}
    if extra.exists():
        found["labelled, short"] = [text_of(row) for row in lines(extra)]
    reports = [text_of(row) for row in rows if row["relevant"]]
    prose = "\n".join(PROSE)
    found["irrelevant, long"] = [Text("\n".join([prose] * 12), "工作动态", "2021-06-01", "当雄公安")] * 5
    found["digest, long"] = [
        Text("\n".join(each.text for each in reports[at : at + 12]), "警务动态", "2021-06-01", "当雄公安")
        for at in range(0, len(reports) - 12, 12)
    ]
    found["feature, long"] = [
        Text("\n".join((prose, prose, each.text, prose, prose)), each.title, each.published, each.account)
        for each in reports[::8]
    ]
    return found


def lines(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def text_of(row: dict[str, Any]) -> Text:
    """A labelled row without its labels."""
    return Text(
        row["text"],
        row.get("title") or "",
        row.get("published") or "2021-06-01",
        row.get("source_account") or "",
    )


def measure(name: str, read: Callable[[Text], object], texts: dict[str, list[Text]], seconds: float) -> None:
    """Prints the characters that `read` reads in a second of each class, and of all classes in equal parts."""
    paces = []
    for label, chosen in texts.items():
        for text in chosen[:20]:
            read(text)
        characters, spent, turn = 0, 0.0, 0
        while spent < seconds:
            turn += 1
            fresh = [text.again(turn) for text in chosen]
            began = time.process_time()
            for text in fresh:
                read(text)
                characters += len(text.text)
                if time.process_time() - began > seconds:
                    break
            spent += time.process_time() - began
        paces.append(characters / spent)
        print(f"{name:<24}{label:<20}{paces[-1]:>14,.0f}", flush=True)
    print(f"{name:<24}{'equal parts':<20}{len(paces) / sum(1 / pace for pace in paces):>14,.0f}", flush=True)


def ours() -> Callable[[Text], object]:
    """Text to observations of this repository."""
    from datetime import date

    from parsers.observation import Article
    from parsers.observe import observe

    return lambda each: observe(
        Article(each.text, each.title, date.fromisoformat(each.published), each.account or None)
    )


def peer(name: str) -> Callable[[Text], object]:
    """The recogniser of a peer."""
    if name == "cpca":
        import cpca

        return lambda each: cpca.transform([each.account + each.text])
    if name == "dateparser":
        from dateparser.search import search_dates

        return lambda each: search_dates(each.text, languages=["zh"])
    if name.startswith("jionlp"):
        import jionlp

        def read(each: Text) -> object:
            found = jionlp.ner.extract_time(each.text, time_base=time.time(), with_parsing=False)
            return found, jionlp.recognize_location(each.text)

        return read
    from recognizers_date_time import recognize_datetime

    return lambda each: recognize_datetime(each.text, "zh-cn")


if __name__ == "__main__":
    main()
