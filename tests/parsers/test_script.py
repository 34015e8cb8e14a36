"""Texts in Tibetan are recognised, and set aside for people to read."""

from __future__ import annotations

import pytest

from parsers.observation import Article
from parsers.observe import observe
from parsers.script import FOR_PEOPLE, is_tibetan

TIBETAN = "ཉེ་ཆར། གྲོང་ཚོའི་ཉེན་རྟོག་པ་རྣམས་འབྲོག་ས་ལ་བསྐྱོད་ནས་མི་དམངས་ལ་ཞབས་ཞུ་སྒྲུབ་པ་དང་། གནས་ཚུལ་ཐོ་འགོད་བྱས།"
CHINESE = "5月11日，旁多派出所民警驱车40公里到夏季牧场，为牧民群众采集血样53份。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TIBETAN, True),
        (f"编辑：某某\n{TIBETAN}\n主办：某县人民政府办公室", True),
        (TIBETAN.replace("་", "\u0f0c"), True),
        (f"{CHINESE * 6}民警用藏语说“བཀྲ་ཤིས་བདེ་ལེགས།”", False),
        (CHINESE, False),
        ("བོད་ 1959 2008 " + "police " * 20, False),
        ("", False),
        ("་", True),
    ],
    ids=(
        "a text in Tibetan", "with a Chinese frame", "with marks that do not break", "a greeting in a Chinese text",
        "Chinese", "a word in an English text", "nothing", "a mark alone",
    ),
)  # fmt: skip
def test_a_text_is_tibetan_when_three_letters_in_ten_are(text: str, expected: bool) -> None:
    assert is_tibetan(text) is expected


def test_an_article_in_tibetan_is_for_people_to_read() -> None:
    reported = observe(Article(TIBETAN))
    assert (reported.relevant, reported.register, reported.observations) == (False, FOR_PEOPLE, ())
    assert observe(Article(f"{TIBETAN}DNA")).register == FOR_PEOPLE, "whatever word of ours stands in it"


def test_the_chinese_half_of_an_article_in_both_languages_is_read() -> None:
    reported = observe(Article(f"{TIBETAN}\n{CHINESE}", account="林周公安"))
    assert [each.count.min for each in reported.observations if each.count] == [53]
