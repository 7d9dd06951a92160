"""Rows of the graph's tables: random ones, and one whole graph that is always the same."""

from __future__ import annotations

import polars as pl
from hypothesis import strategies as st

from graph.client import GraphClient
from graph.reconcile import write
from graph.tables import ENTITY, ITEM, TABLES, USER, View
from graph.vocabulary import ENTITY_VECTORS

IDS = ("1", "01", "1.0", " ", "it's", 'say "so"', "a/b\\c", "two\nlines\t", "日本語 🛒", "$id", "{row.id}", "x" * 300)
ENDPOINTS = {"user": USER, "item": ITEM, "next": ITEM, "other": ITEM, "entity": ENTITY, "head": ENTITY, "tail": ENTITY}
OWNING = [view for table in TABLES.values() for view in table.views if view.owns_rows]
ADDING = [view for table in TABLES.values() for view in table.views if not view.owns_rows]

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_REAL = st.floats(allow_nan=False, allow_infinity=False)
_VALUES: dict[pl.DataType, st.SearchStrategy[object]] = {
    pl.String(): _TEXT,
    pl.Float64(): _REAL,
    pl.Int64(): st.integers(-(2**63), 2**63 - 1),
    pl.Boolean(): st.booleans(),
    pl.List(pl.String()): st.lists(_TEXT, max_size=3),
    pl.List(pl.Float64()): st.lists(_REAL, max_size=3),
}


def frames(view: View, ids: tuple[str, ...] = IDS) -> st.SearchStrategy[pl.DataFrame]:
    """Up to six rows of a view: keys of `ids`, nulls and any values in all other columns."""
    keys = st.tuples(*[st.sampled_from(ids)] * len(view.key))
    values = st.tuples(*[st.none() | _values(view, name) for name in view.columns[len(view.key) :]])
    rows = st.dictionaries(keys, values, max_size=6).map(lambda found: [(*key, *rest) for key, rest in found.items()])
    return rows.map(lambda found: pl.DataFrame(found, schema=view.schema, orient="row"))


def _values(view: View, name: str) -> st.SearchStrategy[object]:
    if name in ENTITY_VECTORS:
        whole = st.floats(-1, 1, width=32)
        return st.lists(whole, min_size=ENTITY_VECTORS[name], max_size=ENTITY_VECTORS[name])
    return _VALUES[view.schema[name]]


def by_key(view: View, frame: pl.DataFrame) -> dict[tuple[object, ...], tuple[object, ...]]:
    """The frame's rows as a dictionary: what is compared, because a graph has no order."""
    width = len(view.key)
    found = {tuple(row[:width]): _comparable(row[width:]) for row in frame.select(view.columns).iter_rows()}
    assert len(found) == frame.height
    return found


def lay_ground(client: GraphClient, view: View, ids: tuple[str, ...] = IDS) -> None:
    """Makes the nodes that the view's relationships need."""
    for name in view.key:
        if name in ENDPOINTS:
            nodes = pl.DataFrame([{"id": identity} for identity in ids], schema=ENDPOINTS[name].schema)
            write(client, ENDPOINTS[name], nodes)


def fill(client: GraphClient, *, backwards: bool = False) -> None:
    """Writes a graph of the shop "test" with rows in every table, in this order or the other way round."""
    for table in TABLES.values():
        for view in table.views:
            rows = sample(view)
            write(client, view, rows.reverse() if backwards else rows)


def sample(view: View) -> pl.DataFrame:
    """A row for each awkward id (one shop only), a null here and there."""
    ids = ("test",) if view.name in ("shop", "shop_state") else IDS
    rows = []
    for number, identity in enumerate(ids):
        key = (identity, *(ids[(number + 3) % len(ids)] for _ in view.key[1:]))
        names = view.columns[len(key) :]
        rows.append((*key, *(_value(view, name, number + place) for place, name in enumerate(names))))
    return pl.DataFrame(rows, schema=view.schema, orient="row")


def _value(view: View, name: str, number: int) -> object:
    if number % 5 == 4:
        return None
    if name in ENTITY_VECTORS:
        return [float((number + place) % 7 - 3) / 8 for place in range(ENTITY_VECTORS[name])]
    values: dict[pl.DataType, object] = {
        pl.String(): f"{IDS[number % len(IDS)]} {number}",
        pl.Float64(): number / 7,
        pl.Int64(): 1_767_225_600_000 + number,
        pl.Boolean(): number % 2 == 0,
        pl.List(pl.String()): list(IDS[: number % 3]),
        pl.List(pl.Float64()): [number / 7] * (number % 3),
    }
    return values[view.schema[name]]


def _comparable(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(tuple(value) if isinstance(value, list) else value for value in row)
