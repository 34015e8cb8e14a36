"""Figures told in other than the usual words, and whose they are. All texts are invented."""

from __future__ import annotations

from datetime import date

import pytest

from parsers.observation import Article
from parsers.observe import observe

DAY = date(2021, 6, 1)
TOLD = [
    ("当雄县公安局新采血样3200份，其中公塘派出所贡献420份。", [(3200, "当雄县"), (420, "公塘乡")]),
    ("龙仁派出所民警跑遍3处工地，血样38份均来自外地务工人员。", [(38, "龙仁乡")]),
    ("格达派出所、羊八井派出所并肩作战，分别为牧民采集血样52份、47份。", [(52, "格达乡"), (47, "羊八井镇")]),
    ("格达乡、宁中乡分别完成采血420份、388份。", [(420, "格达乡"), (388, "宁中乡")]),
    ("完成血样采集任务的有格达乡（420份）、宁中乡（388份）。", [(420, "格达乡"), (388, "宁中乡")]),
    ("60名村民在村干部带领下完成血样采集。", [(60, "当雄县")]),
    ("一天时间38户牧民完成血样采集。", [(38, "当雄县")]),
    ("民警走访牧户38户，完成血样采集61份。", [(61, "当雄县")]),
    ("派出所给娃娃们录了指纹，一共录了316个。", [(316, "当雄县")]),
    ("格达派出所到村里采血，来了64人。", [(64, "格达乡")]),
    ("纳木湖派出所已为村民采了血，人数超过八百。", [(800, "纳木湖乡")]),
    ("派出所为寺内僧人采集虹膜，43名僧人全部完成。", [(43, "当雄县")]),
    ("派出所抓获吸毒人员6人，均采集血样并录入DNA库。", [(6, "当雄县")]),
    ("民警给放牧点的牧民采血，收工时箱子里装着57份样本。", [(57, "当雄县")]),
    ("民警深入肉牛养殖合作社，为务工人员采集指纹36人。", [(36, "当雄县")]),
    ("5月，刑侦大队采集现场指纹32枚；采集违法犯罪嫌疑人DNA 11份。", [(11, "当雄县")]),
    ("会议通报，格达派出所采集血样410份。会议要求，5月底前再采集700份。", [(410, "格达乡"), (700, "当雄县")]),
    ("公塘派出所为转经群众采集虹膜，首日216人，第二日301人。", [(216, "公塘乡"), (301, "公塘乡")]),
    ("格达派出所对128名务工人员进行信息采集，其中采集指纹102人、DNA85人。", [(102, "格达乡"), (85, "格达乡")]),
    ("宁中派出所：采集血样36（男20女16）份。", [(36, "宁中乡")]),
    ("羊八井派出所上门采集血样31户43人。", [(43, "羊八井镇")]),
    ("公安厅一行5人检查DNA采集工作，全县累计采集2.96万份。", [(29600, "当雄县")]),
    ("纳木湖派出所到寄校采集虹膜，一至三年级共226人，四至六年级共198人。", [(226, "纳木湖乡"), (198, "纳木湖乡")]),
    ("派出所为采摘工采集指纹，第一批98人，第二批113人。", [(98, "当雄县"), (113, "当雄县")]),
    ("宁中派出所采集指纹136枚，其中工地95枚、汽修厂41枚。", [(136, "宁中乡"), (95, "宁中乡"), (41, "宁中乡")]),
    ("县公安局采集人员基本信息3.1万条，其中DNA血样1.9万份。", [(19000, "当雄县")]),
    ("县公安局采集无名尸体DNA 6份，采集失踪人员父母血样48份。", [(48, "当雄县")]),
    ("公塘派出所在109国道检查站采集过往人员DNA 89份。", [(89, "公塘乡")]),
    ("县公安局拟建库4万人，5月采集血样6870份。", [(40000, "当雄县"), (6870, "当雄县")]),
    ("公塘派出所采集虹膜188人，派出所把二人评为采集能手。", [(188, "公塘乡")]),
    ("格达派出所为山谷里的4户15口人采集了血样。", [(15, "格达乡")]),
    ("格达派出所采集虹膜2400余人，还没采的319人全在外地。", [(2400, "格达乡")]),
    ("宁中派出所结合人口普查，入户采集男性家系血样460份、普查登记1200户。", [(460, "宁中乡")]),
    ("派出所组织村民排队采血，一上午完成两个村民小组共148人。", [(148, "当雄县")]),
    ("公塘派出所采集虹膜，一村78人、二村65人。", [(78, "公塘乡"), (65, "公塘乡")]),
    ("公塘派出所为完成县局下达的7500份任务，上周新增206份血样。", [(7500, "公塘乡"), (206, "公塘乡")]),
    ("县公安局民警对来自四川、甘肃的38名务工者采集DNA。", [(38, "当雄县")]),
    ("格达派出所：男性血样应采1260，实采1198，缺62（在外务工41、在校21）。", [(1260, "格达乡"), (1198, "格达乡")]),
    ("派出所对一家KTV的16名从业人员进行采集，DNA、指纹各16份。", [(16, "当雄县"), (16, "当雄县")]),
    ("宁中派出所采集血样，上周60份，本周达120份。", [(60, "宁中乡"), (120, "宁中乡")]),
    ("康玛寺管委会协助派出所为43名僧人采集虹膜。", [(43, "当雄县")]),
]  # fmt: skip
OF_NOBODY = [
    "派出所对走失的羊只采集DNA样本12份。",
    "民警为警犬采集血样3份。",
    "法医对2具尸体采集DNA样本。",
]


