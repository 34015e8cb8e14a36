"""`holdfast export datasette`, looked at through Datasette itself."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from datasette.app import Datasette

from cli.main import main

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def home(toured: Path) -> Path:
    return toured


@pytest.fixture(scope="module")
def exported(home: Path) -> Path:
    folder = home.parent / "for-datasette"
    assert main(["--home", str(home), "export", "datasette", "--to", str(folder)]) == 0
    return folder


@pytest_asyncio.fixture
async def served(exported: Path) -> AsyncIterator[Datasette]:
    metadata = json.loads((exported / "metadata.json").read_text(encoding="utf-8"))
    yield Datasette([str(exported / "holdfast.db")], metadata=metadata)


async def told(served: Datasette, address: str) -> Any:
    response = await served.client.get(address)
    assert response.status_code == 200, response.text
    return response.json()


async def test_it_has_every_row_of_the_lists(served: Datasette, home: Path, capsys: Capture) -> None:
    for name in ("observations", "documents", "pages", "captures"):
        capsys.readouterr()
        assert main(["--home", str(home), name, "--json"]) == 0
        rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        found = await told(served, f"/holdfast/{name}.json?_size=1000&_shape=objects&_json=venue")
        assert {row["id"] for row in found["rows"]} == {row["id"] for row in rows}
        assert found["columns"] == list(rows[0])


async def test_rows_lead_to_each_other(served: Datasette) -> None:
    page = (await served.client.get("/holdfast/observations")).text
    assert "/holdfast/documents/doc-" in page
    assert "/holdfast/captures/cap-" in page
    assert "Do not add them up" in page
    assert "Lowest number of samples" in page


async def test_chinese_words_are_found(served: Datasette) -> None:
    found = await told(served, "/holdfast/documents.json?_search=派出所&_shape=objects&_size=1000")
    assert len(found["rows"]) > 0
    assert all("派出所" in row["title"] + row["text"] for row in found["rows"])


async def test_lists_and_kinds_can_be_counted(served: Datasette) -> None:
    found = await told(served, "/holdfast/observations.json?_facet=modality&_facet_array=venue&_size=0")
    assert {each["value"] for each in found["facet_results"]["modality"]["results"]} >= {"dna", "iris"}
    assert found["facet_results"]["venue"]["results"]


def test_its_links_hold(exported: Path) -> None:
    store = sqlite3.connect(exported / "holdfast.db")
    assert store.execute("PRAGMA foreign_key_check").fetchall() == []
    assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    store.close()


def test_a_folder_that_holds_something_is_left_alone(exported: Path, home: Path, capsys: Capture) -> None:
    before = (exported / "holdfast.db").read_bytes()
    assert main(["--home", str(home), "export", "datasette", "--to", str(exported)]) == 2
    assert "is there already and not empty" in capsys.readouterr().err
    assert (exported / "holdfast.db").read_bytes() == before
