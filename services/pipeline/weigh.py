"""The weigh step: clicks and purchases become weights of edges, co-purchase lists, popularity and shortlists."""

from __future__ import annotations

import polars as pl

from graph.reconcile import current, reconcile
from graph.tables import BOUGHT_BEFORE, COMPLEMENTS, ENTITY_VIEWS, ITEM, ITEM_POPULARITY, OFFERS
from services.feedback.journal import JournalState
from services.feedback.profiles import fading
from services.pipeline import facts, learned
from services.pipeline.archive import is_kept
from services.pipeline.release import apply, make, ranker_of, served
from services.pipeline.step import Done, Step, Summary, digest, stamp_of
from services.pipeline.views import entity_views
from services.workspace import Workspace
from training.weights.copurchase import followers
from training.weights.counted import CountedWeights
from training.weights.learned import WEIGHED, for_edges
from training.weights.popularity import popularity, shortlists, with_shares
from training.weights.rates import PriorRates
from training.weights.timelines import Events

_VERSION = 5


def _fingerprint(workspace: Workspace) -> str:
    return _stamped(workspace, workspace.journal.state())


def _stamped(workspace: Workspace, events: JournalState) -> str:
    steps = [stamp_of(workspace, step) for step in ("load", "judge")]
    kept = is_kept(workspace.shop, served(workspace))
    models = (ranker_of(workspace.shop), _weigher(workspace).version, learned.used(workspace.shop))
    return digest(_VERSION, *models, steps, events, kept)


def _work(workspace: Workspace) -> Done:
    client, progress = workspace.client, workspace.progress
    events = workspace.journal.state()
    weigher = _weigher(workspace)
    shoppers = facts.events(workspace)
    bought = shoppers.bought
    main = facts.main_entities(workspace)
    popular = popularity(current(client, ITEM), bought)
    counted = _weights(workspace, weigher, shoppers, main)
    model, weights, views = weigher.version, for_edges(WEIGHED.to_frame(), counted), ENTITY_VIEWS.schema.to_frame()
    if run := learned.used(workspace.shop):
        trained = learned.read(workspace.shop, run)
        weights = for_edges(trained.weights, counted)
        model, views = trained.version, entity_views(workspace, trained.views, trained.version)
    release = make(workspace, model, weights, views, {"edges": weights.height})
    change = reconcile(client, ITEM_POPULARITY, with_shares(main, popular), progress)
    change += reconcile(client, OFFERS, shortlists(main, popular), progress)
    change += reconcile(client, BOUGHT_BEFORE, followers(bought), progress)
    change += apply(workspace, release)
    client.run("load/shop/release", release=release.id)
    summary: Summary = {
        "edges": weights.height,
        "purchases": bought.height,
        "release": release.id,
        "rows written": change.written,
        "rows deleted": change.deleted,
    }
    return Done(summary, _stamped(workspace, events))


WEIGH = Step("weigh", _fingerprint, _work)


def _weigher(workspace: Workspace) -> CountedWeights:
    settings = workspace.shop.settings
    return CountedWeights(PriorRates(settings.weights.shrinkage), timescale=fading(settings).timescale)


def _weights(workspace: Workspace, weigher: CountedWeights, events: Events, main: pl.DataFrame) -> pl.DataFrame:
    """Columns head, tail, weight of every complementary edge."""
    edges = current(workspace.client, COMPLEMENTS).sort("head", "tail")
    weights = weigher.weigh(edges, events, main)
    return edges.select("head", "tail", weight=pl.Series(weights, dtype=pl.Float64))
