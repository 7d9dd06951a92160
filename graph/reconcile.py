"""Bringing the graph to a desired state: read what is there, write what differs, delete what should not be.

A run that is killed anywhere and started again ends in the same graph, and a run over unchanged data writes nothing:
what a step leaves behind is a function of its desired frame alone, never of how often or how far it ran before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import polars as pl

from graph.client import GraphClient, Transaction
from graph.tables import View

Progress = Callable[[str, int, int], None]  # what, rows done, rows in all


@dataclass(frozen=True, slots=True)
class Change:
    """How many rows a reconciliation wrote and deleted."""

    written: int
    deleted: int

    def __add__(self, other: Change) -> Change:
        return Change(self.written + other.written, self.deleted + other.deleted)


def silent(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def current(client: GraphClient, view: View) -> pl.DataFrame:
    """The view's rows in the graph, in no particular order."""
    rows = client.read(lambda tx: tx.tuples(f"load/{view.name}/read"))
    return pl.DataFrame(rows, schema=view.schema, orient="row")


def reconcile(client: GraphClient, view: View, desired: pl.DataFrame, progress: Progress = silent) -> Change:
    """Makes the view's rows in the graph equal to `desired` [view.schema, unique keys, no null in a key].

    Rows that are equal already are not touched. A view that does not own its rows creates and deletes none.
    """
    desired = desired.select(view.columns).cast(view.schema)
    _check_keys(view, desired)
    gone, changed = _differences(view, current(client, view), desired)
    # Deleting first keeps a unique property free for its new owner.
    delete(client, view, gone, progress)
    write(client, view, changed, progress)
    return Change(changed.height, gone.height)


def reconcile_bunches(client: GraphClient, view: View, desired: pl.DataFrame, progress: Progress = silent) -> Change:
    """`reconcile` of a relationship type for readers who follow all that leaves a node.

    The rows that share the key's first column change in one transaction: a reader finds the old ones or the new ones.
    """
    desired = desired.select(view.columns).cast(view.schema)
    _check_keys(view, desired)
    gone, changed = _differences(view, current(client, view), desired)
    done = 0
    for lost, new in _bunches(gone, changed, view.key[0], view.batch):
        client.write(partial(_exchange, view=view, lost=lost, new=new))
        done += lost.height + new.height
        progress(f"{view.name}: exchange", done, gone.height + changed.height)
    return Change(changed.height, gone.height)


def write(client: GraphClient, view: View, rows: pl.DataFrame, progress: Progress = silent) -> None:
    """Upserts rows in batches, each one transaction; idempotent."""
    _send(client, view, "write", rows.select(view.columns), progress)


def delete(client: GraphClient, view: View, rows: pl.DataFrame, progress: Progress = silent) -> None:
    """Deletes rows by key in batches, each one transaction; rows that are gone already are no error."""
    if rows.height:
        _send(client, view, "delete", rows.select(view.key), progress)


def _send(client: GraphClient, view: View, verb: str, rows: pl.DataFrame, progress: Progress) -> None:
    done = 0
    for part in rows.iter_slices(view.batch):
        client.run(f"load/{view.name}/{verb}", rows=part.to_dicts())
        done += part.height
        progress(f"{view.name}: {verb}", done, rows.height)


def _exchange(tx: Transaction, view: View, lost: pl.DataFrame, new: pl.DataFrame) -> None:
    for verb, rows in (("delete", lost), ("write", new)):
        if rows.height:
            tx.rows(f"load/{view.name}/{verb}", rows=rows.to_dicts())


def _differences(view: View, there: pl.DataFrame, desired: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The keys of rows to delete, and the rows to write."""
    if view.owns_rows:
        gone = there.join(desired, on=view.key, how="anti")
    else:
        gone, desired = there.clear(), desired.join(there, on=view.key, how="semi")
    return gone.select(view.key), desired.join(there, on=view.columns, how="anti", nulls_equal=True)


def _bunches(
    gone: pl.DataFrame, changed: pl.DataFrame, by: str, size: int
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Both frames in parts of about `size` rows together; equal values of `by` are in one part."""
    counted = pl.concat([gone.select(by), changed.select(by)]).group_by(by).len().sort(by)
    placed = counted.select(by, part=(pl.col("len").cum_sum() - pl.col("len")) // size)
    lost, new = (
        frame.join(placed, on=by).partition_by("part", as_dict=True, include_key=False) for frame in (gone, changed)
    )
    for part in placed["part"].unique().sort():
        yield lost.get((part,), gone.clear()), new.get((part,), changed.clear())


def _check_keys(view: View, desired: pl.DataFrame) -> None:
    keys = desired.select(view.key)
    # A null key in a MERGE batch would make a node without id on the embedded server, silently.
    if keys.null_count().sum_horizontal().item() or keys.is_duplicated().any():
        raise ValueError(f"{view.name}: keys must be unique and never null")
