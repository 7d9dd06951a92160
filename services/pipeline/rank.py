"""The rank step: the ranker, learned from the graph's knowledge and the journal's purchases, as files.

The weigh step, done after it, releases the last ranker that was better than its evidence alone, and brings its evidence
into the graph. Each training is a (:TrainingRun), with the ranker's version for its id.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from functools import partial

import polars as pl

from graph.client import GraphClient
from graph.reconcile import current
from graph.snapshot import read_snapshot
from graph.tables import COMPLEMENTS, COMPLEMENTS_WEIGHT, ENTITY
from services.feedback.interest import interests
from services.feedback.journal import JournalState
from services.feedback.profiles import fading
from services.pipeline import facts, learned
from services.pipeline.release import ranker_of
from services.pipeline.step import Done, Step, Summary, digest, frame_digest, stamp_of
from services.pipeline.training_runs import note
from services.shop import Shop
from services.workspace import Workspace
from training.ranker.files import save
from training.ranker.shelf import latest, made_from, make_none_latest
from training.ranker.training import DEFAULTS, Learned, Material, Options, learn_ranker
from training.weights.popularity import popularity, shortlists, with_shares

_VERSION = 4


def rank_step(options: Options = DEFAULTS) -> Step:
    """The step with these options."""
    return Step("rank", lambda ws: _stamped(ws, options, ws.journal.state()), lambda ws: _work(ws, options))


def read_material(workspace: Workspace) -> Material:
    """What a ranker is learned from, as graph and journal hold it now."""
    settings = workspace.shop.settings
    snapshot = read_snapshot(workspace.client)
    # The journal may know items that no load has brought into the graph yet.
    bought = facts.purchases(workspace).filter(pl.col("item").is_in(snapshot.items["id"].to_list()))
    main = facts.main_entities(workspace)
    popular = popularity(snapshot.items, bought)
    kinds = current(workspace.client, ENTITY).select("durable", "kind", entity="id")
    return Material(
        items=snapshot.items,
        timelines=bought,
        dated=settings.clock == "time",
        edges=_edges(workspace.client),
        kinds=kinds,
        shortlists=shortlists(main, popular),
        popular=with_shares(main, popular),
        interests=partial(interests, settings=fading(settings)),
        per_entity=settings.recall.per_entity,
    )


def _edges(client: GraphClient) -> pl.DataFrame:
    judged = current(client, COMPLEMENTS).select("head", "tail", prior="probability")
    return (
        current(client, COMPLEMENTS_WEIGHT).drop_nulls("weight").join(judged, on=("head", "tail")).sort("head", "tail")
    )


def _stamped(workspace: Workspace, options: Options, events: JournalState) -> str:
    """Covers what is learned from, and the ranker itself: where its files were deleted there is something to do."""
    steps = [stamp_of(workspace, step) for step in ("load", "judge")]
    settings = workspace.shop.settings
    # Not the weights that are served: a rollback is no reason to learn, nor to be undone.
    known = (learned.used(workspace.shop), settings.weights, settings.interests, settings.recall, steps, events)
    return digest(_VERSION, options, *known, ranker_of(workspace.shop))


def _work(workspace: Workspace, options: Options) -> Done:
    events = workspace.journal.state()
    material = read_material(workspace)
    summary = _learn(workspace, material, options, events.forgotten)
    return Done(summary, _stamped(workspace, options, events))


def _learn(workspace: Workspace, material: Material, options: Options, forgotten: int) -> Summary:
    started = int(time.time() * 1000)
    found = learn_ranker(material, options, workspace.progress)
    if found is None:
        _keep_or_drop(workspace.shop, forgotten)
        told: Summary = {"purchases": material.timelines.height, "released": "no: too few purchases to learn from"}
        return told | {"ranker": ranker_of(workspace.shop)}
    inputs = {"purchases": frame_digest(material.timelines), "options": digest(options), "forgotten": forgotten}
    version = save(found, workspace.shop.rankers_dir, inputs)
    if not found.held_out.better:
        _keep_or_drop(workspace.shop, forgotten)
    run = {"samples": int(found.facts["cases"]), "edges": material.edges.height, "epochs": int(found.facts["trees"])}
    run |= {"started_at": started, "finished_at": int(time.time() * 1000)}
    note(workspace, version, "ranker", asdict(options), {**found.facts, **run})
    released = "yes" if found.held_out.better else "no: not better than the evidence alone"
    return {"ranker": version, **_told(found), "pairs": found.evidence.height, "released": released}


def _keep_or_drop(shop: Shop, forgotten: int) -> None:
    """The ranker in use stays in use, unless it knows somebody who was forgotten."""
    version = latest(shop.rankers_dir)
    if version and made_from(shop.rankers_dir, version).get("forgotten") != forgotten:
        make_none_latest(shop.rankers_dir)


def _told(found: Learned) -> Summary:
    return {name: round(value, 4) if value % 1 else int(value) for name, value in found.facts.items()}
