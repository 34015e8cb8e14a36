"""Speed of place finding, beside cpca.

usage: .venv/bin/python benchmarks/places.py
       uv run --with cpca --with 'pandas<2.2' --with 'numpy<2' --with 'setuptools<80' --no-project \\
           benchmarks/places.py --peer
The texts are invented and have the density of police reports: two bodies or places in every line.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

REPORTS = (
    (
        "林周公安",
        "5月11日，旁多派出所民警驱车40公里到夏季牧场，为牧民群众采集血样53份，宣传防电诈知识70人次。",
    ),
    (
        "化隆公安",
        "2020年，化隆县公安局共采集虹膜19.7万人。甘都派出所采集2.9万人，扎巴派出所采集2.2万余人，昂思多派出所采集近1.5万人。",
    ),
    ("夏河公安", "3月22日，拉卜楞派出所采集血样95份。截至当日，全县已采集1.08万份，完成率54%。"),
    (
        "日喀则公安",
        "江孜县公安局城关派出所在辖区出租房屋采集指纹27份；南木林县公安局民警到奴玛乡走访群众，采集血样30份。",
    ),
    (
        "平安公安",
        "经过三个月奋战，平安公安分局采集虹膜总数达到9.86万条，青海省海东市平安区平安街道办事处予以协助。",
    ),
)
PROSE = "民警坚持把为群众办实事作为工作的出发点，利用节假日和夜间时间上门服务，耐心讲解有关政策，得到广泛理解和支持。"
SECONDS = 2.0


def main() -> None:
    """Prints characters per second of process time for short reports and for long articles with some prose."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--peer", action="store_true", help="measure cpca in place of parsers.places")
    options = parser.parse_args()
    began = time.perf_counter()
    name, find = ("cpca", peer()) if options.peer else ("parsers.places", ours())
    find(*REPORTS[0])
    print(f"{name}: ready in {time.perf_counter() - began:.2f} s")
    articles = [(account, "\n".join((text, *([PROSE] * 6))) * 4) for account, text in REPORTS]
    for title, texts in (("short reports", list(REPORTS)), ("long articles", articles)):
        print(f"{name}: {title} {speed(find, texts):12,.0f} characters/s")


def ours() -> Callable[[str, str], object]:
    """Place finding of this repository."""
    from parsers.observation import Article
    from parsers.places import find_places

    return lambda account, text: find_places(Article(text, account=account))


def peer() -> Callable[[str, str], object]:
    """cpca, which gives one province, city and county for each text; the account is put before the text."""
    import cpca

    return lambda account, text: cpca.transform([account + text])


def speed(find: Callable[[str, str], object], texts: list[tuple[str, str]]) -> float:
    """Characters of text read in a second of process time, after one warm-up round."""
    for text in texts:
        find(*text)
    characters, began = 0, time.process_time()
    while time.process_time() - began < SECONDS:
        for account, text in texts:
            find(account, text)
            characters += len(text)
    return characters / (time.process_time() - began)


if __name__ == "__main__":
    main()
