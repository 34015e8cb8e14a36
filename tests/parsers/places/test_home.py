"""The place an account stands for."""

from __future__ import annotations

import pytest

from parsers.observation import Article
from parsers.places import find_places

TAR, QINGHAI = "西藏自治区", "青海省"

ACCOUNTS = [
    # police accounts of counties
    ("林周公安", f"{TAR}拉萨市林周县"),
    ("墨竹工卡公安", f"{TAR}拉萨市墨竹工卡县"),
    ("墨竹公安", f"{TAR}拉萨市墨竹工卡县"),
    ("堆龙公安", f"{TAR}拉萨市堆龙德庆区"),
    ("城关公安", f"{TAR}拉萨市城关区"),
    ("城关区公安", f"{TAR}拉萨市城关区"),
    ("索县公安", f"{TAR}那曲市索县"),
    ("朗县公安", f"{TAR}林芝市朗县"),
    ("比如公安", f"{TAR}那曲市比如县"),
    ("尼玛公安", f"{TAR}那曲市尼玛县"),
    ("安多公安", f"{TAR}那曲市安多县"),
    ("昂仁公安", f"{TAR}日喀则市昂仁县"),
    ("日土公安", f"{TAR}阿里地区日土县"),
    ("大通公安", f"{QINGHAI}西宁市大通回族土族自治县"),
    ("城中公安", f"{QINGHAI}西宁市城中区"),
    ("民和公安", f"{QINGHAI}海东市民和回族土族自治县"),
    ("互助公安", f"{QINGHAI}海东市互助土族自治县"),
    ("化隆公安", f"{QINGHAI}海东市化隆回族自治县"),
    ("循化公安", f"{QINGHAI}海东市循化撒拉族自治县"),
    ("门源公安", f"{QINGHAI}海北藏族自治州门源回族自治县"),
    ("共和公安", f"{QINGHAI}海南藏族自治州共和县"),
    ("同德公安", f"{QINGHAI}海南藏族自治州同德县"),
    ("久治公安", f"{QINGHAI}果洛藏族自治州久治县"),
    ("德令哈公安", f"{QINGHAI}海西蒙古族藏族自治州德令哈市"),
    ("大柴旦公安", f"{QINGHAI}海西蒙古族藏族自治州大柴旦行政委员会"),
    ("合作公安", "甘肃省甘南藏族自治州合作市"),
    ("夏河公安", "甘肃省甘南藏族自治州夏河县"),
    ("天祝公安", "甘肃省武威市天祝藏族自治县"),
    ("石渠公安", "四川省甘孜藏族自治州石渠县"),
    ("若尔盖公安", "四川省阿坝藏族羌族自治州若尔盖县"),
    ("木里公安", "四川省凉山彝族自治州木里藏族自治县"),
    ("香格里拉公安", "云南省迪庆藏族自治州香格里拉市"),
    ("墨玉公安", "新疆维吾尔自治区和田地区墨玉县"),
    ("惠东公安", "广东省惠州市惠东县"),
    # 平安 is a prefix before a place and a place before anything else
    ("平安江孜", f"{TAR}日喀则市江孜县"),
    ("平安达孜", f"{TAR}拉萨市达孜区"),
    ("平安康马", f"{TAR}日喀则市康马县"),
    ("平安泽库", f"{QINGHAI}黄南藏族自治州泽库县"),
    ("平安共和", f"{QINGHAI}海南藏族自治州共和县"),
    ("平安海东", f"{QINGHAI}海东市"),
    ("平安公安", f"{QINGHAI}海东市平安区"),
    ("平安区公安", f"{QINGHAI}海东市平安区"),
    ("平安发布", f"{QINGHAI}海东市平安区"),
    ("平安公安在线", f"{QINGHAI}海东市平安区"),
    ("平安平安", f"{QINGHAI}海东市平安区"),
    ("海东平安公安", f"{QINGHAI}海东市平安区"),
    # what else stands around a place
    ("丁青警方", f"{TAR}昌都市丁青县"),
    ("加查网警巡查执法", f"{TAR}山南市加查县"),
    ("芒康县人民政府", f"{TAR}昌都市芒康县"),
    ("墨竹工卡县公安局", f"{TAR}拉萨市墨竹工卡县"),
    ("网信林芝", f"{TAR}林芝市"),
    ("网信都兰", f"{QINGHAI}海西蒙古族藏族自治州都兰县"),
    ("浪卡子融媒", f"{TAR}山南市浪卡子县"),
    ("定结组工", f"{TAR}日喀则市定结县"),
    ("共和发布", f"{QINGHAI}海南藏族自治州共和县"),
    ("日喀则统计", f"{TAR}日喀则市"),
    ("西藏林周公安", f"{TAR}拉萨市林周县"),
    ("青海化隆公安", f"{QINGHAI}海东市化隆回族自治县"),
    ("西宁市公安局城西分局", f"{QINGHAI}西宁市城西区"),
    ("甘肃兰州城关公安", "甘肃省兰州市城关区"),
    # prefectures and provinces
    ("昌都公安", f"{TAR}昌都市"),
    ("阿里地区公安处", f"{TAR}阿里地区"),
    ("海南州公安", f"{QINGHAI}海南藏族自治州"),
    ("海北公安", f"{QINGHAI}海北藏族自治州"),
    ("玉树市公安局", f"{QINGHAI}玉树藏族自治州玉树市"),
    ("玉树州公安局", f"{QINGHAI}玉树藏族自治州"),
    ("甘孜州公安", "四川省甘孜藏族自治州"),
    ("西藏公安", TAR),
    ("平安青海", QINGHAI),
    # former names
    ("同仁县公安局", f"{QINGHAI}黄南藏族自治州同仁市"),
    ("湟中县公安局", f"{QINGHAI}西宁市湟中区"),
    ("昌都县公安局", f"{TAR}昌都市卡若区"),
    ("那曲县公安局", f"{TAR}那曲市色尼区"),
    ("乃东县公安局", f"{TAR}山南市乃东区"),
    ("米林县公安局", f"{TAR}林芝市米林市"),
    ("河南蒙旗公安", f"{QINGHAI}黄南藏族自治州河南蒙古族自治县"),
    # stations
    ("才纳派出所", f"{TAR}拉萨市曲水县才纳乡"),
]

