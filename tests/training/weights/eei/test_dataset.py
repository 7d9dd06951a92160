"""Features of samples against counting by loops: no sample sees its own fold, or its own day."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.training.weights.eei.toy import EDGES, MAIN, knowledge, purchases, timelines
from training.weights import candidates
from training.weights.eei import negatives
from training.weights.eei.dataset import Dataset, build
from training.weights.eei.evidence import FEATURES, OBSERVED, SHRINKAGE
from training.weights.timelines import DAY, Events

ENTITY = dict(MAIN.iter_rows())
PRIOR = {(h, t): p for h, t, p in EDGES.iter_rows()}
PAIR = FEATURES.index("pair")


def triples(dataset: Dataset) -> list[tuple[int, str, str, str, float, np.ndarray]]:
    known, samples = knowledge(), dataset.samples
    owner = np.repeat(np.arange(len(samples)), np.diff(samples.starts))
    return [
        (s, known.entities.ids[h], known.entities.ids[t], known.items.ids[samples.item[s]], samples.label[s], f)
        for s, h, t, f in zip(owner, samples.head, samples.tail, samples.features, strict=True)
    ]


def test_purchases_with_a_clock_see_earlier_days_alone() -> None:
    rows = [(f"u{n}", item, (n % 4) * DAY + step) for n in range(12) for step, item in enumerate(("e1-0", "e2-1"))]
    events = Events(timelines(rows), timelines([]), timelines([]), clock=True)
    dataset = build(knowledge(), events, negatives_each=2)
    assert set(dataset.samples.label) == {0.0, 1.0}
    bought = [(actor, ENTITY[item], when) for actor, item, when in rows]
    for sample, head, tail, item, label, features in triples(dataset):
        if not label:
            continue
        assert (head, tail, item) == ("e1", "e2", "e2-1")
        day = sample % 4  # positives come in the order of the purchases, drawn negatives after them
        followed = sum(1 for _, e, when in bought if e == "e2" and when // DAY < day)
        tried = followed  # each owner of e1 made one purchase after it
        share = followed / max(sum(when // DAY < day for *_, when in bought), 1)
        assert features[PAIR] == pytest.approx(math.log((followed + SHRINKAGE) / (tried * share + SHRINKAGE)), rel=1e-5)
        assert features[FEATURES.index("log prior")] == pytest.approx(math.log(0.75), rel=1e-5)
        assert features[FEATURES.index("item")] == pytest.approx(math.log1p(followed), rel=1e-5)


def test_purchases_without_a_clock_see_the_other_folds() -> None:
    dataset = build(knowledge(), purchases(), negatives_each=2, seed=1)
    everything = math.log(1 + sum(item == "e2-0" for item in purchases().bought["item"]))
    of_item = {f[FEATURES.index("item")] for *_, item, _, f in triples(dataset) if item == "e2-0"}
    assert 1 < len(of_item) <= 5
    assert max(of_item) < everything


@pytest.mark.parametrize("clock", [True, False])
def test_a_dataset_is_the_same_in_any_parts(monkeypatch: pytest.MonkeyPatch, clock: bool) -> None:
    events = replace(purchases(), clock=clock)
    whole = build(knowledge(), events, seed=1)
    for module in (candidates, negatives):
        monkeypatch.setattr(module, "ROWS", 2)
    parts = build(knowledge(), events, seed=1)
    for name in ("item", "label", "actor", "starts", "head", "tail", "features"):
        assert np.array_equal(getattr(parts.samples, name), getattr(whole.samples, name)), name
    assert (parts.age, parts.count) == (whole.age, whole.count)


def test_exposures_are_used_where_enough_were_clicked() -> None:
    bought = timelines([(f"u{n}", "e1-0", 1) for n in range(60)])
    shown = timelines([(f"u{n}", item, 2) for n in range(60) for item in ("e2-0", "e4-0", "e3-0", "e1-1")])
    clicked = timelines([(f"u{n}", "e2-0", 3) for n in range(52)])
    dataset = build(knowledge(), Events(bought, shown, clicked, clock=False))
    found = [(head, tail, item, label) for _, head, tail, item, label, _ in triples(dataset)]
    # e3 does not complement e1, and e1 is owned already.
    assert sorted(set(found)) == [
        ("e1", "e2", "e2-0", 0.0),
        ("e1", "e2", "e2-0", 1.0),
        ("e1", "e4", "e4-0", 0.0),
    ]
    assert sum(label for *_, label in found) == 52
    few = build(knowledge(), Events(purchases().bought, shown, clicked.head(49), clock=False))
    assert len(few.samples) == len(build(knowledge(), purchases()).samples)


def test_a_shop_without_moments_has_no_samples() -> None:
    bought = timelines([("a", "e1-0", None), ("a", "e2-0", None)])
    assert len(build(knowledge(), Events(bought, bought.clear(), bought.clear(), clock=False)).samples) == 0


def test_kin_are_found_in_any_order() -> None:
    marks = knowledge().kin_among(np.array([2, 3, 0]))
    assert [tuple(pair) for pair in np.argwhere(marks)] == [(0, 2), (2, 0)]
    assert not knowledge().kin_among(np.array([1, 3])).any()


def test_labels_and_triples_belong_together() -> None:
    dataset = build(knowledge(), purchases(40), negatives_each=3)
    samples = dataset.samples
    assert set(np.unique(samples.label)) == {0.0, 1.0}
    assert (np.diff(samples.starts) >= 1).all()
    chosen = np.array([3, 0, 5])
    found, owner = samples.triples_of(chosen)
    expected = [(t, n) for n, s in enumerate(chosen) for t in range(samples.starts[s], samples.starts[s + 1])]
    assert list(zip(found.tolist(), owner.tolist(), strict=True)) == expected
    assert pl.Series(samples.head).is_in(range(4)).all()


def test_exposures_see_the_clicks_and_purchases_of_earlier_days() -> None:
    """e1 leads to e2 and e4, and e3 to e2 as well: those who own both share their exposures among them."""
    bought = [(f"u{n}", "e1-0", (n % 3) * DAY) for n in range(150)]
    bought += [(f"u{n}", "e3-0", (n % 2) * DAY) for n in range(150) if n % 7]
    bought += [(f"u{n}", "e2-1", (2 + n % 3) * DAY) for n in range(0, 150, 2)]
    shown = [(f"u{n}", item, (1 + n % 4) * DAY) for n in range(150) for item in ("e2-0", "e4-0")]
    clicked = [(f"u{n}", "e2-0" if n % 5 else "e4-0", (1 + n % 4) * DAY + 5) for n in range(150)]
    events = Events(timelines(bought), timelines(shown), timelines(clicked), clock=True)
    dataset = build(knowledge(), events, timescale=2.0)
    assert dataset.samples.block is not None
    owned = {(actor, ENTITY[item]): when for actor, item, when in bought}
    hits = {(actor, item) for actor, item, _ in clicked}

    def shares(actor: str, item: str, when: int) -> dict[str, float]:
        if owned.get((actor, ENTITY[item]), when) < when:
            return {}
        heads = [h for h, t in PRIOR if t == ENTITY[item] and owned.get((actor, h), when) < when]
        left = {h: math.exp(-(when - owned[actor, h]) / DAY / 2.0) for h in heads}
        return {h: each / sum(left.values()) for h, each in left.items()}

    def followers(head: str, tail: str, until: float) -> int:
        took = [(owned.get((f"u{n}", head)), owned.get((f"u{n}", tail))) for n in range(150)]
        return sum(h is not None and t is not None and h < t and t // DAY < until for h, t in took)

    def owners(head: str, until: float) -> int:
        return sum(entity == head and when // DAY < until for (_, entity), when in owned.items())

    taken = sum(followers(*edge, math.inf) for edge in PRIOR) + 1
    rate, overall = (150 + 1) / (300 + 2), taken / (sum(owners(head, math.inf) for head, _ in PRIOR) + 2)
    several = 0
    for sample, head, tail, _, _, features in triples(dataset):
        day = int(dataset.samples.block[sample])
        earlier = [
            (shares(actor, item, when).get(head, 0.0), (actor, item) in hits)
            for actor, item, when in shown
            if ENTITY[item] == tail and when // DAY < day
        ]
        several += any(0 < share < 1 for share, _ in earlier)
        looks, clicks = sum(share for share, _ in earlier), sum(share for share, hit in earlier if hit)
        likely = (followers(head, tail, day) / overall + OBSERVED) / (owners(head, day) + OBSERVED)
        expected = math.log((clicks / rate + OBSERVED * likely) / (looks + OBSERVED))
        assert features[PAIR] == pytest.approx(expected, rel=1e-4, abs=1e-5)
    assert several > 20
