"""Populations of one's own: what a row must be, and that a row that is not is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import AnalysisError
from analysis.estimates.inputs import Population
from analysis.estimates.own_populations import own_populations
from analysis.estimates.published import populations

HEAD = "code,year,people,source\n"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "population.csv"


def test_they_go_before_what_ships(own: Path) -> None:
    own.write_text(f"{HEAD}540329,2020,50000,census bulletin of Chamdo\n")
    (mine,) = [each for each in populations(own) if (each.code, each.year) == ("540329", 2020)]
    assert mine == Population("540329", 2020, 50_000, "census bulletin of Chamdo")


def test_codes_may_be_filled_up_and_columns_stand_in_any_order(own: Path) -> None:
    own.write_text('\ufeffname,source,people,year,code\n昌都,"bulletin, p. 3",760966,2020,540300\n\n')
    assert own_populations(own) == [Population("5403", 2020, 760_966, "bulletin, p. 3")]


@pytest.mark.parametrize(
    ("rows", "line", "what"),
    [
        ("540325,2020,0,x\n", 2, "people is '0'"),
        ("540325,2020,-5,x\n", 2, "people is '-5'"),
        ("540325,2020,,x\n", 2, "people is ''"),
        ("540325,2020,4万,x\n", 2, "people is '4万'"),
        ("540329,2020,53185,x\n540325,2020,40.5,x\n", 3, "people is '40.5'"),
        ('540325,2020,"40,000",x\n', 2, "people is '40,000'; it is a whole number from 1, in digits alone"),
        ("540325,2020,40,000,x\n", 2, "write a number without commas"),
        ("540325,20,40000,x\n", 2, "year is '20'"),
        ("540325,2020,40000,\n", 2, "no source"),
        ("540325,2020,40000\n", 2, "no source"),
        ("540399,2020,40000,x\n", 2, "no place has the code '540399'"),
        ("Chamdo,2020,40000,x\n", 2, "no place has the code 'Chamdo'"),
        ("540300,2020,1,x\n540325,2020,2,x\n5403,2020,3,y\n", 4, "line 2 has a population of 5403 in 2020"),
        ('540325,2020,"40000,x\n', 2, "is no CSV"),
    ],
)
def test_a_row_that_is_no_population_is_named_with_its_line(
    own: Path, rows: str, line: int, what: str
) -> None:
    own.write_text(HEAD + rows)
    with pytest.raises(AnalysisError) as refused:
        populations(own)
    assert str(refused.value).startswith(f"{own}, line {line}: ")
    assert what in str(refused.value)


@pytest.mark.parametrize("text", ["", "place,people\n1,2\n", "code;year;people;source\n"])
def test_a_file_without_the_columns_is_refused(own: Path, text: str) -> None:
    own.write_text(text)
    with pytest.raises(AnalysisError, match="must have the columns code, year, people, source; "):
        populations(own)


def test_a_file_in_another_encoding_is_refused(own: Path) -> None:
    own.write_bytes(f"{HEAD}540325,2020,40000,公报\n".encode("gbk"))
    with pytest.raises(AnalysisError, match="it is CSV in UTF-8"):
        populations(own)
