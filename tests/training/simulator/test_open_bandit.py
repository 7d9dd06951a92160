from pathlib import Path

import numpy as np
import polars as pl
import pytest

from training.simulator.open_bandit import replays

RATES = np.array([0.02, 0.05, 0.2])
BTS = np.array([0.1, 0.2, 0.7])


def invented(folder: Path, n: int = 40_000) -> Path:
    """Two policies over three items in one campaign, their propensities and clicks."""
    rng = np.random.default_rng(0)
    parts = []
    for policy, shares in (("random", np.full(3, 1 / 3)), ("bts", BTS)):
        items = rng.choice(3, size=n, p=shares)
        parts.append(
            pl.DataFrame(
                {
                    "policy": policy,
                    "campaign": "men",
                    "item_id": items,
                    "position": rng.integers(1, 4, size=n),
                    "click": (rng.random(n) < RATES[items]).astype(np.int64),
                    "propensity_score": shares[items],
                }
            )
        )
    folder.mkdir(parents=True)
    pl.concat(parts).write_parquet(folder / "impressions.parquet")
    return folder


def test_each_log_tells_the_other_policys_rate(tmp_path: Path) -> None:
    found = {each.target: each for each in replays(invented(tmp_path / "bandit"))}
    for target, truth in (("random", RATES.mean()), ("bts", float((BTS * RATES).sum()))):
        assert found[target].own.covers(truth)
        for estimate in found[target].estimates.values():
            assert estimate.value == pytest.approx(truth, abs=0.006)
            assert estimate.low < truth < estimate.high
    assert found["random"].logged == "bts"
    assert 0 < found["random"].effective < found["random"].impressions


def test_the_real_logs_agree_with_each_other(data_folder: Path) -> None:
    found = replays(data_folder / "open_bandit_small")
    assert [(each.logged, each.target) for each in found] == [("bts", "random"), ("random", "bts")]
    assert sum(each.clicks for each in found) == 207
    for each in found:
        for estimate in each.estimates.values():
            assert estimate.low < each.own.high
            assert each.own.low < estimate.high
