"""Items known from earlier loads: kept on disk, and withdrawn where the catalogue no longer names them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from graph.client import GraphClient
from graph.errors import StorageError
from graph.reconcile import reconcile
from graph.tables import ITEM
from services.pipeline.catalogue import earlier_items, remember, with_withdrawn
from services.shop import Shop
from services.workspace import Workspace

TOML = '[shop]\nid = "test"\n[items]\npath = "items.csv"\ncolumns = { id = "id", title = "title" }\n'


def items(**titles: str) -> pl.DataFrame:
    rows = [{"id": item, "title": title, "available": True} for item, title in titles.items()]
    return pl.DataFrame(rows, schema=ITEM.schema)


@pytest.fixture
def workspace(client: GraphClient, tmp_path: Path) -> Workspace:
    (tmp_path / "kerec.toml").write_text(TOML)
    return Workspace(Shop.open(tmp_path / "kerec.toml", environ={}), client)


def test_what_left_the_catalogue_is_no_longer_available() -> None:
    found = with_withdrawn(items(b="new b", c="c"), items(a="a", b="old b"))

    assert found.select("id", "title", "available").rows() == [
        ("a", "a", False),
        ("b", "new b", True),
        ("c", "c", True),
    ]
    assert with_withdrawn(items(a="a"), found).filter("available")["id"].to_list() == ["a"]
    assert found.schema == ITEM.schema


def test_earlier_items_stand_in_the_graph_and_on_disk(workspace: Workspace) -> None:
    assert earlier_items(workspace).is_empty()
    remember(workspace.shop, items(a="a", b="b"))
    reconcile(workspace.client, ITEM, items(b="b", c="c"))

    assert earlier_items(workspace).sort("id")["id"].to_list() == ["a", "b", "c"]
    assert earlier_items(workspace).schema == ITEM.schema


def test_a_damaged_file_says_what_to_do(workspace: Workspace) -> None:
    remember(workspace.shop, items(a="a"))
    [kept] = (workspace.shop.state_dir / "catalogue").iterdir()
    kept.write_bytes(b"PAR1 no more")

    with pytest.raises(StorageError, match=r"cannot be read.*move it away"):
        earlier_items(workspace)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "kerec.toml").write_text(TOML)
    (tmp_path / ".kerec").write_text("in the way")

    with pytest.raises(StorageError, match="cannot be written"):
        remember(Shop.open(tmp_path / "kerec.toml", environ={}), items(a="a"))
