"""The train step: an edge-weight model from what the graph knows and what shoppers did."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import polars as pl

from graph.errors import GraphError
from graph.reconcile import current
from graph.snapshot import Snapshot, read_snapshot
from graph.tables import ENTITY_SEGMENT
from services.encoder import build_encoder
from services.feedback.journal import JournalState
from services.feedback.profiles import fading
from services.pipeline import facts, learned
from services.pipeline.step import Done, Step, Summary, digest, stamp_of
from services.pipeline.training_runs import note
from services.workspace import Workspace
from training.tracking import JsonLines, Several, TensorBoard
from training.weights.eei.coding import Coding
from training.weights.eei.dataset import build
from training.weights.eei.fit import Fitted, TooFewError, fit
from training.weights.eei.hyperparameters import Hyperparameters
from training.weights.eei.knowledge import Knowledge, kin_pairs, price_buckets, standings
from training.weights.eei.plots import calibration_plot, loss_plot, weight_plot
from training.weights.eei.stores import in_database, in_memory
from training.weights.eei.text import principal_vectors, word_vectors
from training.weights.learned import blended, worth_releasing

_VERSION = 6


def train_step(chosen: Hyperparameters, *, resume: bool, from_database: bool = False) -> Step:
    """The step with these hyperparameters; without `resume` runs that were broken off are deleted.

    With it the last one of these hyperparameters goes on with the events that it began with, whatever came since, if
    the knowledge is the same and nobody was forgotten.

    `from_database` reads neighbours from the graph server as batches need them; the run and its result are the same.
    """

    def work(workspace: Workspace) -> Done:
        return _train(workspace, chosen, resume=resume, from_database=from_database)

    return Step("train", lambda ws: _fingerprint(ws, chosen), work)


def knowledge_of(workspace: Workspace, snapshot: Snapshot) -> Knowledge:
    """What the model reads of the graph; text vectors come from the shop's encoder, else from the words alone."""
    entities, items = Coding.of(snapshot.entities["id"]), Coding.of(snapshot.items["id"])
    described = snapshot.entities.sort("id").select(
        pl.concat_str("name", pl.col("definition").fill_null(""), separator=". ")
    )
    texts = [*described.to_series(), *snapshot.items.sort("id")["title"].fill_null("")]
    encoder = build_encoder(workspace.shop, workspace.progress)
    segments = current(workspace.client, ENTITY_SEGMENT).sort("id")["segment"]
    text = principal_vectors(encoder.encode(texts)) if encoder else word_vectors(texts)
    return Knowledge(
        entities,
        items,
        snapshot.complements.select("head", "tail", "probability"),
        snapshot.items.filter(pl.col("entity").is_not_null()).select("entity", item="id"),
        text[: len(entities)],
        text[len(entities) :],
        standings(segments, snapshot.entities.sort("id")["kind"]),
        price_buckets(snapshot.items.sort("id")["price"]),
        snapshot.items.sort("id")["available"].to_numpy(),
        kin_pairs(snapshot.entities, entities),
    )


def _fingerprint(workspace: Workspace, chosen: Hyperparameters) -> str:
    """The run, as far as its files are there: where they were deleted there is something to do."""
    run = _run_id(workspace, chosen, workspace.journal.state())
    return run if learned.facts_of(workspace.shop, run) else f"{run} is not there"


def _run_id(workspace: Workspace, chosen: Hyperparameters, events: JournalState) -> str:
    steps = [stamp_of(workspace, step) for step in ("load", "embed", "judge")]
    return digest(_VERSION, chosen, _timescale(workspace), steps, events)


def _begun(workspace: Workspace, chosen: Hyperparameters) -> JournalState | None:
    """The events of the last run that was broken off and can go on."""
    shop = workspace.shop
    runs = {run: learned.begun_of(shop, run) for run in learned.broken_off(shop)}
    mine = [each for run, each in runs.items() if run == _run_id(workspace, chosen, each)]
    return max(filter(workspace.journal.holds, mine), key=lambda each: each.head, default=None)


def _timescale(workspace: Workspace) -> float:
    return fading(workspace.shop.settings).timescale


