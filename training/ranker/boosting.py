"""The boosters of the ranker, and how they are stopped."""

from __future__ import annotations

from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from training.ranker.features import BASE
from training.ranker.sampling import Rows
from training.ranker.triples import KNOWLEDGE

_COMMON: dict[str, Any] = {
    "num_threads": 1,
    "verbosity": -1,
    "deterministic": True,
    "force_row_wise": True,
    "max_bin": 63,
    "feature_pre_filter": False,
}
_BASE: dict[str, Any] = {
    **_COMMON,
    "objective": "lambdarank",
    "lambdarank_truncation_level": 20,
    "metric": "ndcg",
    "eval_at": [10],
    "learning_rate": 0.1,
    "num_leaves": 31,
    "min_data_in_leaf": 50,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
}
_KNOWLEDGE: dict[str, Any] = {
    **_COMMON,
    "objective": "binary",
    "learning_rate": 0.1,
    "num_leaves": 7,
    "min_data_in_leaf": 100,
    "lambda_l2": 10.0,
}
_KNOWLEDGE_ROUNDS = 40
_WATCHED = "stop"


def base_booster(
    teach: Rows, stop: Rows, seed: int, rounds: int, patience: int
) -> tuple[lightgbm.Booster, tuple[float, ...]]:
    """LambdaMART (Burges, From RankNet to LambdaRank to LambdaMART, 2010) on the base features; the number of trees is
    the one of best NDCG@10 on the cases of `stop`. With it that NDCG@10 after each round."""
    learned = lightgbm.Dataset(teach.features, teach.bought, group=teach.sizes, feature_name=list(BASE))
    watched = lightgbm.Dataset(stop.features, stop.bought, group=stop.sizes, reference=learned)
    told: dict[str, dict[str, list[float]]] = {}
    booster = lightgbm.train(
        {**_BASE, "seed": seed},
        learned,
        rounds,
        valid_sets=[watched],
        valid_names=[_WATCHED],
        callbacks=[lightgbm.early_stopping(patience, verbose=False), lightgbm.record_evaluation(told)],
    )
    # As the file will be read: with the trees up to the best one alone.
    best = reloaded(booster.model_to_string(num_iteration=booster.best_iteration))
    return best, tuple(told[_WATCHED]["ndcg@10"])


def knowledge_booster(rows: Rows, f_base: NDArray[np.float64], seed: int) -> lightgbm.Booster | None:
    """What active edges add to the base logit [N] of candidates; None where too few of them were bought to tell."""
    bought = rows.bought[rows.active]
    if bought.sum() < _KNOWLEDGE["num_leaves"] or len(bought) < 2 * _KNOWLEDGE["min_data_in_leaf"]:
        return None
    start = f_base[rows.active]
    read = np.concatenate([rows.facts, start[:, None].astype(np.float32)], axis=1)
    learned = lightgbm.Dataset(
        read, bought, weight=rows.weight[rows.active], init_score=start, feature_name=list(KNOWLEDGE)
    )
    booster = lightgbm.train({**_KNOWLEDGE, "seed": seed}, learned, _KNOWLEDGE_ROUNDS)
    return reloaded(booster.model_to_string())


def reloaded(text: str) -> lightgbm.Booster:
    """A booster of a model's text."""
    return lightgbm.Booster(model_str=text)