NOWHERE = ["澎湃新闻", "人民日报", "公安", "中国警方在线", "自由亚洲电台", "柳絮飞", ""]

BY_TEXT = [
    # (account, text, region, home): the text or the campaign decides among namesakes
    ("河南公安", "优干宁派出所采集血样30份。", None, f"{QINGHAI}黄南藏族自治州河南蒙古族自治县"),
    ("河南公安", "全县采集血样30份。", None, f"{QINGHAI}黄南藏族自治州河南蒙古族自治县"),
    ("河南公安", "全省采集血样30份。", None, "河南省"),
    ("海南公安", "恰卜恰派出所采集虹膜30人。", None, f"{QINGHAI}海南藏族自治州"),
    ("海南公安", "采集虹膜30人。", "63", f"{QINGHAI}海南藏族自治州"),
    ("海南公安", "采集虹膜30人。", None, "海南省"),
    ("玉树公安", "全市采集虹膜30人。", None, f"{QINGHAI}玉树藏族自治州玉树市"),
    ("玉树公安", "全州采集虹膜30人。", None, f"{QINGHAI}玉树藏族自治州"),
    ("城关公安", "兰州市公安局采集血样30份。", None, "甘肃省兰州市城关区"),
    ("朝阳公安", "北京市民采集血样30份。", None, "北京市朝阳区"),
]


def home(account: str, text: str = "近日，采集血样53份。", region: str | None = None) -> str | None:
    found = find_places(Article(text, account=account, region=region)).home
    return found.name if found else None


@pytest.mark.parametrize(("account", "expected"), ACCOUNTS)
def test_account_names_its_place(account: str, expected: str) -> None:
    assert home(account) == expected


@pytest.mark.parametrize("account", NOWHERE)
def test_account_without_a_place_has_no_home(account: str) -> None:
    assert find_places(Article("近日，采集血样53份。", account=account)).home is None


@pytest.mark.parametrize(("account", "text", "region", "expected"), BY_TEXT)
def test_text_and_campaign_decide_among_namesakes(
    account: str, text: str, region: str | None, expected: str
) -> None:
    assert home(account, text, region) == expected


def test_undecided_account_keeps_its_candidates() -> None:
    found = find_places(Article("采集血样53份。", account="鼓楼公安")).home
    assert found is not None
    assert found.code is None
    assert set(found.candidates) == {"320106", "320302", "350102", "410204"}
