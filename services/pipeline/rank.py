"""The rank step: the ranker, learned from the graph's knowledge and the journal's purchases, with its evidence.

The weigh step, done after it, releases the ranker that was learned last.
"""

from __future__ import annotations

from functools import partial

from graph.reconcile import current, reconcile
from graph.snapshot import read_snapshot
from graph.tables import COMPLEMENTS_WEIGHT, ENTITY, LEADS_TO
from services.feedback.interest import interests
from services.feedback.journal import JournalState
from services.feedback.profiles import fading
from services.pipeline import facts, learned
from services.pipeline.release import ranker_of
from services.pipeline.step import Done, Outcome, Step, Summary, digest, frame_digest, run_step, stamp_of
from services.pipeline.weigh import WEIGH
from services.workspace import Workspace
from training.ranker.files import save
from training.ranker.training import DEFAULTS, Learned, Material, Options, learn_ranker
from training.weights.popularity import popularity, shortlists

_VERSION = 1


def rank_step(options: Options = DEFAULTS) -> Step:
    """The step with these options."""
    return Step("rank", lambda ws: _stamped(ws, options, ws.journal.state()), lambda ws: _work(ws, options))


def train_ranker(workspace: Workspace, options: Options = DEFAULTS) -> tuple[Outcome, Outcome]:
    """Learns the ranker and releases it; needs a graph that `kerec run` has made."""
    return run_step(rank_step(options), workspace), run_step(WEIGH, workspace)


def read_material(workspace: Workspace) -> Material:
    """What a ranker is learned from, as graph and journal hold it now."""
    settings = workspace.shop.settings
    snapshot = read_snapshot(workspace.client)
    bought = facts.purchases(workspace)
    popular = popularity(snapshot.items, bought)
    kinds = current(workspace.client, ENTITY).select("durable", "kind", entity="id")
    return Material(
        items=snapshot.items,
        timelines=bought,
        dated=settings.clock == "time",
        edges=current(workspace.client, COMPLEMENTS_WEIGHT).select("head", "tail", "weight").drop_nulls(),
        kinds=kinds,
        shortlists=shortlists(facts.main_entities(workspace), popular),
        popular=popular,
        interests=partial(interests, settings=fading(settings)),
        per_entity=settings.recall.per_entity,
    )


def _stamped(workspace: Workspace, options: Options, events: JournalState) -> str:
    steps = [stamp_of(workspace, step) for step in ("load", "judge")]
    settings = workspace.shop.settings
    return digest(_VERSION, options, learned.used(workspace.shop), settings.interests, settings.recall, steps, events)


def _work(workspace: Workspace, options: Options) -> Done:
    events = workspace.journal.state()
    material = read_material(workspace)
    found = learn_ranker(material, options, workspace.progress)
    stamped = _stamped(workspace, options, events)
    if found is None:
        return Done({"purchases": material.timelines.height, "ranker": ranker_of(workspace.shop)}, stamped)
    change = reconcile(workspace.client, LEADS_TO, found.evidence, workspace.progress)
    made_from = {"purchases": frame_digest(material.timelines), "options": digest(options)}
    version = save(found, workspace.shop.rankers_dir, made_from)
    summary: Summary = {
        "ranker": version,
        **_told(found),
        "rows written": change.written,
        "rows deleted": change.deleted,
    }
    return Done(summary, stamped)


def _told(found: Learned) -> Summary:
    return {name: round(value, 4) if value % 1 else int(value) for name, value in found.facts.items()}
