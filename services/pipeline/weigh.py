"""The weigh step: purchases become weights of edges, co-purchase lists, popularity and shortlists, as one release."""

from __future__ import annotations

import polars as pl

from graph.reconcile import current, reconcile
from graph.tables import BOUGHT_BEFORE, COMPLEMENTS, COMPLEMENTS_WEIGHT, ITEM, ITEM_POPULARITY, OFFERS
from services.feedback.journal import JournalState
from services.pipeline import facts
from services.pipeline.release import RANKER, manifests, publish, versions
from services.pipeline.step import Done, Step, Summary, digest, stamp_of
from services.workspace import Workspace
from training.weights.copurchase import followers
from training.weights.counters import count_edges
from training.weights.popularity import popularity, shortlists
from training.weights.port import EdgeWeigher
from training.weights.shrinkage import Shrinkage

_VERSION = 1


def _fingerprint(workspace: Workspace) -> str:
    return _stamped(workspace, workspace.journal.state())


def _stamped(workspace: Workspace, events: JournalState) -> str:
    steps = [stamp_of(workspace, step) for step in ("load", "judge")]
    return digest(_VERSION, RANKER, _weigher(workspace).version, steps, events, manifests(workspace.shop))


def _work(workspace: Workspace) -> Done:
    client, progress = workspace.client, workspace.progress
    events = workspace.journal.state()
    weigher = _weigher(workspace)
    bought = facts.purchases(workspace)
    main = facts.main_entities(workspace)
    popular = popularity(current(client, ITEM), bought)
    weights = _weights(workspace, weigher, bought, main)
    release = versions(workspace, weigher.version, weights)
    change = reconcile(client, ITEM_POPULARITY, popular, progress)
    change += reconcile(client, OFFERS, shortlists(main, popular), progress)
    change += reconcile(client, BOUGHT_BEFORE, followers(bought), progress)
    change += reconcile(client, COMPLEMENTS_WEIGHT, weights.with_columns(release=pl.lit(release.id)), progress)
    publish(workspace, release, {"edges": weights.height})
    summary: Summary = {
        "edges": weights.height,
        "purchases": bought.height,
        "release": release.id,
        "rows written": change.written,
        "rows deleted": change.deleted,
    }
    return Done(summary, _stamped(workspace, events))


WEIGH = Step("weigh", _fingerprint, _work)


def _weigher(workspace: Workspace) -> EdgeWeigher:
    return Shrinkage(workspace.shop.settings.weights.shrinkage)


def _weights(workspace: Workspace, weigher: EdgeWeigher, bought: pl.DataFrame, main: pl.DataFrame) -> pl.DataFrame:
    """Columns head, tail, weight, rank (from 1, among the edges that leave head)."""
    edges = current(workspace.client, COMPLEMENTS).sort("head", "tail")
    pairs = list(edges.select("head", "tail").iter_rows())
    counters = count_edges(facts.entity_purchases(bought, main), pairs, edges["probability"].to_list())
    weighed = edges.select("head", "tail", weight=pl.Series(weigher.weigh(counters), dtype=pl.Float64))
    ordered = weighed.sort("head", -pl.col("weight"), "tail")
    return ordered.with_columns(rank=pl.int_range(1, pl.len() + 1).over("head").cast(pl.Int64))
