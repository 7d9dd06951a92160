import math

import numpy as np
import polars as pl
import pytest

from training.simulator.bag import RHO, bagged
from training.weights.sharing import TIMESCALE

SAMPLES = pl.DataFrame(
    {
        "sample": [7, 3, 3, 3, 9],
        "head": ["tent", "stove", "tent", "lamp", "tent"],
        "tail": ["mat", "gas", "gas", "gas", "mat"],
        "item": ["mat1", "gas1", "gas1", "gas1", "mat2"],
        "age": [1.0, 0.0, 14.0, 3.0, 30.0],
    }
)
WEIGHTS = {("tent", "mat"): 0.5, ("stove", "gas"): 0.9, ("tent", "gas"): 0.2}


def frame(weights: dict[tuple[str, ...], float]) -> pl.DataFrame:
    names = ("head", "tail", "item")[: len(next(iter(weights)))]
    return pl.DataFrame([(*edge, weight) for edge, weight in weights.items()], schema=[*names, "weight"], orient="row")


def slow(sample: int) -> float:
    miss = 1.0
    for row in SAMPLES.filter(pl.col("sample") == sample).iter_rows(named=True):
        weight = WEIGHTS.get((row["head"], row["tail"]), 0.0)
        miss *= 1.0 - RHO * math.exp(-row["age"] / TIMESCALE) * weight
    return 1.0 - miss


def test_it_is_recalls_formula_in_the_order_of_samples() -> None:
    assert bagged(SAMPLES, frame(WEIGHTS)) == pytest.approx([slow(3), slow(7), slow(9)])


def test_weights_may_know_the_item() -> None:
    found = bagged(SAMPLES, frame({("tent", "mat", "mat1"): 0.5, ("tent", "mat", "mat2"): 0.1}))
    assert found[0] == 0.0
    assert found[1] > found[2] > 0.0
    assert found[2] == pytest.approx(RHO * math.exp(-30.0 / TIMESCALE) * 0.1)


def test_no_weight_is_no_score() -> None:
    assert np.all(bagged(SAMPLES, frame({("x", "y"): 1.0})) == 0.0)
