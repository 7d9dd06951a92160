"""The linker on real titles: the share of right links, and of links at all."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from graph.records import Entity
from services.entities.linker import Linker


@pytest.fixture(scope="module")
def beauty() -> Path:
    if not (root := os.environ.get("KEREC_DATA")):
        pytest.skip("KEREC_DATA is not set: the linker's accuracy on real titles is not tested")
    return Path(root) / "amazon_beauty_2014"


@pytest.fixture(scope="module")
def items(beauty: Path) -> pl.DataFrame:
    return pl.read_parquet(beauty / "items.parquet", columns=["item_id", "title", "brand", "category_path"])


@pytest.fixture(scope="module")
def linker(beauty: Path) -> Linker:
    table = pl.read_csv(beauty / "gold" / "entity_dictionary.csv", infer_schema=False).fill_null("")
    return Linker(
        [
            Entity(
                row["entity_id"],
                row["name"],
                tuple(row["aliases"].split("|")),
                tuple(row["category_leaves"].split("|")),
            )
            for row in table.iter_rows(named=True)
        ]
    )


def test_at_least_93_of_100_labelled_titles_are_right(beauty: Path, items: pl.DataFrame, linker: Linker) -> None:
    gold = pl.read_csv(beauty / "gold" / "item_entities.csv").select("item_id", "entity_id")
    rows = gold.join(items, on="item_id", how="left", maintain_order="left")
    links = linker.link_all(rows.select("title", "brand", "category_path").iter_rows())
    right = sum(link.entity == entity for link, entity in zip(links, rows["entity_id"], strict=True))
    assert len(links) == 400
    assert right / len(links) >= 0.93


def test_at_least_98_of_100_items_are_linked(items: pl.DataFrame, linker: Linker) -> None:
    links = linker.link_all(items.select("title", "brand", "category_path").iter_rows())
    assert len(links) == 12_101
    assert sum(link.entity is not None for link in links) / len(links) >= 0.98
