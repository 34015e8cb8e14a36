"""Named places and expressions such as 我县, and what they mean in their article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.observation import Article
from parsers.places import find_places

MENTIONS = [
    # (account, text, mention, place)
    (
        None,
        "青海省海东市化隆回族自治县甘都镇",
        "青海省海东市化隆回族自治县甘都镇",
        "青海省海东市化隆回族自治县甘都镇",
    ),
    (None, "西藏拉萨市城关区的群众", "西藏拉萨市城关区", "西藏自治区拉萨市城关区"),
    (None, "甘肃省兰州市城关区的群众", "甘肃省兰州市城关区", "甘肃省兰州市城关区"),
    (None, "海南州和海北州", "海南州", "青海省海南藏族自治州"),
    (None, "海南省海口市", "海南省海口市", "海南省海口市"),
    ("共和公安", "调往海南工作", "海南", "青海省海南藏族自治州"),
    (None, "河南县的牧民", "河南县", "青海省黄南藏族自治州河南蒙古族自治县"),
    (None, "河南省的企业", "河南省", "河南省"),
    (None, "同仁县2018年", "同仁县", "青海省黄南藏族自治州同仁市"),
    (None, "堆龙德庆县农户", "堆龙德庆县", "西藏自治区拉萨市堆龙德庆区"),
    (None, "西藏昌都地区农户", "西藏昌都地区", "西藏自治区昌都市"),
    (None, "昌都县农户", "昌都县", "西藏自治区昌都市卡若区"),
    (None, "林芝县农户", "林芝县", "西藏自治区林芝市巴宜区"),
    (None, "玉树县农户", "玉树县", "青海省玉树藏族自治州玉树市"),
    (None, "湖北省仙桃市", "湖北省仙桃市", "湖北省仙桃市"),
    (None, "重庆市城口县", "重庆市城口县", "重庆市城口县"),
    (None, "东莞市东城街道", "东莞市东城街道", "广东省东莞市东城街道"),
    ("城关公安", "走访娘热乡群众", "娘热乡", "西藏自治区拉萨市城关区娘热街道"),
    ("林周公安", "松盘乡群众", "松盘乡", "西藏自治区拉萨市林周县松盘乡"),
    ("大通公安", "城关镇群众", "城关镇", "青海省西宁市大通回族土族自治县城关镇"),
    ("卡若公安", "城关镇群众", "城关镇", "西藏自治区昌都市卡若区城关镇"),
    ("门源公安", "青石嘴镇群众", "青石嘴镇", "青海省海北藏族自治州门源回族自治县青石咀镇"),
    ("曲水公安", "才纳乡才纳村群众", "才纳乡才纳村", "西藏自治区拉萨市曲水县才纳乡才纳村"),
    ("曲水公安", "协荣村群众", "协荣村", "西藏自治区拉萨市曲水县才纳乡协荣村"),
    (
        "积石山公安",
        "大墩村群众",
        "大墩村",
        "甘肃省临夏回族自治州积石山保安族东乡族撒拉族自治县大河家镇大墩村",
    ),
    ("东乌旗公安", "全旗群众到东乌旗", "东乌旗", "内蒙古自治区锡林郭勒盟东乌珠穆沁旗"),
    ("林周公安", "赴广东为务工人员补采", "广东", "广东省"),
    (None, "四川省甘孜縣拖壩鄉", "四川省甘孜縣拖壩鄉", "四川省甘孜藏族自治州甘孜县拖坝乡"),
]

NO_PLACE = [
    ("林周公安", "乡亲们到村委会参加乡村振兴活动，老乡返乡下乡"),
    ("比如公安", "比如说采集血样，团结合作，共和与和平"),
    ("尼玛公安", "民警尼玛扎西在安多方言区，大方地为中方人员采集"),
    (None, "北京中路与青海湖旁，西藏大学、青海籍学生"),
    ("平安公安", "保一方平安，群众互助"),
]

REFERENCES = [
    ("林周公安", "全县采集", "西藏自治区拉萨市林周县"),
    ("林周公安", "我县务工人员", "西藏自治区拉萨市林周县"),
    ("林周公安", "辖区群众", "西藏自治区拉萨市林周县"),
    ("林周公安", "全市采集", "西藏自治区拉萨市"),
    ("林周公安", "全区采集", "西藏自治区"),
    ("城关公安", "全区采集", "西藏自治区拉萨市城关区"),
    ("西藏公安", "全区采集", "西藏自治区"),
    ("化隆公安", "全省采集", "青海省"),
    ("化隆公安", "全市采集", "青海省海东市"),
    ("德令哈公安", "全市采集", "青海省海西蒙古族藏族自治州德令哈市"),
    ("共和公安", "全州采集", "青海省海南藏族自治州"),
    ("海南州公安", "全州采集", "青海省海南藏族自治州"),
    ("黄南公安", "泽库县消息，全县采集", "青海省黄南藏族自治州泽库县"),
    (None, "丁青县消息，全县采集", "西藏自治区昌都市丁青县"),
    (None, "全县采集", None),
    ("林周公安", "全国采集", None),
    ("曲水公安", "才纳派出所在辖区采集", "西藏自治区拉萨市曲水县才纳乡"),
    ("曲水公安", "走访聂当乡，全乡采集", "西藏自治区拉萨市曲水县聂当乡"),
]


@pytest.mark.parametrize(("account", "text", "mention", "place"), MENTIONS)
def test_mention_means_its_place(account: str | None, text: str, mention: str, place: str) -> None:
    found = find_places(Article(text, account=account)).mentions
    assert {text[span.start : span.end]: span.value.name for span in found}.get(mention) == place


@pytest.mark.parametrize(("account", "text"), NO_PLACE)
def test_ordinary_words_roads_and_names_of_people_are_no_places(account: str | None, text: str) -> None:
    assert find_places(Article(text, account=account)).mentions == ()


@pytest.mark.parametrize(("account", "text", "place"), REFERENCES)
def test_reference_is_resolved(account: str | None, text: str, place: str | None) -> None:
    [reference] = find_places(Article(text, account=account)).references
    assert reference.value.name == place


def test_namesake_without_context_keeps_its_candidates() -> None:
    [mention] = find_places(Article("在和平镇采集")).mentions
    assert mention.value.code is None
    assert len(mention.value.candidates) > 5


def test_title_has_offsets_of_its_own() -> None:
    title = "林周县旁多派出所在松盘乡采集"
    found = find_places(Article("采集血样。", title=title))
    assert [title[organ.start : organ.end] for organ in found.title_organs] == ["林周县旁多派出所"]
    assert [title[span.start : span.end] for span in found.title_mentions] == ["松盘乡"]
    assert found.organs == found.mentions == ()


BODIES = ["派出所", "公安局", "分局", "我局", "全县", "辖区"]
NAMES = ["平安", "城关", "才纳", "海南", "西藏", "县", "区", "镇", "乡", "村", "縣"]
PIECES = st.sampled_from([*BODIES, *NAMES, "，", "\n", "采集", "民警", "1"])


@given(
    st.lists(PIECES, max_size=30).map("".join),
    st.sampled_from([None, "城关公安", "海南公安", "鼓楼公安", "平安", "才纳派出所"]),
)
def test_any_text_is_read_and_offsets_stay_inside_it(text: str, account: str | None) -> None:
    found = find_places(Article(text, title=text, account=account))
    for spans in (found.mentions, found.organs, found.references):
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert [span.start for span in spans] == sorted(span.start for span in spans)
    assert all(text[organ.start : organ.end] == organ.text for organ in found.organs)
    assert found == find_places(Article(text, title=text, account=account))


@given(st.text(max_size=60), st.text(max_size=12), st.text(max_size=30))
def test_never_raises(text: str, account: str, title: str) -> None:
    find_places(Article(text, title=title, account=account))


@pytest.mark.parametrize(
    "piece",
    [
        "公安局",
        "派出所",
        "西藏",
        "全县",
        "才纳派出所",
        "城关区公安分局",
        "鼓楼区",
        "曲水县公安局我局辖区",
        "村",
        "公安",
    ],
)
def test_time_stays_linear_on_repetition(piece: str) -> None:
    """Ends within the suite's time limit, where anything quadratic would not."""
    text = piece * (60_000 // len(piece))
    found = find_places(Article(text, account="曲水公安"))
    assert all(organ.end - organ.start < 200 for organ in found.organs)
