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
from training.ranker.knowledge import activate


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
        owned = {name for name, _, _ in bought if name}
        for head, tail, weight in EDGES.iter_rows():
            missed = prod(1 - 0.9 * (1 if basket else exp(-ago / 7)) for name, ago, basket in bought if name == head)
            if head in owned and tail not in owned:
                wanted[case, tail] = ((1 - missed) * weight,) * 2 + (1.0,)
    found = {
        (int(key) // active.entities, catalogue.entities[int(key) % active.entities]): tuple(map(float, facts))
        for key, facts in zip(active.key, active.facts, strict=True)
    }
    assert found.keys() == wanted.keys()
    assert len(found) > 10
    for key, facts in wanted.items():
        assert found[key] == pytest.approx(facts, abs=1e-6)


def test_several_edges_to_one_entity_are_one_miss() -> None:
    catalogue = Catalogue.of(items())
    bought = pl.DataFrame({"actor": ["u:1"] * 3, "item": ["0", "5", "10"], "when": [1, 2, 3]})
    edges = pl.DataFrame({"head": ["e0", "e1", "e0"], "tail": ["e4", "e4", "e1"], "weight": [0.5, 0.25, 0.9]})
    before = before_targets(bought, catalogue, 1)
    active = activate(before, catalogue, edges, KINDS, partial(interests), dated=False)
    first, second = 0.9 * exp(-2 / 7) * 0.5, 0.9 * exp(-1 / 7) * 0.25
    assert active.key.tolist() == [catalogue.entities.index("e4")]  # e1 is owned
    assert active.facts[0].tolist() == pytest.approx([1 - (1 - first) * (1 - second), first, 2])


def test_dated_purchases_fade_by_days() -> None:
    catalogue = Catalogue.of(items())
    day = 86_400_000
    bought = pl.DataFrame({"actor": ["u:1"] * 2, "item": ["0", "39"], "when": [100 * day, 107 * day]})
    before = before_targets(bought, catalogue, 1)
    active = activate(before, catalogue, EDGES, KINDS, partial(interests), dated=True)
    assert active.facts[0, 0] == pytest.approx(0.9 * exp(-1) * 0.9)


def test_some_cases_are_numbered_anew() -> None:
    catalogue = Catalogue.of(items())
    before = before_targets(timelines(), catalogue, 2)
    active = activate(before, catalogue, EDGES, KINDS, partial(interests), dated=False)
    chosen = np.arange(3, len(cases(before).target), 4)
    some = active.some(chosen)
    for number, case in enumerate(chosen):
        theirs = active.key // active.entities == case
        mine = some.key // some.entities == number
        assert (some.key[mine] % some.entities).tolist() == (active.key[theirs] % active.entities).tolist()
        assert some.facts[mine].tolist() == active.facts[theirs].tolist()
    codes = np.arange(-1, len(catalogue.entities)).astype(np.int32)
    for number in range(len(chosen)):
        places = some.of(np.full(len(codes), number), codes)
        there = {int(key) % some.entities for key in some.key if key // some.entities == number}
        assert [place >= 0 for place in places] == [code in there for code in codes]


def test_no_edges_nothing_active() -> None:
    catalogue = Catalogue.of(items())
    before = before_targets(timelines(), catalogue, 1)
    active = activate(before, catalogue, EDGES.clear(), KINDS, partial(interests), dated=False)
    assert active.facts.shape == (0, 3)
    assert active.of(np.array([0]), np.array([0], dtype=np.int32)).tolist() == [-1]
