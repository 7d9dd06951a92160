"""What training reads of the graph, on both servers."""

from __future__ import annotations

import polars as pl

from graph.client import GraphClient
from graph.reconcile import write
from graph.snapshot import read_snapshot
from graph.tables import COMPLEMENTS, ENTITY, IS_A, ITEM, SUBSTITUTES, View


def rows(view: View, *given: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([{**dict.fromkeys(view.columns), **row} for row in given], schema=view.schema)


def test_a_snapshot_holds_what_the_graph_holds(client: GraphClient) -> None:
    write(
        client, ITEM, rows(ITEM, {"id": "t1", "title": "Tent"}, {"id": "m1", "title": "Mat"}, {"id": "x", "title": "?"})
    )
    write(client, ENTITY, rows(ENTITY, *({"id": name, "name": name} for name in ("mat", "tarp", "tent"))))
    links = [("t1", "tent", True), ("t1", "mat", False), ("m1", "mat", True)]
    write(client, IS_A, rows(IS_A, *({"item": i, "entity": e, "confidence": 1.0, "main": m} for i, e, m in links)))
    write(client, COMPLEMENTS, rows(COMPLEMENTS, {"head": "tent", "tail": "mat", "probability": 0.9, "strength": 3}))
    write(client, SUBSTITUTES, rows(SUBSTITUTES, {"head": "tent", "tail": "tarp", "strength": 1}))

    snapshot = read_snapshot(client)

    assert snapshot.items.select("id", "entity").rows() == [("m1", "mat"), ("t1", "tent"), ("x", None)]
    assert snapshot.entities["id"].to_list() == ["mat", "tarp", "tent"]
    assert snapshot.links.select("item", "entity", "main").rows() == [
        ("m1", "mat", True),
        ("t1", "mat", False),
        ("t1", "tent", True),
    ]
    assert snapshot.complements.rows() == [("tent", "mat", 0.9, 3)]
    assert snapshot.substitutes.rows() == [("tent", "tarp", None, 1)]
