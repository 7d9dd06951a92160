"""Releases in the graph: weights of edges and views of entities that belong together, and which of them is served."""

from __future__ import annotations

import json
import time
from dataclasses import asdict

import polars as pl

from graph.reconcile import Change, current, reconcile, write
from graph.tables import COMPLEMENTS, COMPLEMENTS_WEIGHT, ENTITY_VIEWS, RELEASE, SHOP, SUBSTITUTES
from services.pipeline.archive import RANKER, WEIGHTS_SCHEMA, Manifest, Metrics, Release, Versions, keep
from services.pipeline.evidence import publish
from services.pipeline.step import digest, frame_digest
from services.shop import Shop
from services.workspace import Workspace
from training.ranker.shelf import has_evidence, latest
from training.weights.learned import WEIGHED

_EDGE = ("head", "tail")


def make(workspace: Workspace, weigher: str, weights: pl.DataFrame, views: pl.DataFrame, metrics: Metrics) -> Release:
    """The release of these weights [WEIGHED] and views [ENTITY_VIEWS.schema], its files written."""
    ordered = ranked(weights).select(WEIGHTS_SCHEMA.names())
    versions = _versions(workspace, f"{weigher}:{frame_digest(ordered)}", views)
    return keep(workspace.shop, Release(Manifest(versions, metrics, int(time.time() * 1000)), ordered, views))


def apply(workspace: Workspace, release: Release) -> Change:
    """Brings weights, views and the ranker's evidence in the graph to the release's; repeating it changes nothing.

    An edge that the release does not know keeps its weight, and an entity that it does not know has no views. Evidence
    is last, nearest to the switch of the release: of two learned rankers the older reads an item's pairs of the newer
    from when they are written until then.
    """
    _note(workspace, release)
    change = reconcile(workspace.client, COMPLEMENTS_WEIGHT, _weights(workspace, release), workspace.progress)
    there = current(workspace.client, ENTITY_VIEWS).select("id")
    views = there.join(release.views, on="id", how="left")
    change += reconcile(workspace.client, ENTITY_VIEWS, views, workspace.progress)
    return change + publish(workspace, release.manifest.versions.ranker)


def ranker_of(shop: Shop) -> str:
    """The version of the ranker that a release of now names: the one trained last, if its evidence is there."""
    version = latest(shop.rankers_dir)
    return version if version and has_evidence(shop.rankers_dir, version) else RANKER


def served(workspace: Workspace) -> str | None:
    """The id of the release that readers are served."""
    rows = workspace.client.rows("recall/shop")
    return rows[0]["release"] if rows else None


def ranked(weights: pl.DataFrame) -> pl.DataFrame:
    """The weights of edges with `rank`, from 1 among the edges that leave a head; ties by tail."""
    ordered = weights.sort("head", -pl.col("weight"), "tail")
    return ordered.with_columns(rank=pl.int_range(1, pl.len() + 1).over("head").cast(pl.Int64))


def _weights(workspace: Workspace, release: Release) -> pl.DataFrame:
    there = current(workspace.client, COMPLEMENTS_WEIGHT)
    mine = release.weights.select(WEIGHED.names()).with_columns(release=pl.lit(release.id))
    kept = there.join(mine, on=_EDGE, how="anti").select(mine.columns)
    return ranked(pl.concat([mine.join(there, on=_EDGE, how="semi"), kept]))


def _versions(workspace: Workspace, weights: str, views: pl.DataFrame) -> Versions:
    """The versions of what the graph holds now, with these weights and views."""
    shop = current(workspace.client, SHOP).to_dicts()[0]
    edges = current(workspace.client, COMPLEMENTS)
    prompts = sorted(edges["prompt"].drop_nulls().unique())
    substitutes = current(workspace.client, SUBSTITUTES)
    verdicts = digest(frame_digest(edges.drop("judged_at")), frame_digest(substitutes.drop("judged_at")))
    models = "+".join(sorted(views["views"].unique())) or None
    return Versions(
        shop["dictionary"],
        shop["extractor"],
        "+".join(prompts),
        verdicts,
        weights,
        models,
        ranker_of(workspace.shop),
    )


def _note(workspace: Workspace, release: Release) -> None:
    """The release's node, unless it is there."""
    if current(workspace.client, RELEASE).filter(pl.col("id") == release.id).is_empty():
        manifest = release.manifest
        row = {
            "id": release.id,
            **asdict(manifest.versions),
            "metrics": json.dumps(manifest.metrics, sort_keys=True),
            "created_at": manifest.created_at,
        }
        write(workspace.client, RELEASE, pl.DataFrame([row], schema=RELEASE.schema))