def _read(text: str) -> list[tuple[int | None, str]]:
    found = observe(Article(text, "警务动态", DAY, "当雄公安")).observations
    return [(o.count.min if o.count else None, (o.place.name if o.place else "")) for o in found]


@pytest.mark.parametrize(("text", "told"), TOLD, ids=[text for text, _ in TOLD])
def test_each_figure_is_read_with_its_place(text: str, told: list[tuple[int, str]]) -> None:
    read = _read(text)
    assert [count for count, _ in read] == [count for count, _ in told]
    assert all(name.endswith(place) for (_, name), (_, place) in zip(read, told, strict=True))


@pytest.mark.parametrize("text", OF_NOBODY)
def test_samples_of_animals_and_the_dead_are_no_figures(text: str) -> None:
    assert all(count is None for count, _ in _read(text))


def test_the_week_before_is_not_this_week() -> None:
    found = observe(Article("血样采集数由上周的120份增加到本周的185份。", "", DAY, "当雄公安")).observations
    assert [o.dates.start for o in found if o.dates] == [date(2021, 5, 24), date(2021, 5, 31)]


def test_a_weekday_is_that_of_the_days_named_before() -> None:
    text = "格达派出所5月17日至21日逐村采集血样。周一采集112份，周二只采到47份。"
    found = observe(Article(text, "", DAY, "当雄公安")).observations
    assert [o.dates.start for o in found if o.dates] == [date(2021, 5, 17), date(2021, 5, 18)]


def test_a_bare_day_goes_on_in_the_month_named_before() -> None:
    text = "派出所采集血样：4月6日97份，7日86份。"
    found = observe(Article(text, "", DAY, "当雄公安")).observations
    assert [o.dates.start for o in found if o.dates] == [date(2021, 4, 6), date(2021, 4, 7)]


def test_a_period_that_is_not_over_is_closed_all_the_same() -> None:
    (found,) = observe(Article("5月截至20日，派出所采集血样318份。", "", DAY, "当雄公安")).observations
    days = found.dates and (found.dates.start, found.dates.end)
    assert days == (date(2021, 5, 1), date(2021, 5, 20))
    assert found.kind == "increment"


def test_the_body_of_the_title_is_that_of_a_place_it_is_named_after() -> None:
    text = "公塘乡的牧民正忙着剪羊毛，民警给16户48人采了血样。"
    (found,) = observe(Article(text, "公塘派出所：羊圈边的采血桌", DAY, "当雄公安")).observations
    assert found.organ == "公塘派出所"


