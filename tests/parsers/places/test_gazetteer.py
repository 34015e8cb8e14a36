"""The gazetteer: codes, full names, what lies in what, names of other times."""

from __future__ import annotations

import pytest

from parsers.places import children, gazetteer, is_within, place
from parsers.places.naming import common_name, short_name, spellings, village_name


def test_holds_the_divisions_of_2023() -> None:
    sizes = {length: sum(len(code) == length for code in gazetteer.divisions()) for length in (2, 4, 6, 9)}
    assert sizes == {2: 34, 4: 333, 6: sizes[6], 9: 41352}
    assert sum(len(code) == 9 for code in gazetteer.within("54")) == 705
    assert sum(len(code) == 9 for code in gazetteer.within("63")) == 422


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("630224103", "青海省海东市化隆回族自治县甘都镇"),
        ("110101001", "北京市东城区东华门街道"),
        ("500229", "重庆市城口县"),
        ("429004", "湖北省仙桃市"),
        ("441900003", "广东省东莞市东城街道"),
        ("659001", "新疆维吾尔自治区石河子市"),
        ("540124", "西藏自治区拉萨市曲水县"),
    ],
)
def test_path_is_the_full_official_name(code: str, path: str) -> None:
    assert place(code).path == path


def test_village_lies_in_its_township() -> None:
    caina = next(code for code in children("540124") if place(code).name == "才纳乡")
    assert "西藏自治区拉萨市曲水县才纳乡协荣村" in {place(code).path for code in children(caina)}
    assert all(place(code).level == "village" and place(code).parent == caina for code in children(caina))


def test_every_province_has_the_villages_of_2023() -> None:
    provinces = [code for code in gazetteer.divisions() if len(code) == 2]
    counts = {code: len(gazetteer.villages(code)) for code in provinces}
    assert sum(counts.values()) == 620_573
    assert counts["54"] == 5_580
    assert {code for code, count in counts.items() if not count} == {"71", "81", "82"}, "not counted there"


def test_children_are_the_next_level_that_exists() -> None:
    assert {place(code).name for code in children("5425")} == {
        "普兰县", "札达县", "噶尔县", "日土县", "革吉县", "改则县", "措勤县",
    }  # fmt: skip
    assert all(place(code).level == "township" for code in children("4419"))
    assert "429004" in children("42")


def test_is_within_holds_for_itself_and_all_below() -> None:
    assert is_within("540124", "54")
    assert is_within("540124", "540124")
    assert not is_within("54", "540124")
    assert not is_within("632324", "41")


def test_former_names_have_their_years_and_source() -> None:
    [tongren] = [name for name in place("632301").other_names if name.kind == "former"]
    assert (tongren.name, tongren.until, tongren.source) == ("同仁县", 2020, "MCA 2020")


def test_every_other_name_belongs_to_a_place_that_exists() -> None:
    assert set(gazetteer.other_names()) <= set(gazetteer.divisions())


def test_unknown_code_is_an_error() -> None:
    with pytest.raises(KeyError):
        place("999999")


@pytest.mark.parametrize(
    ("name", "level", "short", "common"),
    [
        ("化隆回族自治县", "county", "化隆", "化隆县"),
        ("大通回族土族自治县", "county", "大通", "大通县"),
        ("河南蒙古族自治县", "county", "河南", "河南县"),
        ("东乡族自治县", "county", "东乡", "东乡县"),
        ("海西蒙古族藏族自治州", "prefecture", "海西", "海西州"),
        ("巴音郭楞蒙古自治州", "prefecture", "巴音郭楞", "巴音郭楞州"),
        ("松多藏族乡", "township", "松多", "松多乡"),
        ("勒门巴民族乡", "township", "勒", "勒乡"),
        ("大柴旦行政委员会", "county", "大柴旦", None),
        ("城关区", "county", "城关", None),
        ("西藏自治区", "province", "西藏", None),
    ],
)
def test_short_and_everyday_names(name: str, level: str, short: str, common: str | None) -> None:
    assert short_name(name, level) == short
    assert common_name(name, level) == common


def test_characters_written_for_one_another() -> None:
    assert set(spellings("青石咀镇")) == {"青石咀镇", "青石嘴镇"}
    assert set(spellings("马克堂镇")) >= {"马克堂镇", "马克唐镇"}


@pytest.mark.parametrize(
    ("statistical", "written"),
    [
        ("曲水村委会", "曲水村"),
        ("才纳村村民委员会", "才纳村"),
        ("宁巴社区居委会", "宁巴社区"),
        ("林堆新村", "林堆新村"),
    ],
)
def test_village_is_written_as_people_write_it(statistical: str, written: str) -> None:
    assert village_name(statistical) == written


def test_counties_of_both_studies_have_names_in_latin_letters() -> None:
    counties = [code for area in ("54", "63") for code in gazetteer.within(area) if len(code) == 6]
    named = [code for code in counties if place(code).romanised]
    assert len(named) == 74 + 41
    assert place("540127").romanised == ("Maizhokunggar", "Meldro Gungkar")
    assert place("540121").tibetan == "ལྷུན་གྲུབ་རྫོང"
    assert set(gazetteer.tibetan_names()) <= set(gazetteer.divisions())


def test_a_county_has_a_point_and_a_township_has_none() -> None:
    east, north = place("540329").point or (0.0, 0.0)
    assert 95 < east < 97, "longitude first, as GeoJSON has it"
    assert 30 < north < 31.5
    assert place("540329101").point is None
