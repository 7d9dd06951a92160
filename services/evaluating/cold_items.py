"""`kerec evaluate cold-items`: items whose purchases are all hidden, and who bought them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graph.errors import DataError
from graph.reconcile import Progress, silent
from services.catalog.items import read_items
from services.evaluating.content import read_content, title_vectors
from services.evaluating.held_out import shop_events
from services.evaluating.held_out_shop import HeldOutShop
from services.evaluating.knowledge import known_concepts
from services.shop import Shop
from training.cold.content import Content
from training.cold.hiding import Hidden, drawn, folds, hide
from training.cold.likeness import likeness_of
from training.cold.ranker import FOLDS, ColdRanker
from training.cold.rules import rules
from training.evaluation.baselines import BASELINES
from training.evaluation.board import Outcome, run_methods
from training.evaluation.concepts import Concepts
from training.evaluation.fitted import Fitted
from training.evaluation.histories import Histories
from training.evaluation.results import ResultStore
from training.evaluation.table import Table, table
from training.evaluation.task import Task
from training.evaluation.tuning import tune
from training.weights.timelines import timelines

AMONG, OVERALL = 10, 50  # cuts: among the cold items, and among all
OURS = "learned from hidden items (kerec)"
_LEAST = 5
_TUNING_CASES = 1000


@dataclass(frozen=True, slots=True)
class Options:
    """`items`: how many are hidden, drawn by `seed` among those bought 5 times and more. `cases`: at most so many of
    their purchases are asked for among all items. `seeds`: how often ours is trained."""

    items: int = 600
    seed: int = 0
    cases: int = 3000
    seeds: int = 1


@dataclass(frozen=True, slots=True)
class ColdBoard:
    """The same scorers ranking the cold items alone, and all items."""

    among: Table
    overall: Table


def evaluate_cold_items(shop: Shop, options: Options | None = None, progress: Progress = silent) -> ColdBoard:
    """Hides all purchases of some items; a case is one of these purchases, with what the user had bought before.

    Learned from are the visible purchases of all other users, fold by fold of the users, and the user's own before the
    first hidden one. Rules are tuned on another draw of items out of those that stay. A purchase before which the user
    bought nothing that is visible gives no case. Raises DataError where nobody bought one of the items after another.
    """
    options = options or Options()
    catalogue = read_items(shop.settings.items).content
    events = shop_events(shop)
    histories = Histories.of(timelines(events.filter(type="purchase"), steps=False), catalogue["id"].to_list())
    cold = drawn(histories, options.items, _LEAST, options.seed)
    hidden = hide(histories, cold)  # what every case may be answered from: rules are tuned on it
    if not len(hidden.answers):
        raise DataError("no item was bought 5 times and by somebody after another: cold-items needs more purchases")
    available = dict(catalogue.select("id", "available").iter_rows())
    every = np.array([available[item] for item in histories.items], dtype=np.bool_)
    store = ResultStore(shop.evaluations_dir)
    names = {histories.items[code] for code in np.flatnonzero(cold)}
    vectors = title_vectors(shop, catalogue, histories.items, progress)
    with HeldOutShop(shop, events.filter(~pl.col("item").is_in(names)), progress) as held_out:
        content = read_content(held_out, histories.items, store.folder, vectors)
        concepts = known_concepts(held_out, histories.items, store.folder)
    validation = _validation(hidden.train, options, every)
    families = (*rules(content, likeness_of(content)), BASELINES["popularity"])
    methods = [tune(family, validation, store, progress).method for family in families]
    among = _by_folds(_task("cold-items", hidden, cold & every, AMONG), histories, cold, options.seed)
    overall = replace(among, name="cold-items-overall", candidates=every, depth=OVERALL)
    tasks = (among, overall.drawn(options.cases, options.seed))
    boards = (
        run_methods(task, [*methods, _ours(content, task)], range(options.seeds), store, progress) for task in tasks
    )
    return ColdBoard(*(_table(task, outcomes, concepts) for task, outcomes in zip(tasks, boards, strict=True)))


def _ours(content: Content, task: Task) -> Fitted:
    return Fitted(OURS, ColdRanker(content, np.flatnonzero(task.candidates)), ("scikit-learn", "scipy"))


def _validation(histories: Histories, options: Options, every: NDArray[np.bool_]) -> Task:
    """Other items hidden in what may be learned from."""
    cold = drawn(histories, options.items, _LEAST, options.seed)
    return _task("cold-items-validation", hide(histories, cold), cold & every, 0).drawn(_TUNING_CASES, options.seed)


def _task(name: str, hidden: Hidden, candidates: NDArray[np.bool_], depth: int) -> Task:
    # Items were drawn, and all purchases of one with it.
    return Task(name, hidden.train, hidden.contexts, hidden.answers, candidates, depth, hidden.answers)


def _by_folds(task: Task, histories: Histories, cold: NDArray[np.bool_], seed: int) -> Task:
    """The task with all that may be learned from to answer one fold of the users at a time."""
    fold = folds(len(histories.actors), FOLDS, seed)
    trains = tuple(hide(histories, cold, fold == number).train for number in range(FOLDS))
    return replace(task, trains=trains, fold=fold[[histories.rows[actor] for actor in task.contexts.actors]])


def _table(task: Task, outcomes: Sequence[Outcome], concepts: Concepts | None) -> Table:
    compared = [(OURS, outcome.method.name) for outcome in outcomes[:-1]]
    return table(task, outcomes, concepts, {}, compared, (AMONG, OVERALL))
