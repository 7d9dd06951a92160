"""Every view has its statements, and what is written comes back, on both servers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import polars as pl
import pytest

from graph.client import GraphClient
from graph.reconcile import Change, current, reconcile, write
from graph.statements import load, names
from graph.tables import COMPLEMENTS, COMPLEMENTS_WEIGHT, TABLES, View
from graph.vocabulary import EdgeType, NodeLabel
from tests.graph.rows import ADDING, ENDPOINTS, OWNING, by_key, lay_ground, sample

VIEWS = [*OWNING, *ADDING]


def edges(**columns: object) -> pl.DataFrame:
    return pl.DataFrame([{"head": "a", "tail": "b", **columns}], schema=COMPLEMENTS.schema)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_its_statements_take_and_give_its_columns(view: View) -> None:
    kinds = {"read", "write", "delete"} if view.owns_rows else {"read", "write"}
    assert {f"load/{view.name}/{kind}" for kind in kinds} <= set(names(f"load/{view.name}"))
    assert (f"load/{view.name}/delete" in names()) == view.owns_rows
    assert re.findall(r" AS (\w+)", load(f"load/{view.name}/read").text) == view.columns
    assert list(load(f"load/{view.name}/write").examples["rows"][0]) == view.columns
    if view.owns_rows:
        assert tuple(load(f"load/{view.name}/delete").examples["rows"][0]) == view.key


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_the_example_row_has_the_types_of_the_columns(view: View) -> None:
    rows = load(f"load/{view.name}/write").examples["rows"]
    frame = pl.DataFrame(rows, schema=view.schema, strict=True)
    assert frame.to_dicts() == rows
    assert frame.null_count().sum_horizontal().item() == 0


@pytest.mark.parametrize("name", TABLES)
def test_views_of_a_table_share_its_key_and_nothing_else(name: str) -> None:
    table = TABLES[name]
    owner, *others = table.views
    assert owner.owns_rows
    assert not any(view.owns_rows for view in others)
    assert {view.key for view in table.views} == {table.key}
    assert all(tuple(view.columns[: len(table.key)]) == table.key for view in table.views)
    rest = [column for view in table.views for column in view.columns[len(table.key) :]]
    assert len(rest) == len(set(rest))
    assert table.clock <= set(rest)


def test_every_label_and_type_has_its_table() -> None:
    assert set(TABLES) == {*NodeLabel, *EdgeType} - {NodeLabel.MIGRATION}
    assert len({view.name for view in VIEWS}) == len(VIEWS)


def test_nodes_stand_before_the_relationships_between_them() -> None:
    order = [name in set(NodeLabel) for name in TABLES]
    assert order == sorted(order, reverse=True)
    assert {column for name in EdgeType for column in TABLES[name].key} <= ENDPOINTS.keys()


@pytest.mark.parametrize("name", TABLES)
def test_what_is_written_comes_back(client: GraphClient, name: str) -> None:
    for view in TABLES[name].views:
        lay_ground(client, view)
        write(client, view, sample(view))
    for view in TABLES[name].views:
        assert by_key(view, current(client, view)) == by_key(view, sample(view))
    counted = client.rows("load/count_nodes") + client.rows("load/count_edges")
    assert {"name": name, "count": sample(TABLES[name].views[0]).height} in counted


def test_an_edge_between_unknown_nodes_is_not_made(client: GraphClient) -> None:
    write(client, COMPLEMENTS, edges(probability=0.5))
    assert client.rows("load/shop/count") == [{"nodes": 0}]


def test_a_new_edge_is_born_with_its_probability_as_weight(client: GraphClient) -> None:
    lay_ground(client, COMPLEMENTS, ("a", "b"))
    reconcile(client, COMPLEMENTS, edges(probability=0.7))
    assert current(client, COMPLEMENTS_WEIGHT).rows() == [("a", "b", 0.7, None, None, None, None, None)]


def test_a_judge_changes_its_mind_and_the_learnt_weight_stays(client: GraphClient) -> None:
    lay_ground(client, COMPLEMENTS, ("a", "b"))
    reconcile(client, COMPLEMENTS, edges(probability=0.7, reason="first"))
    learnt = pl.DataFrame(
        [("a", "b", 0.2, 1, ["i"], [1.5], 0.25, "r1")], schema=COMPLEMENTS_WEIGHT.schema, orient="row"
    )
    assert reconcile(client, COMPLEMENTS_WEIGHT, learnt) == Change(1, 0)
    assert reconcile(client, COMPLEMENTS, edges(probability=0.9, reason="second")) == Change(1, 0)
    assert current(client, COMPLEMENTS_WEIGHT).equals(learnt)
    assert current(client, COMPLEMENTS)["reason"].to_list() == ["second"]


@contextmanager
def watching(look: Callable[[], Iterable[object]]) -> Iterator[list[object]]:
    """What a reader sees, asking again and again until the block ends."""
    seen: list[object] = []
    done = Event()

    def keep_looking() -> None:
        while not done.is_set():
            seen.extend(look())

    reader = Thread(target=keep_looking)
    reader.start()
    try:
        yield seen
    finally:
        done.set()
        reader.join()


def test_readers_see_an_old_or_a_new_weight_never_none(client: GraphClient) -> None:
    lay_ground(client, COMPLEMENTS, ("a", "b"))
    reconcile(client, COMPLEMENTS, edges(probability=0.5))
    with watching(lambda: current(client, COMPLEMENTS_WEIGHT)["weight"]) as seen:
        for turn in range(1, 16):
            reconcile(client, COMPLEMENTS, edges(probability=0.5, reason=f"turn {turn}"))
            learnt = [("a", "b", turn / 100, turn, None, None, None, f"r{turn}")]
            reconcile(client, COMPLEMENTS_WEIGHT, pl.DataFrame(learnt, schema=COMPLEMENTS_WEIGHT.schema, orient="row"))
    assert {0.5} < set(seen) <= {0.5, *(turn / 100 for turn in range(1, 16))}


def test_recall_has_a_weight_for_every_edge_that_comes_and_goes(client: GraphClient) -> None:
    lay_ground(client, COMPLEMENTS, ("a", "b"))
    asked = {"interests": [{"entity": "a", "weight": 1.0}], "owned": ["a"], "exclude": [], "targets": 20, "items": 5}
    with watching(lambda: client.read(lambda tx: tx.packed("recall/complementary", **asked))) as seen:
        for turn in range(1, 301):
            reconcile(client, COMPLEMENTS, edges(probability=turn / 400, reason=f"turn {turn}"))
            reconcile(client, COMPLEMENTS, edges().clear())
            if seen and turn >= 15:  # on a busy machine the reader may come late
                break
    assert seen
    assert {type(row[5]) for row in seen} == {float}  # type: ignore[index]
