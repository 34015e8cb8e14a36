"""Each reading names the lexicon entries that made it."""

from __future__ import annotations

import pytest

from parsers.claims.words import entries
from parsers.observation import Article, Modality, Observation
from parsers.observe import observe


def claims(text: str, title: str = "") -> list[Observation]:
    return list(observe(Article(text, title, account="林周公安")).observations)


@pytest.mark.parametrize(
    ("text", "title", "modality", "expected"),
    [
        ("旁多派出所采集血样53份。", "", "dna", {"modality.dna: 血样", "verb.take: 采集", "unit.sample: 份"}),
        ("旁多派出所累计采集虹膜53人。", "", "iris", {"kind: 累计", "modality.iris: 虹膜", "unit.people: 人"}),
        ("旁多派出所采集指纹、血样各53份。", "", "fingerprint", {"modality.fingerprint: 指纹"}),
        ("旁多派出所采集血样53份，其中妇女20份。", "", "dna", {"modality.dna: 血样, at 7", "unit.sample: 份"}),
        ("旁多派出所采集53份。", "血样采集", "dna", {"modality.dna: 血样, in the title"}),
        ("旁多派出所採集血樣53份。", "", "dna", {"modality.dna: 血样"}),
    ],
)  # fmt: skip
def test_a_reading_names_the_entries_of_its_words(
    text: str, title: str, modality: str, expected: set[str]
) -> None:
    claim = [each for each in claims(text, title) if each.modality is Modality(modality)][-1]
    assert expected <= set(claim.rules)


def test_the_other_kinds_of_data_of_a_head_count_are_not_named() -> None:
    (dna,) = (each for each in claims("旁多派出所采集指纹、血样各53份。") if each.modality is Modality.DNA)
    assert not any(rule.startswith("modality.fingerprint") for rule in dna.rules)


def test_entries_are_those_of_the_files() -> None:
    for claim in claims("旁多派出所累计采集血样1.2万余份，其中妇女700余份。"):
        for rule in claim.rules:
            name, _, word = rule.partition(": ")
            if "." in name:
                assert word.partition(",")[0] in entries()[name]
