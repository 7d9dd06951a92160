"""Export and import: one Parquet file per label and relationship type, rows and columns in a documented order.

Columns stand as in `graph.tables`, the key first; rows are sorted by key. Equal graphs give equal files.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from pathlib import Path

import polars as pl

from graph.atomic import replacing
from graph.client import GraphClient
from graph.errors import DataError, GraphError
from graph.migrations import migrate
from graph.reconcile import Progress, current, silent, write
from graph.tables import SHOP_STATE, STEP, TABLES, Table

DIGITS = 9  # significant digits of floats: sums in another order differ beyond them


def export_graph(client: GraphClient, folder: Path, *, everything: bool = False) -> dict[str, int]:
    """Writes the whole graph and returns the rows of each file.

    Without `everything` the run's own clock values and the steps' stamps are left out, and floats are rounded to 9
    significant digits. Raises StorageError where the folder cannot be written.
    """
    counts = {}
    for table in TABLES.values():
        if table.run_only and not everything:
            continue
        frame = table_frame(client, table, everything=everything)
        with replacing(folder / f"{table.name}.parquet") as part:
            frame.write_parquet(part, compression="zstd")
        counts[table.name] = frame.height
    return counts


def table_frame(client: GraphClient, table: Table, *, everything: bool = False) -> pl.DataFrame:
    """All rows of one table in the order of an export."""
    parts = [current(client, view) for view in table.views]
    whole = reduce(lambda left, right: left.join(right, on=table.key, how="left"), parts).sort(table.key)
    if everything:
        return whole
    return whole.drop(table.clock).with_columns(
        pl.col(pl.Float64).round_sig_figs(DIGITS),
        pl.col(pl.List(pl.Float64)).list.eval(pl.element().round_sig_figs(DIGITS)),
    )


def import_graph(
    client: GraphClient,
    folder: Path,
    shop_id: str,
    *,
    wipe: Callable[[GraphClient], None] | None = None,
    progress: Progress = silent,
) -> dict[str, int]:
    """Restores what `export_graph(everything=True)` wrote, and returns the rows of each file.

    All files are read before anything is written. Raises DataError for files that are missing, not an export or of
    another shop, GraphError for a graph that is not empty unless `wipe` is given.
    """
    frames = {table.name: _read(folder / f"{table.name}.parquet", table) for table in TABLES.values()}
    shops = frames["Shop"]["id"].to_list()
    if shops != [shop_id]:
        owner = f"the shop {', '.join(map(repr, shops))}" if shops else "no shop"
        raise DataError(f"{folder} is an export of {owner}, not of {shop_id!r}")
    if client.rows("load/shop/count")[0]["nodes"]:
        if wipe is None:
            raise GraphError(f"the graph at {client.address.uri} is not empty: --replace deletes what it holds")
        wipe(client)
    migrate(client)
    parts = [(view, frames[table.name].select(view.columns)) for table in TABLES.values() for view in table.views]
    # Last what says that steps are done and what is served: a restore that was killed must not pass for a whole one.
    for view, rows in sorted(parts, key=lambda part: part[0] in (SHOP_STATE, STEP)):
        # Only rows that have the view's columns at all: a write of nulls would be no row of an equal graph.
        filled = rows if view.owns_rows else rows.filter(pl.any_horizontal(pl.all().exclude(view.key).is_not_null()))
        write(client, view, filled, progress)
    return {name: frame.height for name, frame in frames.items()}


def _read(path: Path, table: Table) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(path, glob=False)  # a folder's name may hold brackets
    except FileNotFoundError:
        raise DataError(f"{path} is missing: {path.parent} is no whole export") from None
    except (OSError, pl.exceptions.PolarsError) as error:
        raise DataError(f"{path} cannot be read: {str(error).splitlines()[0]}") from error
    _check(path, frame, table)
    return frame


def _check(path: Path, frame: pl.DataFrame, table: Table) -> None:
    for name, kind in [column for view in table.views for column in view.schema.items()]:
        if name not in frame.columns:
            raise DataError(f"{path} lacks the column {name!r}: only an export with --all can be imported")
        if frame.schema[name] != kind:
            raise DataError(f"{path} is no export: its column {name!r} holds {frame.schema[name]}, not {kind}")
    keys = frame.select(table.key)
    if keys.is_duplicated().any() or any(keys.null_count().row(0)):
        raise DataError(f"{path} is no export: {' and '.join(table.key)} must be unique and never null")
