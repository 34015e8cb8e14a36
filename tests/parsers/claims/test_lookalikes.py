"""Blood and prints taken for something else, beside collection that looks like it. All texts are invented."""

from __future__ import annotations

from datetime import date

import pytest

from parsers.observation import Article
from parsers.observe import observe

DAY = date(2021, 5, 12)


def counts(text: str) -> list[int | None]:
    """The counts read of a text of a police account."""
    reported = observe(Article(text, "工作动态", DAY, "林周公安"))
    return [each.count.min for each in reported.observations if each.count]


@pytest.mark.parametrize(
    "text",
    [
        "交警大队查获酒后驾驶9人，对其中4名驾驶员提取血样送检。",
        "民警在城南卡点呼气检测车辆640台次，带4名司机到医院抽血，血样一式两份封存。",
        "县医院为民警体检抽血46人。",
        "县公安局组织34名民警学习采血和指纹捺印技法，互采练习卡68张。",
        "刑侦大队技术员在窗台提取指纹3枚、足迹2枚，并从烟头上检出男性DNA。",
        "旁多派出所协助林草部门采集赤麻鸭血样23份，提取藏狐毛发4份。",
        "疾控中心到戒毒所为学员抽取血样215份，筛查艾滋病、丙肝，民警负责现场秩序。",
        "民警救助受伤黑颈鹤2只，林业部门采集羽毛、血样各2份送检。",
        "民警抓获嫌疑人4名，解救猎隼7只，提取DNA样本7份送省鉴定中心。",
        "民警提取木材样本12份做DNA鉴定，查扣车辆3辆。",
        "采集重点人员毛发样本86份，检测结果均为阴性，尿检210人。",
        "某公司违规采集用户唾液样本12万份，被公安机关立案调查。",
        "民警打掉一个团伙，查获人脸照片41万张、指纹膜30枚。",
    ],
)
def test_what_is_taken_for_something_else_counts_no_samples(text: str) -> None:
    assert counts(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("旁多派出所组织民警入户采血，采集血样23份。", [23]),
        ("民警在县医院为住院患者采集虹膜28人。", [28]),
        ("旁多派出所为考古队民工采集血样23份。", [23]),
        ("旁多派出所在考古工地设点，采集血样23份。", [23]),
        ("旁多派出所传承红色基因，采集血样23份。", [23]),
        ("旁多派出所推广智慧门禁，采集血样23份。", [23]),
        ("旁多派出所走进高考考点周边，采集血样23份。", [23]),
        ("派出所对吸毒人员尿检3人，采集DNA3份。", [3]),
        ("交警在卡点为驾驶员采集血样31份、指纹20枚，查处酒驾2起。", [31, 20]),
        ("旁多派出所民警骑着2匹马进村为牧民采集血样23份。", [23]),
        ("民警在木材加工厂采集务工人员指纹56枚，在羽毛球馆采集群众虹膜20人。", [56, 20]),
        ("派出所采集种植户指纹12枚，采集木工血样3份，采集花石峡镇群众的血样9份。", [12, 3, 9]),
        ("民警走进羊圈牛棚，为放牧群众采集血样88份，提取口腔拭子12份。", [88, 12]),
    ],
)
def test_collection_among_its_words_is_read(text: str, expected: list[int]) -> None:
    assert counts(text) == expected
