"""Whose figure it is. The figure stands between ⟦ and ⟧."""

from __future__ import annotations

import pytest

from parsers.observation import Article
from parsers.places import attribute, find_places

LINZHOU, JIANGZI = "西藏自治区拉萨市林周县", "西藏自治区日喀则市江孜县"

FIGURES = [
    # (account, title, text, place, organ)
    ("林周公安", "", "旁多派出所⟦采集53份⟧。", f"{LINZHOU}旁多乡", "旁多派出所"),
    ("林周公安", "", "旁多派出所采集53份，松盘派出所⟦采集20份⟧。", f"{LINZHOU}松盘乡", "松盘派出所"),
    ("林周公安", "", "旁多派出所⟦采集53份⟧，松盘派出所采集20份。", f"{LINZHOU}旁多乡", "旁多派出所"),
    ("林周公安", "", "旁多派出所采集95份。截至当日，⟦全县已采集1.08万份⟧。", LINZHOU, None),
    ("林周公安", "", "林周县公安局组建专班，全县⟦累计采集2万份⟧。", LINZHOU, "林周县公安局"),
    ("林周公安", "", "全县共⟦采集1260份⟧，其中松盘乡400份。", LINZHOU, None),
    ("林周公安", "", "全县共采集1260份，其中松盘乡⟦400份⟧。", f"{LINZHOU}松盘乡", None),
    ("林周公安", "", "林周县公安局民警在春堆乡⟦采集30份⟧。", f"{LINZHOU}春堆乡", "林周县公安局"),
    ("林周公安", "", "我局共⟦采集2.4万份⟧（旁多派出所3860份）。", LINZHOU, "我局"),
    ("林周公安", "", "我局共采集2.4万份（⟦旁多派出所3860份⟧）。", f"{LINZHOU}旁多乡", "旁多派出所"),
    ("林周公安", "", "刑侦大队赴广东为我县务工人员⟦补采32份⟧。", LINZHOU, "刑侦大队"),
    ("林周公安", "", "刑侦大队赴广东东莞市⟦补采32份⟧。", LINZHOU, "刑侦大队"),
    ("林周公安", "", "近日⟦采集血样32份⟧。", LINZHOU, None),
    ("林周公安", "旁多派出所采血忙", "近日，民警⟦采集血样32份⟧。", f"{LINZHOU}旁多乡", "旁多派出所"),
    ("林周县公安局", "", "近日⟦采集血样32份⟧。", LINZHOU, "林周县公安局"),
    ("林周公安", "", "⟦采集血样32份⟧的是旁多派出所。", f"{LINZHOU}旁多乡", "旁多派出所"),
    ("江孜公安", "", "卡麦乡派出所\n9月4日，⟦采集86份⟧。\n交警大队\n采集指纹9份。", f"{JIANGZI}卡麦乡", "卡麦乡派出所"),
    ("江孜公安", "", "卡麦乡派出所\n采集86份。\n交警大队\n⟦采集指纹9份⟧。", JIANGZI, "交警大队"),
    ("江孜公安", "", "江孜县公安局卡麦派出所走访。卡麦派出所⟦采集6份⟧。", f"{JIANGZI}卡麦乡", "江孜县公安局卡麦派出所"),
    ("江孜公安", "", "卡麦派出所 40 30\n热龙派出所 20 10\n⟦合计 60⟧ 40", JIANGZI, None),
    ("江孜公安", "", "卡麦派出所民警到热龙乡⟦采集6份⟧。", f"{JIANGZI}卡麦乡", "卡麦派出所"),
    ("日喀则公安", "", "江孜县公安局采集40份，拉孜县⟦采集50份⟧。", "西藏自治区日喀则市拉孜县", None),
    ("海东公安", "", "化隆县公安局采集3万人；互助县公安局⟦采集2万人⟧。", "青海省海东市互助土族自治县", "互助县公安局"),
    (None, "", "丁青縣公安局要求居民到村委會⟦採集血樣⟧。", "西藏自治区昌都市丁青县", "丁青縣公安局"),
    (None, "", "墨玉县居民被⟦公安机关采集虹膜⟧。", "新疆维吾尔自治区和田地区墨玉县", "公安机关"),
    ("昌都公安", "", "卡若区 40 30\n江达县 20 10\n⟦合计 60⟧ 40", "西藏自治区昌都市", None),
    ("昌都公安", "", "卡若区 40 30\n江达县 20 ⟦10⟧\n合计 60 40", "西藏自治区昌都市江达县", None),
    ("果洛公安", "", "一、玛沁县：采集30人。\n二、甘德县：⟦采集20人⟧。", "青海省果洛藏族自治州甘德县", None),
    (None, "", "某地⟦采集血样⟧。", None, None),
    ("林周公安", "", "全年⟦采集7.4万人⟧，其中旁多派出所2.1万余人。", LINZHOU, None),
    ("林周公安", "", "全年⟦采集7.4万人⟧，旁多派出所2.1万人，松盘派出所1.2万人。", LINZHOU, None),
    ("林周公安", "", "旁多派出所值守疫情检查站，⟦采集17人⟧。", f"{LINZHOU}旁多乡", "旁多派出所"),
    ("曲水公安", "", "才纳派出所在才纳村⟦采集30份⟧。", "西藏自治区拉萨市曲水县才纳乡才纳村", "才纳派出所"),
    ("曲水公安", "", "才纳派出所采集50份，其中协荣村⟦30份⟧。", "西藏自治区拉萨市曲水县才纳乡协荣村", "才纳派出所"),
]  # fmt: skip


@pytest.mark.parametrize(("account", "title", "text", "place", "organ"), FIGURES)
def test_figure_belongs_to(
    account: str | None, title: str, text: str, place: str | None, organ: str | None
) -> None:
    start, end = text.index("⟦"), text.index("⟧") - 1
    article = Article(text.replace("⟦", "").replace("⟧", ""), title=title, account=account)
    found = attribute(find_places(article), article, start, end)
    assert (found.place.name if found.place else None) == place
    assert (found.organ.text if found.organ else None) == organ
