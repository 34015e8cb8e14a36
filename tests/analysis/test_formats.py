"""Every format, read back by another program's reader."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import geojson_pydantic
import openpyxl
import pyarrow.parquet as pq
import pytest
from shapely.geometry import shape

from analysis.errors import TooManyRows
from analysis.formats import WRITERS, workbook
from analysis.formats.delimited import write_csv
from analysis.listing import Column, Listing, columns_of, listing
from db.lists.items import CaptureItem, DocumentItem, ObservationItem, PageItem
from tests.analysis.shapes import shape_of

PUBLISHED = datetime(2021, 5, 11, 18, 30, tzinfo=UTC)


def item(**changed: Any) -> ObservationItem:
    values: dict[str, Any] = {
        "id": "obs-1", "campaign": "tibet-dna", "modality": "dna", "kind": "increment", "count_min": 53,
        "count_max": 53, "count_qualifier": "exact", "unit": "份", "rate": None, "date_start": date(2021, 5, 11),
        "date_end": None, "date_precision": "day", "date_relative": False, "place": "西藏自治区", "place_code": "54",
        "place_level": "province", "organ": None, "venue": ["home", "school"], "targets": [], "purposes": [],
        "quote": "采集血样53份，电话13800138000", "quote_start": 3, "quote_end": 9, "confidence": 0.75,
        "rules": ["count.verb"], "flags": [], "review": None, "document_id": "doc-1", "title": "标题",
        "account": None, "publisher": "合成日报", "published_at": PUBLISHED, "url": "https://a.example/1",
        "capture_id": "cap-1",
    }  # fmt: skip
    return ObservationItem(**(values | changed))


def written(form: str, items: Iterable[ObservationItem], **options: Any) -> BytesIO:
    out = BytesIO()
    WRITERS[form](listing("observations", ObservationItem, items, **options), out)
    out.seek(0)
    return out


@pytest.mark.parametrize("kind", [ObservationItem, DocumentItem, PageItem, CaptureItem])
def test_every_column_says_what_it_means(kind: type[Any]) -> None:
    columns = columns_of(kind)
    assert [column.name for column in columns] == [field.name for field in fields(kind)]
    assert all(column.about.endswith(".") for column in columns)


def rows_of(out: BytesIO) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(out.read().decode("utf-8-sig"), newline="")))


def test_csv_reads_back() -> None:
    out = written("csv", [item(), item(id="obs-2", quote='引号"和\n换行,')])
    assert out.getvalue().startswith(b"\xef\xbb\xbf")
    first, second = rows_of(out)
    assert (first["count_max"], first["rate"], first["venue"]) == ("53", "", "home; school")
    assert (first["date_start"], first["published_at"]) == ("2021-05-11", "2021-05-12T02:30:00+08:00")
    assert second["quote"] == '引号"和\n换行,'


def test_csv_can_do_without_a_byte_order_mark() -> None:
    out = BytesIO()
    write_csv(listing("observations", ObservationItem, [item()]), out, bom=False)
    assert out.getvalue().startswith(b"id,campaign")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", '=HYPERLINK("http://a.example")']
)
def test_no_spreadsheet_runs_what_a_page_says(text: str) -> None:
    (row,) = rows_of(written("csv", [item(title=text)]))
    assert row["title"] == "'" + text
    sheet = openpyxl.load_workbook(written("xlsx", [item(title=text)]))["observations"]
    cell = sheet.cell(2, [column.name for column in columns_of(ObservationItem)].index("title") + 1)
    assert (cell.data_type, cell.value) == ("s", text)


def test_json_lines_read_back() -> None:
    first, second = map(json.loads, written("jsonl", [item(), item(id="obs-2")]).read().splitlines())
    assert (first["count_max"], first["rate"], first["venue"]) == (53, None, ["home", "school"])
    assert first["published_at"] == "2021-05-12T02:30:00+08:00"
    assert second["id"] == "obs-2"


def test_parquet_keeps_types() -> None:
    table = pq.read_table(written("parquet", [item(), item(id="obs-2", count_max=None)]))
    first, second = table.to_pylist()
    assert first["published_at"] == PUBLISHED
    assert first["published_at"].utcoffset() == timedelta(hours=8)
    assert (first["date_start"], first["venue"], second["count_max"]) == (
        date(2021, 5, 11),
        ["home", "school"],
        None,
    )
    assert table.schema.field("quote").metadata[b"about"].startswith(b"The words")


def test_parquet_of_nothing_has_the_columns_all_the_same() -> None:
    assert pq.read_table(written("parquet", [])).column_names == [c.name for c in columns_of(ObservationItem)]


def test_a_workbook_has_typed_cells_sources_and_columns() -> None:
    book = openpyxl.load_workbook(
        written("xlsx", [item(), item(id="obs-2"), item(id="obs-3", document_id="doc-2")])
    )
    assert book.sheetnames == ["observations", "sources", "columns"]
    header, first, *_ = book["observations"].iter_rows(values_only=True)
    row = dict(zip(header, first, strict=True))
    assert (row["count_max"], row["rate"], row["confidence"]) == (53, None, 0.75)
    assert row["published_at"] == datetime(2021, 5, 12, 2, 30)  # Excel knows no time zones
    assert row["date_start"] == datetime(2021, 5, 11)
    sources = list(book["sources"].iter_rows(min_row=2, values_only=True))
    assert [source[0] for source in sources] == [1, 2]
    assert {row[0] for row in book["columns"].iter_rows(min_row=2, values_only=True) if row[0]} == set(header)


def test_a_workbook_takes_what_excel_cannot_hold() -> None:
    sheet = openpyxl.load_workbook(written("xlsx", [item(title="a\x01b" + "长" * 40000)]))["observations"]
    title = sheet.cell(2, [column.name for column in columns_of(ObservationItem)].index("title") + 1).value
    assert isinstance(title, str)
    assert title.startswith("a\ufffdb长")
    assert len(title) == workbook.LONGEST_CELL


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    assert written("xlsx", [item()] * 2).getvalue()
    with pytest.raises(TooManyRows, match="parquet"):
        written("xlsx", [item()] * 3)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_geojson_has_a_feature_for_each_row(count: int) -> None:
    told = json.load(written("geojson", [item(id=f"obs-{n}") for n in range(count)]))
    assert told["type"] == "FeatureCollection"
    assert [feature["id"] for feature in told["features"]] == [f"obs-{n}" for n in range(count)]


def test_geojson_puts_a_county_at_a_point_inside_it() -> None:
    (feature,) = features(item(place_code="540329"))
    assert feature["geometry"]["type"] == "Point"
    assert shape_of("540329").covers(shape(feature["geometry"])), "longitude first, as RFC 7946 has it"
    assert feature["properties"]["point_of"] == "540329"


def test_geojson_says_whose_point_a_township_stands_at() -> None:
    county, township = features(item(place_code="540329"), item(place_code="540329102"))
    assert township["geometry"] == county["geometry"]
    assert (township["properties"]["place_code"], township["properties"]["point_of"]) == (
        "540329102",
        "540329",
    )


def test_geojson_has_no_geometry_for_what_is_nowhere() -> None:
    (feature,) = features(item(place=None, place_code=None))
    assert feature["geometry"] is None
    assert feature["properties"]["point_of"] is None


def test_geojson_of_a_list_without_places_has_no_points() -> None:
    out = BytesIO()
    WRITERS["geojson"](Listing("sums", (Column("claims", "integer", "Claims."),), [(3,)]), out)
    (feature,) = json.loads(out.getvalue())["features"]
    assert (feature["geometry"], feature["properties"]) == (None, {"claims": 3})


@pytest.mark.parametrize(
    ("row", "at"),
    [
        ({"county": "西藏自治区昌都市洛隆县"}, "540329"),
        ({"prefecture": "西藏自治区昌都市", "county": None}, "5403"),
        ({"prefecture": "西藏自治区昌都市", "county": "西藏自治区昌都市洛隆县"}, "540329"),
        ({"province": "西藏自治区", "year": "2021"}, "54"),
        ({"township": "西藏自治区昌都市洛隆县孜托镇"}, "540329"),
        ({"place": "西藏自治区昌都市洛隆县孜托镇加日扎村"}, "540329"),
        ({"county": None}, None),
        ({"place": "全国各地"}, None),
    ],
)
def test_geojson_of_sums_puts_each_row_at_its_place(row: dict[str, str | None], at: str | None) -> None:
    out = BytesIO()
    columns = (*(Column(name, "text", "A place.") for name in row), Column("claims", "integer", "Claims."))
    WRITERS["geojson"](Listing("totals", columns, [(*row.values(), 3)]), out)
    (feature,) = json.loads(out.getvalue())["features"]
    assert feature["properties"] == row | {"claims": 3, "point_of": at}
    if at is None:
        assert feature["geometry"] is None
    else:
        assert shape_of(at).covers(shape(feature["geometry"]))


def test_geojson_is_valid() -> None:
    told = json.load(written("geojson", [item(), item(place_code=None), item(place_code="540329")]))
    assert len(geojson_pydantic.FeatureCollection.model_validate(told).features) == 3


def features(*items: ObservationItem) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.load(written("geojson", items))["features"]
    return found


@pytest.mark.parametrize("form", sorted(WRITERS))
def test_every_format_masks_personal_data_unless_told_not_to(form: str) -> None:
    def shown(**options: Any) -> str:
        out = written(form, [item()], **options)
        if form == "xlsx":
            return str(list(openpyxl.load_workbook(out)["observations"].values))
        return str(pq.read_table(out).to_pylist()) if form == "parquet" else out.read().decode()

    assert "13800138000" not in shown()
    assert "138********" in shown()
    assert "13800138000" in shown(unmask=True)


def test_rows_are_written_as_they_come() -> None:
    taken: list[int] = []

    def endless() -> Iterable[tuple[Any, ...]]:
        for n in range(3):
            taken.append(n)
            yield (f"obs-{n}",)

    found = Listing("observations", columns_of(ObservationItem)[:1], endless())
    out = BytesIO()
    assert taken == []
    WRITERS["jsonl"](found, out)
    assert len(out.getvalue().splitlines()) == len(taken) == 3
