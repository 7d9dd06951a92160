"""Vectors in the graph: kept as given, and the nearest ones found as by comparing with all."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graph.client import GraphClient
from graph.migrations import migrate
from graph.reconcile import Change, current, reconcile, write
from graph.tables import ENTITY, ENTITY_VIEWS
from graph.vectors import vector_column
from graph.vocabulary import VIEW_DIMENSIONS

IDS = [f"e{number}" for number in range(300)]


def views(vectors: NDArray[np.float64]) -> pl.DataFrame:
    columns = dict.fromkeys(("substitutable", "complementary"), vector_column(vectors))
    return pl.DataFrame({"id": IDS[: len(vectors)], **columns, "views": "m"}, schema=ENTITY_VIEWS.schema)


def slow_nearest(vectors: NDArray[np.float64], row: int, k: int) -> list[str]:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    order = np.argsort(-(unit @ unit[row]), kind="stable")
    return [IDS[place] for place in order if place != row][:k]


def nearest(client: GraphClient, row: int, k: int) -> list[str]:
    rows = client.rows("recall/similar_entities", entity=IDS[row], exclude=[], limit=k, items=1)
    return [neighbour[2] for neighbour in rows[0]["neighbours"]]


def agreement(client: GraphClient, vectors: NDArray[np.float64], asked: Iterable[int]) -> float:
    """The share of the ten nearest that the index finds: it is approximate, and these vectors are a hard case."""
    pairs = [(set(nearest(client, row, 10)), set(slow_nearest(vectors, row, 10))) for row in asked]
    return float(np.mean([len(found & true) / 10 for found, true in pairs]))


def test_a_column_of_vectors_is_exact_in_32_bits() -> None:
    column = vector_column([[0.1, 1 / 3], [1e-9, -2.0]])
    assert column.dtype == pl.List(pl.Float64)
    assert np.array_equal(np.array(column.to_list()), np.array([[0.1, 1 / 3], [1e-9, -2.0]], dtype=np.float32))
    assert vector_column(np.array(column.to_list())).equals(column)


def test_the_nearest_are_those_of_a_slow_search_also_after_a_change(client: GraphClient) -> None:
    migrate(client)
    write(client, ENTITY, pl.DataFrame([{"id": name} for name in IDS], schema=ENTITY.schema))
    random = np.random.default_rng(0)
    vectors = random.normal(size=(len(IDS), VIEW_DIMENSIONS))
    vectors[:, 0] += 2  # so that ten of them are near each other
    asked = range(0, len(IDS), 30)

    assert reconcile(client, ENTITY_VIEWS, views(vectors)) == Change(len(IDS), 0)
    assert reconcile(client, ENTITY_VIEWS, views(vectors)) == Change(0, 0)
    assert agreement(client, vectors, asked) >= 0.97

    vectors[::2] = random.normal(size=vectors[::2].shape) + np.eye(VIEW_DIMENSIONS)[0] * 2
    assert reconcile(client, ENTITY_VIEWS, views(vectors)) == Change(len(IDS) // 2, 0)
    assert agreement(client, vectors, asked) >= 0.97

    none = pl.DataFrame({"id": IDS}, schema={"id": pl.String})
    gone = none.join(views(vectors[:100]), on="id", how="left")
    assert reconcile(client, ENTITY_VIEWS, gone) == Change(200, 0)
    assert agreement(client, vectors[:100], (0, 99)) >= 0.97
    assert nearest(client, 100, 10) == []
    assert current(client, ENTITY_VIEWS).drop_nulls("substitutable").height == 100
