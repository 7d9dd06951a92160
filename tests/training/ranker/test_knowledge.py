"""Active edges beside slow loops."""

from __future__ import annotations

from functools import partial
from math import exp, prod

import numpy as np
import polars as pl
import pytest

from services.feedback.interest import interests
from tests.training.ranker.shops import EDGES, KINDS, items, timelines
from training.ranker.cases import before_targets, cases
from training.ranker.catalogue import Catalogue
from training.ranker.knowledge import Active, Edges, activate

NOTHING = {
    "prior": pl.Float64,
    "affinity": pl.Float64,
    "items": pl.List(pl.String),
    "pulls": pl.List(pl.Float64),
}


def reached(active: Active, place: int) -> list[tuple[int, float, float]]:
    """Edge, interest and age of each edge that leads to a place."""
    rows = range(active.starts[place], active.starts[place + 1])
    return [(int(active.edge[row]), float(active.interest[row]), float(active.age[row])) for row in rows]


def test_active_edges_agree_with_slow_loops() -> None:
    catalogue = Catalogue.of(items())
    before = before_targets(timelines(), catalogue, 2)
    active = activate(before, catalogue, EDGES, KINDS, partial(interests), dated=False)
    entity = dict(items().select("id", "entity").iter_rows())
    wanted = {}
    for (case,), rows in before.group_by("case"):
        bought = [
            (entity[catalogue.ids[item]], ago, basket)
            for item, ago, basket in rows.select("item", "ago", "basket").iter_rows()
        ]
        owned, newest = {name for name, _, _ in bought if name}, min(ago for _, ago, _ in bought)
        for number, (head, tail) in enumerate(EDGES.select("head", "tail").iter_rows()):
            missed = prod(1 - 0.9 * (1 if basket else exp(-ago / 7)) for name, ago, basket in bought if name == head)
            if head in owned and tail not in owned:
                age = min(ago for name, ago, _ in bought if name == head) - newest
                wanted[case, tail] = (number, pytest.approx(1 - missed), age)
    found = {
        (int(key) // active.entities, catalogue.entities[int(key) % active.entities]): reached(active, place)
        for place, key in enumerate(active.key)
    }
    assert found == {key: [edge] for key, edge in wanted.items()}
    assert len(found) > 10


def test_several_edges_lead_to_one_entity() -> None:
    catalogue = Catalogue.of(items())
    bought = pl.DataFrame({"actor": ["u:1"] * 3, "item": ["0", "5", "10"], "when": [1, 2, 3]})
    told = {"prior": [0.75] * 3, "affinity": [0.5] * 3, "items": [["20"], None, None], "pulls": [[2.0], None, None]}
    edges = pl.DataFrame({"head": ["e0", "e1", "e0"], "tail": ["e4", "e4", "e1"], "weight": [0.5, 0.25, 0.9], **told})
    before = before_targets(bought, catalogue, 1)
    active = activate(before, catalogue, edges, KINDS, partial(interests), dated=False)
    assert active.key.tolist() == [catalogue.entities.index("e4")]  # e1 is owned
    first, second = 0.9 * exp(-2 / 7), 0.9 * exp(-1 / 7)
    assert reached(active, 0) == [(0, pytest.approx(first), 1), (1, pytest.approx(second), 0)]

    chosen = catalogue.coded(pl.Series(["20", "21"])).astype(np.int64)
    shares = np.array([0.25, 0.125], dtype=np.float32)
    triples = active.triples(np.array([0, 0]), chosen, shares, shares)
    assert triples.row.tolist() == [0, 0, 1, 1]
    # "20" takes twice its share by the first edge, all else its share.
    assert triples.weight.tolist() == [0.5 * 0.5, 0.25 * 0.25, 0.5 * 0.125, 0.25 * 0.125]
    assert triples.age.tolist() == [1, 0, 1, 0]
    assert (triples.prior.tolist(), triples.affinity.tolist()) == ([0.75] * 4, [0.5] * 4)


def test_no_more_than_all_is_taken_and_strangers_are_skipped() -> None:
    catalogue = Catalogue.of(items())
    told = {"items": [["0", "no such item"]], "pulls": [[9.0, 1.0]]}
    edges = Edges.of(pl.DataFrame({"weight": [0.5], "prior": [None], "affinity": [None], **told}), catalogue)
    item = catalogue.coded(pl.Series(["0"])).astype(np.int64)
    assert edges.weights(np.array([0]), item, np.array([0.5], dtype=np.float32)).tolist() == [0.5]
    assert (edges.prior.tolist(), edges.affinity.tolist()) == ([0.0], [0.0])


def test_only_the_strongest_entities_are_kept() -> None:
    catalogue = Catalogue.of(
        pl.DataFrame(
            {
                **{name: [None] * 31 for name in ("brand", "category")},
                "id": [*map(str, range(31))],
                "title": "",
                "available": True,
                "entity": [f"e{n}" for n in range(31)],
            }
        )
    )
    edges = pl.DataFrame(
        {"head": "e0", "tail": [f"e{n}" for n in range(1, 31)], "weight": [n / 64 for n in range(1, 31)]}
    )
    edges = edges.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in NOTHING.items())
    bought = pl.DataFrame({"actor": ["u:1"] * 2, "item": ["0", "30"], "when": [1, 2]})
    kinds = pl.DataFrame(schema={"entity": pl.String, "durable": pl.Boolean, "kind": pl.String})
    active = activate(before_targets(bought, catalogue, 1), catalogue, edges, kinds, partial(interests), dated=False)
    assert {catalogue.entities[key] for key in active.key} == {f"e{n}" for n in range(11, 31)}


