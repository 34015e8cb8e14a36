"""What holds for every text whatever: nothing is raised, and every claim points at its words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.observation import Article
from parsers.observe import observe

WORDS = (
    "5月11日 截至目前 今年以来 旁多派出所 林周县公安局 民警 采集 录入 入库 "
    "血样 虹膜 指纹 DNA 53份 1.2万余人 三四百份 近百 其中 "
    "僧人 群众 完成率54% ， 。 、 ； 一、 （ ） 【 】 ： 应采 已采 为8名 分别 "
    "各 採集 縣 ２１６ 13912345678 〔2021〕12号 0 年 月 日 至"
)
PIECES = [*WORDS.split(), "\n", " ", "9" * 30, "一" * 30, "单位 应采 已采 完成率", " 3150 2800 75% "]
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=40).map("".join)
DAYS = st.none() | st.dates(date(1990, 1, 1), date(2099, 12, 31))


@settings(max_examples=400, deadline=None)
@given(TEXTS, TEXTS, DAYS, st.none() | TEXTS)
def test_any_text_can_be_read_and_every_quote_is_in_it(
    text: str, title: str, published: date | None, account: str | None
) -> None:
    for claim in observe(Article(text, title, published, account)).observations:
        assert 0 <= claim.start < claim.end <= len(text)
        assert claim.quote == text[claim.start : claim.end]
        assert 0 <= claim.confidence <= 1
        assert claim.count is None or 0 <= claim.count.min <= claim.count.max
        assert claim.rules
        days = claim.dates
        assert days is None or days.start is None or days.end is None or days.start <= days.end


@settings(max_examples=100, deadline=None)
@given(TEXTS, DAYS)
def test_reading_twice_gives_the_same(text: str, published: date | None) -> None:
    article = Article(text, published=published, account="林周公安")
    assert observe(article) == observe(article)


@pytest.mark.parametrize(
    "piece",
    [
        "采集血样53份，",
        "1",
        "一",
        "（其中",
        "5月3日、",
        "为8名群众",
        "，",
        "9" * 10 + ",",
        "截至",
        "采集血样，",
    ],
)
def test_long_texts_of_one_piece_are_read(piece: str) -> None:
    text = "林周县公安局采集血样" + piece * 2000
    assert observe(Article(text, published=date(2021, 5, 12), account="林周公安")).relevant


def test_items_of_a_digest_may_stand_in_any_order() -> None:
    items = [
        "积石派出所：4月6日采集虹膜312人，调解纠纷4起。",
        "白庄派出所：4月7日采集虹膜265人，检查九小场所38家。",
        "清水派出所：4月8日入户走访71户，采集虹膜108人。",
    ]

    def read(lines: list[str]) -> set[tuple[object, ...]]:
        article = Article("\n".join(lines), published=date(2020, 4, 13), account="循化公安")
        return {(c.count, c.place, c.organ, c.dates and c.dates.start) for c in observe(article).observations}

    assert len(read(items)) == 3
    assert read(items) == read(items[::-1]) == read([items[1], items[2], items[0]])
