"""Candidates and features beside slow loops over evidence, cases and purchases."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from tests.training.ranker.shops import items, timelines
from training.ranker.candidates import recall
from training.ranker.cases import before_targets, cases
from training.ranker.catalogue import Catalogue
from training.ranker.evidence import COLUMNS, Titles, gather
from training.ranker.features import BASE, Block, base_features
from training.ranker.reach import TRIGGERS, cap


def test_candidates_and_features_agree_with_slow_loops() -> None:
    catalogue = Catalogue.of(items())
    evidence = gather(timelines(), catalogue, Titles.of(catalogue), keep=7)
    rows = {(row["item"], row["next"]): row for row in evidence.frame(catalogue).iter_rows(named=True)}
    every = cases(before_targets(timelines(), catalogue, 1))
    some = every.part(np.arange(20))
    further = np.array([case * len(catalogue.ids) + case for case in range(20)])
    found = recall(some, evidence, catalogue, further)
    features = base_features(found.block)
    seen = {
        (int(case), catalogue.ids[item]): features[place]
        for place, (case, item) in enumerate(zip(found.case, found.item, strict=True))
    }
    wanted: dict[tuple[int, str], dict[str, float]] = {}
    for case in range(20):
        part = slice(some.starts[case], some.starts[case + 1])
        owned = [(catalogue.ids[item], float(age)) for item, age in zip(some.items[part], some.ages[part], strict=True)]
        reached = {
            following
            for place, (item, _) in enumerate(owned[:TRIGGERS])
            for (head, following), row in rows.items()
            if head == item and row["rank"] <= cap(place)
        } | {catalogue.ids[case]}
        for item in reached - {item for item, _ in owned}:
            if catalogue.available[catalogue.ids.index(item)]:
                pieces = [
                    (place, age, rows[source, item])
                    for place, (source, age) in enumerate(owned[:TRIGGERS])
                    if (source, item) in rows and rows[source, item]["rank"] <= cap(place)
                ]
                wanted[case, item] = slow_features(pieces, len(owned), evidence, catalogue, item)
    assert seen.keys() == wanted.keys()
    for key, named in wanted.items():
        assert dict(zip(BASE, seen[key].tolist(), strict=True)) == pytest.approx(named, abs=1e-5)


def slow_features(pieces, owned, evidence, catalogue, item) -> dict[str, float]:  # type: ignore[no-untyped-def]
    found = {}
    for column in COLUMNS:
        values = [(place, age, row[column]) for place, age, row in pieces]
        found[f"{column}_soon"] = sum(exp(-age) * value for _, age, value in values)
        found[f"{column}_long"] = sum(exp(-age / 8) * value for _, age, value in values)
        found[f"{column}_newest"] = sum(value for place, _, value in values if place == 0)
        found[f"{column}_best"] = max((value for _, _, value in values), default=0.0)
    found["sources"] = float(len(pieces))
    found["youngest"] = min((age for _, age, _ in pieces), default=99.0)
    found["appeal"] = float(evidence.appeal[catalogue.ids.index(item)])
    found["owned"] = float(owned)
    return found


def test_every_feature_has_a_name_and_candidates_without_evidence_have_none() -> None:
    width = len(COLUMNS)
    empty = Block(
        np.empty(0, np.int64),
        np.empty((0, width), np.float32),
        np.empty(0, np.float32),
        np.empty(0, bool),
        np.array([0.5, 1.0], np.float32),
        np.array([3, 3], np.float32),
    )
    found = base_features(empty)
    assert found.shape == (2, len(BASE))
    assert len(set(BASE)) == len(BASE)
    assert found[:, :-4].max() == 0.0
    assert found[:, -4:].tolist() == [[0, 99, 0.5, 3], [0, 99, 1, 3]]