def test_dated_purchases_fade_by_days() -> None:
    catalogue = Catalogue.of(items())
    day = 86_400_000
    bought = pl.DataFrame({"actor": ["u:1"] * 2, "item": ["0", "39"], "when": [100 * day, 107 * day]})
    before = before_targets(bought, catalogue, 1)
    active = activate(before, catalogue, EDGES, KINDS, partial(interests), dated=True)
    assert reached(active, 0) == [(0, pytest.approx(0.9 * exp(-1)), 0)]


def test_some_cases_are_numbered_anew() -> None:
    catalogue = Catalogue.of(items())
    before = before_targets(timelines(), catalogue, 2)
    active = activate(before, catalogue, EDGES, KINDS, partial(interests), dated=False)
    chosen = np.arange(3, len(cases(before).target), 4)
    some = active.some(chosen)
    for number, case in enumerate(chosen):
        theirs = np.flatnonzero(active.key // active.entities == case)
        mine = np.flatnonzero(some.key // some.entities == number)
        assert (some.key[mine] % some.entities).tolist() == (active.key[theirs] % active.entities).tolist()
        assert [reached(some, place) for place in mine] == [reached(active, place) for place in theirs]
    codes = np.arange(-1, len(catalogue.entities)).astype(np.int32)
    for number in range(len(chosen)):
        places = some.of(np.full(len(codes), number), codes)
        there = {int(key) % some.entities for key in some.key if key // some.entities == number}
        assert [place >= 0 for place in places] == [code in there for code in codes]


def test_no_edges_nothing_active() -> None:
    catalogue = Catalogue.of(items())
    before = before_targets(timelines(), catalogue, 1)
    active = activate(before, catalogue, EDGES.clear(), KINDS, partial(interests), dated=False)
    assert (len(active.key), active.starts.tolist()) == (0, [0])
    assert active.of(np.array([0]), np.array([0], dtype=np.int32)).tolist() == [-1]
    none = active.triples(*(np.zeros(0, dtype) for dtype in (np.int64, np.int64, np.float32, np.float32)))
    assert len(none.row) == 0
