"""A shop whose shoppers follow a rule: after an item of one need comes another of the same need, mostly."""

from __future__ import annotations

from functools import partial

import numpy as np
import polars as pl

from services.feedback.interest import interests
from training.ranker.training import Material
from training.weights.popularity import popularity, shortlists, with_shares

NEEDS, THINGS = 8, 5
EDGES = pl.DataFrame(
    {
        "head": ["e0", "e2"],
        "tail": ["e1", "e3"],
        "weight": [0.9, 0.5],
        "prior": [0.75, None],
        "affinity": [0.5, None],
        "items": [["5", "6"], None],
        "pulls": [[3.0, 0.5], None],
    }
)
KINDS = pl.DataFrame({"entity": [f"e{need}" for need in range(NEEDS)]}).with_columns(
    durable=pl.lit(None, pl.Boolean), kind=pl.lit(None, pl.String)
)


def items() -> pl.DataFrame:
    """Columns id, title, brand, category, available, entity; the last item of each need is unlinked or gone."""
    rows = [
        {
            "id": str(need * THINGS + thing),
            "title": f"need{need} word{thing} word{(thing + need) % 3}",
            "brand": f"b{need % 3}" if thing else None,
            "category": f"all > c{need % 2}",
            "available": not (need == 7 and thing == 4),
            "entity": None if need == 6 and thing == 4 else f"e{need}",
        }
        for need in range(NEEDS)
        for thing in range(THINGS)
    ]
    return pl.DataFrame(rows)


def timelines(users: int = 120, seed: int = 0, longest: int = 7) -> pl.DataFrame:
    """Purchases in order [TIMELINE]; some repeat, some actors are baskets."""
    rng = np.random.default_rng(seed)
    rows = []
    for user in range(users):
        need = int(rng.integers(NEEDS))
        name = f"b:{user:03}" if user % 10 == 9 else f"u:{user:03}"
        for place in range(int(rng.integers(1, longest + 1))):
            if rng.random() < 0.3:
                need = need + 1 if need % 2 == 0 else int(rng.integers(NEEDS))
            rows.append((name, str(need * THINGS + int(rng.integers(THINGS) ** 2) // THINGS), place + 1))
    return pl.DataFrame(rows, schema={"actor": pl.String, "item": pl.String, "when": pl.Int64}, orient="row").sort(
        "actor", maintain_order=True
    )


def material(users: int = 120, seed: int = 0) -> Material:
    """All that a ranker is learned from."""
    bought, things = timelines(users, seed), items()
    popular = popularity(things, bought)
    main = things.drop_nulls("entity").select("entity", item="id")
    offers, shared = shortlists(main, popular), with_shares(main, popular)
    return Material(things, bought, False, EDGES, KINDS, offers, shared, partial(interests), 2)
