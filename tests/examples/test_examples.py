"""Every example shop parses anywhere, and reads its real files where KEREC_DATA names them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from graph.records import EVENT_SCHEMA, ITEM_SCHEMA
from services.catalog.dictionary import read_dictionary
from services.catalog.events import read_events
from services.catalog.items import read_items
from services.catalog.relations import read_relations
from services.catalog.verdicts import read_verdicts
from services.shop import Shop

EXAMPLES = Path(__file__).parents[2] / "examples"
# items, events after duplicates, duplicates, entities, verdicts
SIZES = {
    "beauty": (12_101, 176_139, 0, 419, 5_679),
    "toys": (11_924, 148_185, 0, 373, 3_075),
    "instacart": (49_688, 1_108_340, 0, 449, 7_896),
    "online_retail": (3_626, 355_233, 5_204, 0, 0),
    "groceries": (169, 43_367, 0, 169, 0),
}
CLOCKS = {"beauty": "order", "toys": "order", "instacart": "order", "online_retail": "time", "groceries": "none"}


def prepared(name: str, data: Path, out: Path) -> Path:
    """Return the example's toml, prepared in `out` where the example has something to prepare."""
    script = EXAMPLES / name / "prepare.py"
    if not script.exists():
        return EXAMPLES / name / "kerec.toml"
    environ = os.environ | {"KEREC_DATA": str(data)}
    subprocess.run([sys.executable, str(script), str(out)], check=True, env=environ, stdout=subprocess.DEVNULL)
    return out / "kerec.toml"


def test_every_folder_is_tested() -> None:
    assert sorted(path.parent.name for path in EXAMPLES.glob("*/kerec.toml")) == sorted(SIZES)


@pytest.mark.parametrize("name", SIZES)
def test_an_example_parses(name: str) -> None:
    shop = Shop.open(EXAMPLES / name / "kerec.toml", {"KEREC_DATA": "/data"})
    settings = shop.settings
    assert shop.id == name
    assert settings.graph is None
    assert settings.clock == CLOCKS[name]
    roots = (Path("/data"), EXAMPLES / name)
    files = [settings.items.path, *(table.path for table in settings.events)]
    assert all(any(file.is_relative_to(root) for root in roots) for file in files)


@pytest.mark.parametrize("name", SIZES)
def test_an_example_reads_its_files_without_a_reject(name: str, tmp_path: Path) -> None:
    data = os.environ.get("KEREC_DATA")
    if not data:
        pytest.skip(f"KEREC_DATA is not set: the files of the example {name} were not read")
    settings = Shop.open(prepared(name, Path(data), tmp_path), {"KEREC_DATA": data}).settings
    items = read_items(settings.items)
    events = read_events(settings.events, items.content["id"])
    entities = read_dictionary(settings.dictionary).content if settings.dictionary else ()
    verdicts = read_verdicts(settings.judge, [e.id for e in entities]).content if settings.judge else ()
    assert (items.rejects, events.rejects) == ([], [])
    assert (items.content.schema, events.content.schema) == (ITEM_SCHEMA, EVENT_SCHEMA)
    sizes = (items.content.height, events.content.height, events.duplicates, len(entities), len(verdicts))
    assert sizes == SIZES[name]
    assert events.content["id"].n_unique() == events.content.height


def test_beauty_has_relations() -> None:
    data = os.environ.get("KEREC_DATA")
    if not data:
        pytest.skip("KEREC_DATA is not set: the relations of Beauty were not read")
    table = Shop.open(EXAMPLES / "beauty" / "kerec.toml", {"KEREC_DATA": data}).settings.relations
    assert table is not None
    found = read_relations(table)
    assert (found.content.height, found.rejects) == (240_479, [])


def test_online_retail_keeps_sold_products_only(tmp_path: Path) -> None:
    columns = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID")
    noon = "2011-01-04T12:00:00"
    rows = [
        ("536365", "85123a", "WHITE HEART ", 6, noon, 2.0, 17850),
        ("536366", "85123A", "WHITE HEART", 1, noon, 4.0, None),
        ("536367", "85123A", "HEART", 1, noon, 3.0, 1),
        ("C53637", "85123A", "WHITE HEART", 1, noon, 2.0, 1),
        ("536368", "85123A", "WHITE HEART", -1, noon, 2.0, 1),
        ("536369", "85123A", "WHITE HEART", 1, noon, 0.0, 1),
        ("536370", "POST", "POSTAGE", 1, noon, 9.0, 1),
        ("536371", "22222", "damages", 1, noon, 1.0, 1),
        ("536372", "22222", "?", 1, noon, 1.0, 1),
        ("536373", "22222", None, 1, noon, 1.0, 1),
        ("536374", "23444", "Next Day Carriage", 1, noon, 15.0, 1),
    ]
    folder = tmp_path / "data" / "online_retail_uci"
    folder.mkdir(parents=True)
    lines = pl.DataFrame(rows, schema=columns, orient="row").with_columns(pl.col("InvoiceDate").str.to_datetime())
    lines.write_parquet(folder / "lines_dev.parquet")
    settings = Shop.open(prepared("online_retail", tmp_path / "data", tmp_path / "shop"), {}).settings
    items = read_items(settings.items)
    events = read_events(settings.events, items.content["id"])
    assert items.content.select("id", "title", "price").rows() == [("85123A", "WHITE HEART", 3.0)]
    assert events.content.select("basket", "user", "price").rows() == [
        ("536365", "17850", 2.0),
        ("536366", None, 4.0),
        ("536367", "1", 3.0),
    ]
    assert events.content["at"].unique().to_list() == [1_294_142_400_000]
    assert events.rejects == []
