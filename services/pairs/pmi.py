"""Directed positive pointwise mutual information of entities bought one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

WINDOW_DAYS = 14
WINDOW_MS = WINDOW_DAYS * 24 * 3600 * 1000
WINDOW_STEPS = 14
DISCOUNT = 5.0
CHUNK = 200_000

Ints = NDArray[np.int64]


def successions(purchases: pl.DataFrame, entities: Sequence[str], window: int) -> sparse.csr_array:
    """Counts [E, E]: actors who bought the column's entity at most `window` after the row's.

    `purchases` has the columns actor, entity and when (milliseconds or positions, as `window`). Purchases at one
    moment have no order and count in both directions, so a basket without order is one actor with a constant or
    null `when`. An actor counts once per pair; the diagonal is empty; entities not in `entities` are ignored.
    """
    actors, items, times = _columns(purchases, entities)
    size = len(entities)
    total = sparse.csr_array((size, size), dtype=np.int64)
    for part in _chunks(actors):
        keys = np.unique(_keys(actors[part], items[part], times[part], window, size)) % (size * size)
        pairs, counts = np.unique(keys, return_counts=True)
        total = total + sparse.coo_array((counts, (pairs // size, pairs % size)), shape=(size, size)).tocsr()
    return total


def positive_pmi(counts: sparse.csr_array, discount: float = 0.0) -> sparse.csr_array:
    """max(0, log(N_ab N / (N_a. N_.b))) * N_ab / (N_ab + discount) of directed pair counts [E, E], zeros not stored.

    Without a discount the rarest pairs score highest: a single chance purchase of a rare entity is enough.
    """
    table = counts.tocoo()
    rows, columns = table.coords
    sums = np.asarray(counts.sum(axis=1), dtype=np.float64), np.asarray(counts.sum(axis=0), dtype=np.float64)
    values = np.log(table.data * float(table.data.sum()) / (sums[0][rows] * sums[1][columns]))
    shrunk = np.maximum(values, 0.0) * table.data / (table.data + discount)
    scores = sparse.csr_array((shrunk, (rows, columns)), shape=counts.shape)
    scores.eliminate_zeros()
    return scores


def directed_ppmi(
    purchases: pl.DataFrame, entities: Sequence[str], window: int, discount: float = DISCOUNT
) -> sparse.csr_array:
    """Discounted positive PMI [E, E] of buying the column's entity within `window` after the row's."""
    return positive_pmi(successions(purchases, entities, window), discount)


def _columns(purchases: pl.DataFrame, entities: Sequence[str]) -> tuple[Ints, Ints, Ints]:
    index = pl.DataFrame(
        {"entity": list(entities), "code": np.arange(len(entities))},
        schema={"entity": pl.String, "code": pl.Int64},
    )
    rows = (
        purchases.select("actor", "entity", pl.col("when").cast(pl.Int64).fill_null(0))
        .join(index, on="entity")
        .select(pl.col("actor").rank("dense").cast(pl.Int64), "code", "when")
        .unique()
        .sort("actor", "when", "code")
    )
    return rows["actor"].to_numpy(), rows["code"].to_numpy(), rows["when"].to_numpy()


def _chunks(actors: Ints) -> Iterator[slice]:
    """Slices of about CHUNK rows that never cut through one actor; `actors` is sorted."""
    start = 0
    while start < len(actors):
        end = min(start + CHUNK, len(actors))
        stop = int(np.searchsorted(actors, actors[end - 1], side="right"))
        yield slice(start, stop)
        start = stop


def _keys(actors: Ints, items: Ints, times: Ints, window: int, size: int) -> Ints:
    """One number per (actor, from, to) within the window; duplicates are possible."""
    local = actors - actors[0]
    found = []
    for distance in range(1, len(actors)):
        starts = _within(local, times, distance, window)
        if len(starts) == 0:
            break
        ends = starts + distance
        tied = times[starts] == times[ends]
        froms = np.concatenate([starts, ends[tied]])
        tos = np.concatenate([ends, starts[tied]])
        keys = (local[froms] * size + items[froms]) * size + items[tos]
        found.append(keys[items[froms] != items[tos]])
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)


def _within(actors: Ints, times: Ints, distance: int, window: int) -> Ints:
    near = (actors[distance:] == actors[:-distance]) & (times[distance:] - times[:-distance] <= window)
    return np.flatnonzero(near)
