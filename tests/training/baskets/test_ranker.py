"""The ranker of baskets on a shop whose answer is known."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from training.baskets.evidence import NAMES, BasketEvidence
from training.baskets.hiding import hide_line
from training.baskets.ranker import BasketRanker
from training.cold.content import Content
from training.evaluation.baselines.ease import Ease
from training.evaluation.fitted import Fitted
from training.evaluation.histories import Histories
from training.evaluation.task import Task
from training.weights.timelines import TIMELINE

PAIRS = 30


def baskets(count: int = 300) -> Histories:
    """Bread k comes with butter k, a random other thing with both."""
    generator = np.random.default_rng(0)
    rows = []
    for basket in range(count):
        kind = generator.integers(PAIRS)
        names = [f"other {generator.integers(PAIRS)}", f"bread {kind}", f"butter {kind}"]
        rows += [(f"b:{basket:04d}", name, place) for place, name in enumerate(names)]
    items = [f"{name} {kind}" for name in ("bread", "butter", "other") for kind in range(PAIRS)]
    return Histories.of(pl.DataFrame(rows, schema=TIMELINE, orient="row"), items)


def content(items: tuple[str, ...]) -> Content:
    frame = pl.DataFrame({"title": items, "category": [item.split()[0] for item in items]}).with_columns(
        brand=pl.lit(None, pl.String), entity=pl.col("category")
    )
    edges = pl.DataFrame({"head": ["bread"], "tail": ["butter"], "probability": [0.8]})
    return Content.of(frame, edges, np.zeros((len(items), 1), np.float32))


def test_it_finds_what_goes_with_what_was_put_in_last() -> None:
    known = baskets()
    cases = hide_line(known, np.arange(240, 300), np.random.default_rng(0))
    every = np.ones(len(known.items), dtype=np.bool_)
    task = Task("baskets", known.take(np.arange(240)), cases.contexts, cases.answers, every)
    ranker = BasketRanker(content(known.items), penalty=1.0, rounds=60, cases=400)
    ranks = Fitted("ours", ranker, ("lightgbm",)).answer(task, seed=0).ranks
    assert (ranks == 0).mean() > 0.8
    again = Fitted("ours", ranker).answer(task, seed=0).ranks
    assert (ranks == again).all()


def test_evidence_beside_slow_loops() -> None:
    known = baskets(40)
    customers = {actor: f"c{place % 4}" for place, actor in enumerate(known.actors)}
    train = known.take(np.arange(30))
    evidence = BasketEvidence(train, content(known.items), Ease(1.0), customers)
    contexts = hide_line(known, np.arange(30, 40), np.random.default_rng(0)).contexts
    blocks = dict(evidence.features(contexts))
    assert set(blocks) == set(NAMES)
    sold = [set(train.item[start:end]) for start, end in zip(train.starts[:-1], train.starts[1:], strict=True)]
    for case, actor in enumerate(contexts.actors):
        held = contexts.item[contexts.starts[case] : contexts.starts[case + 1]]
        for item in range(len(known.items)):
            mine = [
                goods for whose, goods in zip(train.actors, sold, strict=True) if customers[whose] == customers[actor]
            ]
            assert blocks["bought before"][case, item] == sum(item in goods for goods in mine)
            lifts = [lift(sold, int(other), item) for other in held]
            assert blocks["lift"][case, item] == pytest.approx(sum(lifts), abs=1e-4)
            assert blocks["lift, best"][case, item] == pytest.approx(max(lifts), abs=1e-4)


def lift(sold: list[set[int]], first: int, second: int) -> float:
    both = sum({first, second} <= goods for goods in sold) if first != second else 0
    counts = [sum(item in goods for goods in sold) + 5.0 for item in (first, second)]
    return max(float(np.log(both * len(sold) / (counts[0] * counts[1]))), 0.0) if both else 0.0
