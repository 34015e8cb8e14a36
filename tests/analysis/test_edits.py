"""What changed on a page: figures first, and whether anybody said so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from analysis.edits import Edit, edits, figure_edits, passages
from db.pages.versions import Figure, History, Version

SEEN = datetime(2021, 5, 12, tzinfo=UTC)
DAY = date(2021, 5, 11)
BLOOD = Figure("dna", "increment", "合成县", 1200, 1200, None, DAY, DAY, "采集血样1200份")
IRIS = Figure("iris", "increment", "合成县", 80, 80, None, DAY, DAY, "采集虹膜80人")


def version(
    text: str, *figures: Figure, title: str = "合成通报", published: datetime | None = SEEN
) -> Version:
    return Version("doc", SEEN, published, title, text, figures)


def edit(before: Version, after: Version) -> Edit:
    (found,) = edits(History("tibet-dna", "https://a.example/", (before, after)))
    return found


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ([BLOOD], [replace(BLOOD, low=120, high=120)], ["figure changed"]),
        ([BLOOD, IRIS], [IRIS], ["figure gone"]),
        ([IRIS], [IRIS, BLOOD], ["figure new"]),
        ([BLOOD], [replace(BLOOD, start=date(2021, 5, 1))], ["days changed"]),
        ([BLOOD], [replace(BLOOD, quote="共采集血样1200份")], []),
        ([BLOOD], [replace(BLOOD, place="合成市")], ["figure gone", "figure new"]),
    ],
)
def test_each_figure_is_followed(before: list[Figure], after: list[Figure], what: list[str]) -> None:
    assert [each.what for each in figure_edits(before, after)] == what


def test_a_number_is_shown_whole() -> None:
    (found,) = passages("共采集血样1,200份。", "共采集血样120份。")
    assert (found.lead, found.out, found.put, found.trail) == ("共采集血样", "1,200", "120", "份。")


def test_words_are_shown_whole() -> None:
    (found,) = passages("民警为牧民群众采集血样。", "民警为外来务工人员采集血样。")
    assert (found.out, found.put) == ("牧民群众", "外来务工人员")
    (found,) = passages("旁多派出所民警", "旁多派出法民警")
    assert (found.out, found.put.startswith("派出")) == ("派出所", True)


def test_a_text_is_the_sum_of_its_words() -> None:
    said = "1,200份　血样\n\n𠮷野 ＡＢＣ abc\u200b，12.5%（旁多派出所）\x00"
    (found,) = passages("", said)
    assert found.put == said


LESS = replace(BLOOD, low=120, high=120)


def test_a_figure_altered_without_a_word_is_alarming() -> None:
    assert edit(version("采集血样1200份", BLOOD), version("采集血样120份", LESS)).alarming


@pytest.mark.parametrize(
    "after",
    [
        version("（更正）采集血样120份", LESS),
        version("采集血样120份", LESS, title="更正：合成通报"),
        version("采集血样120份", LESS, published=datetime(2021, 6, 1, tzinfo=UTC)),
        version("采集血样1200份。民警热情。", BLOOD),
    ],
)
def test_a_change_that_is_told_or_of_other_words_is_not(after: Version) -> None:
    assert not edit(version("采集血样1200份", BLOOD), after).alarming


@pytest.mark.parametrize("text", ["".join(chr(0x4E00 + n % 5000) for n in range(200_000)), "哈" * 200_000])
def test_long_texts_are_compared_too(text: str) -> None:
    found = passages(text, text[:100] + "改" + text[100:])
    assert "改" in "".join(passage.put for passage in found)
