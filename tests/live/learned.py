"""Weights and views as a model might learn them, for the small shop: always the same, and easy to search slowly."""

from __future__ import annotations

import numpy as np
import polars as pl

from graph.vocabulary import VIEW_DIMENSIONS
from services.pipeline import learned
from services.pipeline.release import served
from services.pipeline.run import run_steps
from services.pipeline.weigh import WEIGH
from services.workspace import Workspace
from tests.live.shops import ENTITIES, ITEMS, VERDICTS
from training.weights.learned import WEIGHED


def trained(workspace: Workspace, version: str, weights: pl.DataFrame, views: pl.DataFrame) -> str:
    """Puts a model in place as a training run does, and weighs; the release that is served then."""
    if not learned.facts_of(workspace.shop, version):
        learned.keep(learned.folder(workspace.shop, version), weights, views, {"version": version})
    learned.use(workspace.shop, version)
    list(run_steps(workspace, [WEIGH]))
    return str(served(workspace))


EDGES = [pair for pair, (label, _, _) in VERDICTS.items() if label == "complement"]


def weights(seed: int = 0) -> pl.DataFrame:
    """[WEIGHED] of every complementary edge, with a pull for each item of its tail."""
    random = np.random.default_rng(seed)
    rows = []
    for head, tail in EDGES:
        items = [item for item, entities in ITEMS.items() if entities[:1] == (tail,)]
        rows.append((head, tail, random.uniform(0.1, 0.9), items, random.uniform(0.5, 2, len(items)).tolist(), 0.25))
    return pl.DataFrame(rows, schema=WEIGHED, orient="row")


def views(seed: int = 0) -> pl.DataFrame:
    """id, substitutable, complementary of every entity but the lantern."""
    ids = [name for name in ENTITIES if name != "lantern"]
    random = np.random.default_rng(seed)
    columns = {
        name: random.normal(loc=0.2, size=(len(ids), VIEW_DIMENSIONS)).tolist()
        for name in ("substitutable", "complementary")
    }
    return pl.DataFrame({"id": ids, **columns})


def nearest(frame: pl.DataFrame, view: str, entity: str) -> list[tuple[str, float]]:
    """Entities by the cosine of their first view with a view of the entity, nearest first."""
    ids = frame["id"].to_list()
    first = np.array(frame["substitutable"].to_list())
    asked = np.array(frame.filter(id=entity)[view].item().to_list())
    cosines = first @ asked / np.linalg.norm(first, axis=1) / np.linalg.norm(asked)
    return sorted(zip(ids, cosines.tolist(), strict=True), key=lambda pair: -pair[1])
