"""A shop whose purchases teach a ranker, and its training."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from services.pipeline.rank import rank_step
from services.pipeline.step import Outcome, run_step
from services.pipeline.weigh import WEIGH
from services.workspace import Workspace
from tests.live.shops import SmallShop
from training.ranker.training import Options

NEEDS, THINGS = 6, 5
VOUCHER = "999"


def shop(folder: Path, users: int = 150) -> SmallShop:
    """Shoppers who buy on inside a need, or go from an even one to the odd one after it; nobody buys the voucher."""
    rng = np.random.default_rng(0)
    items = {
        str(need * THINGS + thing): (f"e{need}", f"Need{need} word{thing % 2}")
        for need in range(NEEDS)
        for thing in range(THINGS)
    }
    bought: dict[str, tuple[str, ...]] = {}
    for user in range(users):
        need, life = int(rng.integers(NEEDS)), []
        for _ in range(int(rng.integers(2, 7))):
            need = need + 1 if need % 2 == 0 and rng.random() < 0.5 else need
            life.append(str(need * THINGS + int(rng.integers(THINGS))))
        bought[f"u{user:03}"] = tuple(life)
    return SmallShop(
        folder,
        "order",
        items={**items, VOUCHER: (None, "Voucher")},
        entities={f"e{need}": f"Need{need}" for need in range(NEEDS)},
        bought=bought,
        verdicts={("e0", "e1"): ("complement", 3, "why"), ("e2", "e3"): ("complement", 1, "why")},
    )


def rank(workspace: Workspace, seed: int = 0) -> Outcome:
    """Learns a small ranker."""
    return run_step(rank_step(Options(seed, folds=2, targets=3, rounds=10, patience=5)), workspace)


def train(workspace: Workspace, seed: int = 0) -> tuple[Outcome, Outcome]:
    """Learns a small ranker and releases it; the outcomes of both steps."""
    return rank(workspace, seed), run_step(WEIGH, workspace)
