"""The lexicon files, and a campaign's own words."""

from __future__ import annotations

import pytest

from parsers.claims.words import entries, find_words, lexicon, names_biometric_data
from parsers.errors import InvalidLexicon
from parsers.observation import Article
from parsers.observe import observe


def test_every_kind_of_data_verb_and_register_has_words() -> None:
    groups = {name.partition(".")[0] for name in entries()}
    assert {
        "modality",
        "verb",
        "unit",
        "target",
        "staff",
        "thing",
        "kind",
        "rate",
        "venue",
        "purpose",
    } <= groups
    assert {
        f"modality.{kind}" for kind in ("dna", "iris", "fingerprint", "face", "voice", "other")
    } <= entries().keys()


def test_a_word_of_taking_that_says_what_sort_of_figure_follows_is_a_verb_too() -> None:
    """Of overlapping words the longest alone is seen: 已采集 must not hide 采集."""
    verbs = set().union(*(words for name, words in entries().items() if name.startswith("verb.")))
    nouns = entries()["thing.collecting"]
    cues = set().union(*(words for name, words in entries().items() if name.startswith("kind.")))
    hidden = {word for word in cues if "采集" in word or word.endswith("采")} - verbs - nouns
    assert hidden <= {"完成采集任务", "适采"}


def test_the_first_and_longest_word_counts() -> None:
    words = find_words("便民警务站民警采集居民身份证指纹")
    assert [token.value for token in words.of("purpose")] == ["id_card"]
    assert words.of("target") == []


def test_a_campaign_may_add_words() -> None:
    article = Article("旁多派出所采集血源标识30份。", account="林周公安")
    assert not observe(article).relevant
    added = (("modality.dna", ("血源标识",)),)
    (claim,) = observe(Article(article.text, account=article.account, words=added)).observations
    assert claim.count is not None
    assert claim.count.min == 30


def test_a_word_for_an_entry_that_there_is_not_is_refused() -> None:
    with pytest.raises(InvalidLexicon, match=r"modality\.blood"):
        lexicon((("modality.blood", ("血",)),))


@pytest.mark.parametrize(
    ("text", "named"), [("采集血样", True), ("Y-STR", True), ("安全生产检查", False), ("照片", False)]
)
def test_most_texts_are_told_apart_by_one_pass(text: str, named: bool) -> None:
    assert names_biometric_data(text) is named