def _train(workspace: Workspace, chosen: Hyperparameters, *, resume: bool, from_database: bool) -> Done:
    if not resume:
        for run in learned.broken_off(workspace.shop):
            shutil.rmtree(learned.folder(workspace.shop, run))
    begun = _begun(workspace, chosen) if resume else None
    events = begun or workspace.journal.state()
    run = _run_id(workspace, chosen, events)
    try:
        done = learned.facts_of(workspace.shop, run) or _fitted(workspace, chosen, events, run, from_database)
    except TooFewError as error:
        # What else is trained can do without: edges keep their counted weights.
        shutil.rmtree(learned.folder(workspace.shop, run), ignore_errors=True)
        _keep_or_drop(workspace, events)
        return Done({"released": f"no: {error}"}, run)
    note(workspace, run, "edges", done["settings"], done)
    if _worth(done):
        learned.use(workspace.shop, run)
    else:
        _keep_or_drop(workspace, events)
    told = _told(run, done)
    if resume:
        told["resumed"] = "yes" if begun else "no: no run of these options was broken off"
    return Done(told, run)


def _fitted(
    workspace: Workspace, chosen: Hyperparameters, begun: JournalState, run: str, from_database: bool
) -> dict[str, Any]:
    path = learned.folder(workspace.shop, run)
    before = _before(workspace, run)
    started = int(time.time() * 1000)
    snapshot = read_snapshot(workspace.client)
    if snapshot.items.is_empty():
        raise GraphError("the graph holds no items: run kerec run first")
    known, events = knowledge_of(workspace, snapshot), facts.events(workspace, until=begun.head)
    learned.begin(path, begun)
    dataset = build(known, events, seed=chosen.seed, timescale=_timescale(workspace))
    graph = (
        in_database(known, dataset.samples, workspace.client) if from_database else in_memory(known, dataset.samples)
    )
    with Several([JsonLines(path / "log.jsonl"), TensorBoard(path / "tensorboard")]) as tracker:
        fitted = fit(known, events, dataset, graph, chosen, path / "checkpoint.pt", tracker, workspace.progress)
    weights = blended(fitted.weights, learned.read(workspace.shop, before).weights if before else None)
    told = {**_figures(fitted), "samples": len(dataset.samples), "positives": int(dataset.samples.label.sum())}
    told |= {"edges": weights.height, "settings": asdict(chosen), "before": before}
    told |= {"forgotten": begun.forgotten}
    told |= {"started_at": started, "finished_at": int(time.time() * 1000)}
    # First of all that is written: a plot that fails must not cost a training.
    learned.keep(path, weights, fitted.views, told)
    (path / "checkpoint.pt").unlink(missing_ok=True)
    loss_plot(path / "log.jsonl", path / "loss.png")
    weight_plot(weights["weight"].to_numpy(), known.edges["probability"].to_numpy(), path / "weights.png")
    calibration_plot(fitted.validation.labels, fitted.validation.scores, path / "calibration.png")
    return told


def _keep_or_drop(workspace: Workspace, events: JournalState) -> None:
    """The model in use stays in use, unless it knows somebody who was forgotten, or is damaged or gone."""
    used = learned.used(workspace.shop)
    if used and learned.facts_of(workspace.shop, used).get("forgotten") != events.forgotten:
        learned.forget(workspace.shop)


def _before(workspace: Workspace, run: str) -> str | None:
    """The run whose weights the new ones are blended with; none where somebody whom it learned from is forgotten."""
    used = learned.used(workspace.shop)
    known = learned.facts_of(workspace.shop, used) if used and used != run else {}
    return used if known and known.get("forgotten") == workspace.journal.state().forgotten else None


def _figures(fitted: Fitted) -> dict[str, Any]:
    checked = fitted.validation
    return {
        "epochs": fitted.trained.epochs,
        "best_epoch": fitted.trained.best_epoch,
        "loss": fitted.trained.loss,
        "auc": checked.auc,
        "prior_auc": checked.prior_auc,
        "counters_auc": checked.counters_auc,
    }


def _worth(done: Mapping[str, Any]) -> bool:
    return worth_releasing(done["auc"], done["prior_auc"], done["counters_auc"])


def _told(run: str, done: Mapping[str, Any]) -> Summary:
    told: Summary = {name: done[name] for name in ("samples", "positives", "edges", "epochs", "best_epoch")}
    told |= {name: round(done[name], 4) for name in ("loss", "auc", "prior_auc", "counters_auc")}
    return {
        **told,
        "released": "yes" if _worth(done) else "no: not better than prior and counters",
        "run": run,
    }
