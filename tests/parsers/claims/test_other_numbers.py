"""Numbers that stand beside figures of collection and count something else. All texts are invented."""

from __future__ import annotations

from datetime import date

import pytest

from parsers.observation import Article, Kind
from parsers.observe import observe

DAY = date(2021, 5, 12)
BESIDE = [
    "投入警力37人、车辆12台",
    "发放宣传单370份，张贴通告37张",
    "走访群众370余人，入户37家",
    "动员群众370余人",
    "护送学生370名",
    "组织群众370人观看警示片",
    "惠及群众3700人",
    "累计为37名群众办理身份证",
    "为370名学生讲解法律知识",
    "社区矫正对象37人在册",
    "采集实有人口信息370条，采集人口基础信息37条",
    "提供茶水370余份",
    "全镇共370户3700人",
    "辖区总人口3.7万人",
    "填写登记表370份、发出法律文书37份",
    "送检37份，比中案件37起",
    "日均37份，比上月多37份，已超额完成37份",
    "较前一日增加37份，单日最多达37份",
    "另有37名群众因外出未能采集，37名老人无法采集",
    "每个家族抽取2至3人",
    "37人至今下落不明",
    "37名学生参观指纹采集设备",
    "对拟入寺的37名僧人及4名驻寺干部逐一走访",
]


def figures(text: str) -> list[tuple[str, int | None]]:
    """Kinds of data and counts read of a text of a police account."""
    reported = observe(Article(text, "旁多派出所工作", DAY, "林周公安"))
    return [(each.modality.value, each.count.min if each.count else None) for each in reported.observations]


@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5月11日，旁多派出所民警为群众采集血样53份，{}。", [("dna", 53)]),
        ("5月11日，旁多派出所{}，采集血样53份、指纹41枚。", [("dna", 53), ("fingerprint", 41)]),
        ("5月11日，旁多派出所为53名群众采集了虹膜，{}。", [("iris", 53)]),
        ("截至目前，旁多派出所累计采集血样1053份，{}。", [("dna", 1053)]),
    ],
)
def test_what_was_done_besides_is_no_figure(text: str, expected: list[tuple[str, int]], beside: str) -> None:
    assert figures(text.format(beside)) == expected


@pytest.mark.parametrize(
    "beside",
    [
        "出动警力37人次",
        "签订责任书37份",
        "填写登记表37份",
        "尿检37人",
        "送检37份",
        "平均年龄37岁",
        "电话通知37人",
    ],
)
def test_the_figures_of_a_list_stand_apart(beside: str) -> None:
    text = f"上周，旁多派出所采集血样53份、{beside}、录入人像41张。"
    assert figures(text) == [("dna", 53), ("face", 41)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("旁多派出所辖区常住人口3700人，已采集血样3100份，采集率84%。", [3700, 3100]),
        ("旁多派出所辖区总人口3700人，5月11日采集血样31份。", [31]),
        ("旁多派出所辖区5至60岁男性1260人，5月11日采集血样31份。", [1260, 31]),
    ],
)
def test_a_group_counts_where_a_figure_is_a_part_of_it(text: str, expected: list[int]) -> None:
    assert [count for _, count in figures(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("组织160名群众到村委会采集虹膜，因设备故障实际采集149人", [149]),
        ("组织务工人员65人次到所采集虹膜，现场完成61人，4人改日补采", [61]),
        ("组织32名僧尼采集虹膜", [32]),
        ("采集虹膜215人，其中70岁以上老人64人由民警上门采集", [215, 64]),
        ("采集4个生产队虹膜计三百七十二人", [372]),
    ],
)
def test_those_called_are_not_those_sampled(text: str, expected: list[int]) -> None:
    assert [count for _, count in figures(f"5月11日，旁多派出所{text}。")] == expected


def test_what_is_entered_in_all_is_more_than_what_was_taken_in_a_day() -> None:
    assert figures("5月11日，旁多派出所采集血样71份，累计入库2304份。") == [("dna", 71), ("dna", 2304)]
    assert figures("5月11日，旁多派出所采集血样71份，入库70份。") == [("dna", 71)]


def test_data_that_others_are_used_for_are_not_taken() -> None:
    assert figures("旁多派出所采集居民血样71份用于面部成像研究。") == [("dna", 71)]


@pytest.mark.parametrize("again", ["复采37份", "重新采集37份", "因不合格重采37份"])
def test_samples_taken_a_second_time_are_among_those_taken(again: str) -> None:
    text = f"截至5月10日，旁多派出所累计采集血样530份，{again}。"
    assert figures(text) == [("dna", 530)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("采集声纹、虹膜分别为48条、52人", [("voice", 48), ("iris", 52)]),
        ("分别采集声纹48条、虹膜52人", [("voice", 48), ("iris", 52)]),
        ("采集群众指纹、血样、人像分别达48枚、52份、60张", [("fingerprint", 48), ("dna", 52), ("face", 60)]),
        ("采集员工血样19份", [("dna", 19)]),
        ("采集车主虹膜19人，采集现场群众指纹20枚", [("iris", 19), ("fingerprint", 20)]),
    ],
)
def test_each_figure_is_of_its_own_data(text: str, expected: list[tuple[str, int]]) -> None:
    assert figures(f"5月11日，旁多派出所{text}。") == expected


@pytest.mark.parametrize("name", ["黄羊川", "狼山", "牦牛坪", "羊毛工"])
def test_an_animal_in_the_name_of_a_place_is_no_animal(name: str) -> None:
    assert figures(f"5月11日，{name}派出所采集血样53份。") == [("dna", 53)]


@pytest.mark.parametrize(
    "text",
    [
        "林周县公安局DNA采血建库服务采购项目，采血建库1.2万人份，预算60万元。",
        "林周县公安局采血建库服务中标公告：中标金额88万元，采集样本数1.2万份。",
        "林周县公安局DNA数据库建设项目，含血样采集检验1.2万份、软件1套、培训20人。",
    ],
)
def test_what_is_to_be_collected_for_a_database_is_read_of_its_procurement(text: str) -> None:
    reported = observe(Article(text, "采血建库服务采购公告", DAY, "中国政府采购网"))
    assert [(each.count.min, each.kind) for each in reported.observations if each.count] == [
        (12000, Kind.TARGET)
    ]