def test_a_post_set_up_is_not_who_collects() -> None:
    text = "公塘派出所在草场开设“马背警务室”，为牧民采集血样130余份。"
    (found,) = observe(Article(text, "", DAY, "当雄公安")).observations
    assert found.organ == "公塘派出所"


def test_days_are_counted_from_the_first_of_a_period() -> None:
    text = "5月24日起连续3天，派出所采集虹膜，首日216人，第二天301人，第三天289人。"
    found = observe(Article(text, "", DAY, "当雄公安")).observations
    assert [o.dates.start for o in found if o.dates] == [date(2021, 5, day) for day in (24, 25, 26)]


def test_a_sum_is_of_the_groups_of_all_its_parts() -> None:
    text = "派出所采集血样：男性344份，女性102份，共446份。"
    found = observe(Article(text, "", DAY, "当雄公安")).observations
    assert [o.targets for o in found] == [("men",), ("women",), ()]


def test_the_whole_is_that_of_the_body_named_where_an_account_is_of_a_wider_region() -> None:
    text = "记者从拉萨市公安局获悉，今年以来，全市共采集失踪人员父母血样48份。"
    (found,) = observe(Article(text, "", DAY, "西藏商报")).observations
    assert (found.place and found.place.name, found.organ) == ("西藏自治区拉萨市", "拉萨市公安局")


@pytest.mark.parametrize(
    ("text", "rates"),
    [
        ("格达派出所已采血样2317人，今日新增46人，采集率81%。", [0.81, None]),
        ("血样采集：公塘派出所：应采3600，已采2880，80%。", [None, 0.8]),
        ("全县虹膜采集率由年初的41%提高到目前的83%。", [0.83]),
        ("县公安局采集虹膜2.1万余人，其中公塘乡8600人，全县采集率为四成。", [0.4, None]),
    ],
)
def test_a_share_is_that_of_the_running_total_or_of_the_whole(text: str, rates: list[float | None]) -> None:
    assert [o.rate for o in observe(Article(text, "", DAY, "当雄公安")).observations] == rates


def test_the_group_of_one_figure_is_not_that_of_another_group() -> None:
    text = "派出所在执勤点采集货车司机DNA 29份、旅客DNA 17份。"
    assert [o.targets for o in observe(Article(text, "", DAY, "当雄公安")).observations] == [("drivers",), ()]


def test_a_running_total_has_not_the_days_of_an_aside() -> None:
    text = "派出所本周采集血样82份（上周95份），累计1377份。"
    found = observe(Article(text, "", DAY, "当雄公安")).observations
    assert [o.dates.end for o in found if o.dates] == [DAY, date(2021, 5, 30), DAY]


def test_the_share_of_a_place_is_not_that_of_the_figure_of_another() -> None:
    text = "截至5月底，公塘乡采集血样4310份，采集率91%，宁中乡采集率仅为62%。"
    found = observe(Article(text, "", DAY, "当雄公安")).observations
    assert [(o.count.min if o.count else None, o.rate) for o in found] == [(4310, 0.91), (None, 0.62)]


def test_shares_of_a_list_of_places_are_of_what_stands_before_its_colon() -> None:
    text = "5月，全县DNA采集进度通报：公塘乡95%，宁中乡88%。"
    assert [o.rate for o in observe(Article(text, "", DAY, "当雄公安")).observations] == [0.95, 0.88]


@pytest.mark.parametrize("text", ["未通知家长便采集学生指纹。", "到各校采集学生指纹，请家长予以支持。"])
def test_who_is_only_told_or_asked_for_support_is_not_sampled(text: str) -> None:
    (found,) = observe(Article(text, "", DAY, "当雄公安")).observations
    assert found.targets == ("students",)


def test_the_school_of_numbered_students_is_where_they_are_sampled() -> None:
    text = "中心小学112名学生在民警指导下完成指纹采集。"
    (found,) = observe(Article(text, "", DAY, "当雄公安")).observations
    assert found.venue == ("school",)
