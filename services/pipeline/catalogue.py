"""Every item that the shop ever offered: the withdrawn ones stand in no file of the user's any more."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from graph.atomic import replacing
from graph.errors import StorageError
from graph.reconcile import current
from graph.tables import ITEM
from services.shop import Shop
from services.workspace import Workspace


def earlier_items(workspace: Workspace) -> pl.DataFrame:
    """The items [ITEM.schema] of earlier loads, those that a graph made anew does not hold among them.

    Raises StorageError where their file cannot be read.
    """
    there = current(workspace.client, ITEM)
    path = _path(workspace.shop)
    try:
        kept = pl.read_parquet(path).select(ITEM.columns).cast(ITEM.schema) if path.exists() else there.clear()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise StorageError(f"{path} cannot be read ({str(error).splitlines()[0]}): move it away") from error
    return pl.concat([there, kept.join(there, on="id", how="anti")])


def with_withdrawn(items: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """The catalogue's items and those gone from it: no longer available, with all that is known of them."""
    gone = earlier.join(items, on="id", how="anti").with_columns(available=pl.lit(False))
    return pl.concat([items.select(ITEM.columns), gone]).sort("id")


def remember(shop: Shop, items: pl.DataFrame) -> None:
    """Keeps the items for the next load; raises StorageError where the disk refuses."""
    with replacing(_path(shop)) as part:
        items.write_parquet(part)


def _path(shop: Shop) -> Path:
    return shop.state_dir / "catalogue" / "items.parquet"
