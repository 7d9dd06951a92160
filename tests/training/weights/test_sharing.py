import math

import polars as pl
import pytest

from training.weights.sharing import shares


def shared(ages: list[float], timescale: float) -> list[float]:
    frame = pl.DataFrame({"sample": [0] * len(ages) + [1], "age": [*ages, 3.0]}, schema_overrides={"age": pl.Float64})
    return frame.select(shares(timescale)).to_series().to_list()


def test_triggers_share_as_interest_fades() -> None:
    *first, alone = shared([0.0, 5.0, 20.0], 7.0)
    left = [math.exp(-age / 7.0) for age in (0, 5, 20)]
    assert first == pytest.approx([each / sum(left) for each in left])
    assert alone == 1.0


def test_old_triggers_share_all_the_same() -> None:
    assert shared([1e5, 1e5], 0.5) == [0.5, 0.5, 1.0]
    assert shared([1e5, 2e5], 0.5) == [1.0, 0.0, 1.0]


def test_equal_interests_share_equally() -> None:
    assert shared([1.0, 9.0], math.inf) == [0.5, 0.5, 1.0]
