import numpy as np
import polars as pl
import pytest

from training.weights.examination import examination

LOOKED = np.array([1.0, 0.6, 0.4, 0.25])


def log(n: int, seed: int) -> pl.DataFrame:
    """Good entities stand at the top more often than not, as where lists are ordered by weight."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(6, size=n)
    rate = np.array([0.5, 0.4, 0.3, 0.1, 0.05, 0.02])[kind]
    place = np.where(rng.random(n) < 0.5, rng.integers(4, size=n), np.where(kind < 3, 0, 3))
    clicked = rng.random(n) < rate * LOOKED[place]
    names = pl.Series([f"f{each}" for each in kind], dtype=pl.String)
    return pl.DataFrame({"sample": np.arange(n), "tail": names, "position": place, "clicked": clicked})


@pytest.mark.parametrize("seed", range(3))
def test_what_is_good_is_not_taken_for_what_is_looked_at(seed: int) -> None:
    samples = log(60_000, seed)
    by_place = samples.group_by("position").agg(pl.col("clicked").mean()).sort("position")["clicked"].to_numpy()
    assert by_place[3] / by_place[0] < 0.15
    assert examination(samples) == pytest.approx(LOOKED, abs=0.05)


def test_the_fit_is_where_neither_factor_would_move() -> None:
    samples = log(3_000, 0)
    looks = examination(samples)
    rows = samples.to_dicts()
    clicks = {k: sum(r["clicked"] for r in rows if r["tail"] == k) for k in samples["tail"].unique()}
    rate = {k: clicks[k] / sum(looks[r["position"]] for r in rows if r["tail"] == k) for k in clicks}
    for place in range(1, 4):
        here = [r for r in rows if r["position"] == place]
        assert sum(r["clicked"] for r in here) == pytest.approx(
            looks[place] * sum(rate[r["tail"]] for r in here), rel=0.02
        )


def test_places_may_count_from_one() -> None:
    samples = log(2_000, 2)
    counted = examination(samples.with_columns(pl.col("position") + 1))
    assert counted[1:] == pytest.approx(examination(samples))


def test_triggers_of_one_exposure_count_once() -> None:
    samples = log(500, 1)
    assert examination(pl.concat([samples, samples.head(100)])).tolist() == examination(samples).tolist()


def test_without_places_everything_is_looked_at() -> None:
    assert examination(log(50, 0).clear()).tolist() == [1.0]
    assert examination(log(50, 0).with_columns(position=pl.lit(0))).tolist() == [1.0]
