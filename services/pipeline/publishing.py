"""Releases that the weigh step did not compute: a trained model's, and an older one served again.

Such a release is held: the weigh step counts as done until its inputs change, or until it is forced. What is rolled back
are weights and views; popularity, shortlists and co-purchase lists are facts and stay.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

import numpy as np
import polars as pl

from graph.client import Transaction
from graph.errors import GraphError, NotFoundError
from graph.reconcile import Change, current
from graph.tables import COMPLEMENTS, ENTITY, ENTITY_VIEWS
from graph.vectors import vector_column
from graph.vocabulary import VIEW_DIMENSIONS
from services.pipeline.archive import Metrics, Release, manifests, read_release
from services.pipeline.release import apply, make, served, served_views
from services.pipeline.step import Summary, digest
from services.workspace import Workspace, single_run

VIEWS = ("substitutable", "complementary")
_STEP = "weigh"
_HELD = "held "
_STAYS = "stays until inputs change, or kerec weigh --force"


@dataclass(frozen=True, slots=True)
class Published:
    """What is served now, what was before, and the rows of the graph that changed."""

    release: str
    before: str | None
    change: Change


def publish(
    workspace: Workspace,
    weights: pl.DataFrame,
    views: pl.DataFrame | None = None,
    *,
    version: str,
    metrics: Metrics | None = None,
) -> Published:
    """Releases what a model learned, and has readers served it; repeated after a kill it ends in the same graph.

    `weights`: head, tail, weight in (0, 1) of edges; one that the graph does not hold is dropped, one that is missing
    keeps its weight. `views`: id, substitutable, complementary [64 floats each] of entities; None keeps those served.
    `version` names the model: equal where it learned equal weights and views. Raises GraphError where the weigh step
    was never finished, StorageError where the disk refuses.
    """
    with single_run(workspace.shop):
        _done_once(workspace)
        edges = current(workspace.client, COMPLEMENTS)
        known = weights.select("head", "tail", pl.col("weight").cast(pl.Float64))
        known = known.join(edges, on=("head", "tail"), how="semi")
        if not known["weight"].is_between(0, 1).all():  # a weight that is no number is not between
            raise ValueError("weights lie in [0, 1]")
        seen = served_views(workspace) if views is None else _views(workspace, views, version)
        release = make(workspace, version, known, seen, {"edges": known.height, **(metrics or {})})
        return _hold(workspace, release, f"{version} ({_STAYS})")


def roll_back(workspace: Workspace, release: str | None = None) -> Published:
    """Serves a kept release again: the named one, else the one made before the served one.

    Raises NotFoundError where there is none, GraphError where the weigh step was never finished.
    """
    with single_run(workspace.shop):
        _done_once(workspace)
        chosen = read_release(workspace.shop, release or _previous(workspace))
        return _hold(workspace, chosen, f"rollback ({_STAYS})")


def _previous(workspace: Workspace) -> str:
    now = served(workspace)
    ids = [manifest.id for manifest in manifests(workspace.shop)]
    place = ids.index(now) if now in ids else len(ids)
    if place == 0:
        raise NotFoundError(f"no release was made before {now}: name one, see kerec releases")
    return ids[place - 1]


def _views(workspace: Workspace, views: pl.DataFrame, version: str) -> pl.DataFrame:
    """The views of known entities [ENTITY_VIEWS.schema], by id."""
    known = views.join(current(workspace.client, ENTITY), on="id", how="semi").sort("id")
    columns = {name: vector_column(_matrix(known[name])) for name in VIEWS}
    content = digest(known["id"].to_list(), *(column.to_list() for column in columns.values()))
    return known.select("id", **columns, views=pl.lit(f"{version}:{content}")).cast(ENTITY_VIEWS.schema)


def _matrix(vectors: pl.Series) -> np.ndarray:
    if vectors.list.len().ne(VIEW_DIMENSIONS).any():
        raise ValueError(f"a view has {VIEW_DIMENSIONS} dimensions")
    matrix = np.array(vectors.to_list(), dtype=np.float64).reshape(-1, VIEW_DIMENSIONS)
    if not np.isfinite(matrix).all():
        raise ValueError("a view holds what is no number")
    return matrix


def _done_once(workspace: Workspace) -> None:
    if _stamp(workspace) is None:
        raise GraphError("the weigh step was never finished on this graph: run kerec weigh first")


def _stamp(workspace: Workspace) -> str | None:
    """The fingerprint of the last weigh, also while another release takes its place."""
    rows = workspace.client.rows("load/step/read")
    return next((str(row["fingerprint"]).removeprefix(_HELD) for row in rows if row["id"] == _STEP), None)


def _hold(workspace: Workspace, release: Release, by: str) -> Published:
    before, fingerprint = served(workspace), _stamp(workspace)
    summary: Summary = {"edges": release.weights.height, "release": release.id, "set by": by}
    stamp = {"id": _STEP, "summary": json.dumps(summary), "finished_at": int(time.time() * 1000)}
    # Until all is written the weigh step has something to do, also if this is killed and never repeated.
    workspace.client.run("load/step/write", rows=[{**stamp, "fingerprint": f"{_HELD}{fingerprint}"}])
    change = apply(workspace, release)

    def switch(tx: Transaction) -> None:
        tx.rows("load/shop/release", release=release.id)
        tx.rows("load/step/write", rows=[{**stamp, "fingerprint": fingerprint}])

    workspace.client.write(switch)
    return Published(release.id, before, change)
