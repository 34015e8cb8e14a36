"""Whether confidence is what it says: confidence of observations against how often they are right.

    python benchmarks/reliability.py [--write] [--plot docs/reliability.svg] [FILE ...]

An observation is right when a labelled one has its kind of data and its figure, each label used once. Two sorts of
texts tell different things:

first readings  tests/parsers/first_readings.jsonl: what was read of texts that were written and labelled before they
                were read for the first time. Only these say how often a reading of a new text is right. The rules were
                corrected on them afterwards, never before.
labelled texts  the suite's own and FILE (default ../shared/eval/dev.jsonl), as they are read today: nearly all right,
                because the rules were made to read them.

For first readings, the confidence of each batch is foretold from the other batches alone. --write makes
parsers/claims/confidence.toml from all of them; --plot draws what is printed (matplotlib in an environment of its own).
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from read_texts import SUITE, lines

from parsers.claims.confidence import Counted, confidence_of, shares
from parsers.observe import observe
from parsers.readings import article_of, row_of

HERE = Path(__file__).resolve()
FIRST = SUITE.parent / "first_readings.jsonl"
TABLE = HERE.parents[1] / "parsers" / "claims" / "confidence.toml"
BINS = (0.0, 0.9, 0.96, 1.0)
HEADER = """\
# How often each rule read kind of data and figure right on texts that nobody had read before: [right, all].
# Made by benchmarks/reliability.py --write from tests/parsers/first_readings.jsonl.

[rules]
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """A reading with its text, the rule that made it, how sure it says it is, and whether it was right."""

    text: str
    rule: str
    confidence: float
    right: bool


def main() -> None:
    """Prints the reliability tables and the scores of the ways to foretell confidence."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path, help="more labelled texts")
    parser.add_argument("--write", action="store_true", help="make parsers/claims/confidence.toml again")
    parser.add_argument("--plot", type=Path, metavar="SVG", help="draw the reliability diagram")
    options = parser.parse_args()
    first = first_readings()
    if options.write:
        TABLE.write_text(HEADER + "".join(toml_lines(counted(first))), encoding="utf-8")
    default = Path("../shared/eval/dev.jsonl")
    files = options.files or ([default] if default.exists() else [])
    today = [
        judged for file in (*sorted(SUITE.glob("*.jsonl")), *files) for judged in read_today(lines(file))
    ]
    series = {"first readings, foretold": foretold(first), "labelled texts, as read today": today}
    for name, found in series.items():
        print(f"\n{name}: {len(found)} readings, {sum(each.right for each in found)} right")
        print(f"Brier {brier(found):.4f}, log loss {log_loss(found):.4f}, ECE {calibration_error(found):.4f}")
        print_bins(found)
    if options.plot:
        draw({name: bins(found) for name, found in series.items()}, options.plot)


def first_readings() -> list[Judged]:
    """What was read of texts the first time, with the confidence that their rules have now."""
    return [
        Judged(row["id"], each["rule"], confidence_of(each["rule"]), each["right"])
        for row in lines(FIRST)
        for each in row["read"]
    ]


def read_today(rows: Iterable[dict[str, Any]]) -> list[Judged]:
    """What the rules read now of labelled texts."""
    found = []
    for row in rows:
        labels = Counter(core(each) for each in row["observations"])
        for each in row_of(row["id"], observe(article_of(row)))["observations"]:
            right = labels[core(each)] > 0
            labels[core(each)] -= 1
            found.append(Judged(row["id"], each["rules"][0], each["confidence"], right))
    return found


def core(each: dict[str, Any]) -> tuple[Any, ...]:
    """What has to be right of an observation."""
    return each["modality"], each["count_min"], each["count_max"]


def counted(found: Iterable[Judged]) -> Counted:
    """By rule: readings that were right, and all."""
    every = list(found)
    made, right = Counter(each.rule for each in every), Counter(each.rule for each in every if each.right)
    return {rule: (right[rule], count) for rule, count in made.most_common()}


def toml_lines(counts: Counted) -> Iterable[str]:
    """The rows of confidence.toml."""
    return (f"{json.dumps(rule)} = [{right}, {read}]\n" for rule, (right, read) in counts.items())


def foretold(found: list[Judged]) -> list[Judged]:
    """The same readings, each with the confidence that the batches of others give it (the id's first letter)."""
    made = []
    for batch in sorted({each.text[0] for each in found}):
        known = shares(counted(each for each in found if each.text[0] != batch))
        held_out = [each for each in found if each.text[0] == batch]
        made += [replace(each, confidence=known.get(each.rule, known[""])) for each in held_out]
    return made


def brier(found: list[Judged]) -> float:
    """The mean squared distance of confidence from what happened."""
    return sum((each.confidence - each.right) ** 2 for each in found) / len(found)


def log_loss(found: list[Judged]) -> float:
    """The mean negative logarithm of the probability given to what happened."""
    return -sum(math.log(each.confidence if each.right else 1 - each.confidence) for each in found) / len(
        found
    )


def calibration_error(found: list[Judged]) -> float:
    """Mean distance of confidence from the share that is right, over the bins, weighted by readings (ECE)."""
    return sum(each["readings"] * abs(each["confidence"] - each["right"]) for each in bins(found)) / len(
        found
    )


def bins(found: list[Judged]) -> list[dict[str, float]]:
    """By confidence: readings, their mean confidence, the share that was right with its 95 % Wilson interval."""
    made = []
    for low, high in pairwise(BINS):
        inside = [each for each in found if low < each.confidence <= high]
        if not inside:
            continue
        right = sum(each.right for each in inside) / len(inside)
        least, most = wilson(right, len(inside))
        confidence = sum(each.confidence for each in inside) / len(inside)
        made.append(
            {"readings": len(inside), "confidence": confidence, "right": right, "least": least, "most": most}
        )
    return made


def wilson(share: float, count: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    middle, spread = (
        share + z * z / (2 * count),
        z * math.sqrt(share * (1 - share) / count + (z / count / 2) ** 2),
    )
    whole = 1 + z * z / count
    return min(share, (middle - spread) / whole), max(share, (middle + spread) / whole)


def print_bins(found: list[Judged]) -> None:
    """The reliability table."""
    print("| confidence | readings | right | 95 % interval |\n|---:|---:|---:|---:|")
    for each in bins(found):
        told = f"{each['confidence']:.3f} | {each['readings']:.0f} | {each['right']:.3f}"
        print(f"| {told} | {each['least']:.3f}–{each['most']:.3f} |")


def draw(series: dict[str, list[dict[str, float]]], target: Path) -> None:
    """Writes the diagram, in an environment that has matplotlib."""
    plot = HERE.with_name("reliability_plot.py")
    command = ["uv", "run", "--quiet", "--no-project", "--python", "3.11", "--with", "matplotlib", "python"]
    subprocess.run([*command, str(plot), str(target)], input=json.dumps(series), text=True, check=True)


if __name__ == "__main__":
    main()
