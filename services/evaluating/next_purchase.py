"""`kerec evaluate next-purchase`: the lists of the real recommender beside baselines over all items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import polars as pl

from graph.errors import DataError, UsageError
from graph.reconcile import Progress, silent
from services.catalog.items import read_items
from services.evaluating.held_out import shop_events
from services.evaluating.held_out_shop import HeldOutShop
from services.evaluating.knowledge import read_concepts
from services.evaluating.ours import OURS
from services.settings.suggestion import suggestion
from services.shop import Shop
from training.evaluation.baselines import BASELINES
from training.evaluation.board import run_methods
from training.evaluation.histories import Histories
from training.evaluation.method import Method
from training.evaluation.results import ResultStore
from training.evaluation.split import Split, next_purchase_split
from training.evaluation.table import Table, table
from training.evaluation.task import Task
from training.evaluation.tuning import Tuned, tune
from training.weights.timelines import timelines

METHODS = (*BASELINES, *OURS)
NEXT_PURCHASE = "next-purchase"
SLICE = "complementary slice"
_TUNING_CASES = 5000
_YARDSTICK = "directed"


@dataclass(frozen=True, slots=True)
class Options:
    """`users`: at most so many cases, drawn by `seed`. `back`: hold out a purchase so many before the last.

    `methods` by their keys; `seeds`: how many, for methods whose answers depend on chance.
    """

    users: int | None = None
    seed: int = 0
    back: int = 0
    methods: tuple[str, ...] = METHODS
    seeds: int = 5


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The table, and by method what was tried in tuning: the parameters with their NDCG@10 on the validation split."""

    table: Table
    tuning: dict[str, tuple[dict[str, object], ...]] = field(default_factory=dict)


def evaluate_next_purchase(shop: Shop, options: Options | None = None, progress: Progress = silent) -> Evaluation:
    """Holds out each user's last purchase and ranks all available items, bought ones excluded.

    Baselines are tuned on the purchase before. Results are kept in the shop's `.kerec/evaluations`.
    Raises UsageError for an unknown method, DataError for a shop whose events name no users.
    """
    options = options or Options()
    check_methods(options.methods)
    events = shop_events(shop)
    split = next_purchase_split(events, options.back)
    if split.cases.is_empty():
        raise DataError("no user has two purchases: next-purchase needs events with users")
    store = ResultStore(shop.evaluations_dir)
    items = read_items(shop.settings.items).content
    task = next_purchase_task(NEXT_PURCHASE, split, items).drawn(options.users or split.cases.height, options.seed)
    validation = next_purchase_task("validation", next_purchase_split(events, options.back + 1), items, depth=0)
    tuned = _tuned(options.methods, validation.drawn(_TUNING_CASES, options.seed), store, progress)
    with HeldOutShop(shop, split.train, progress) as held_out:
        methods: list[Method] = [
            tuned[key].method if key in tuned else OURS[key].method(held_out) for key in options.methods
        ]
        outcomes = run_methods(task, methods, range(options.seeds), store, progress)
        concepts = read_concepts(held_out, task.train.items, store.folder)
    slices = {SLICE: concepts.complementary(task.contexts, task.answers)}
    found = table(task, outcomes, concepts, slices, tuple(_compared(options.methods)))
    return Evaluation(found, {each.method.name: tuple(map(dict, each.trials)) for each in tuned.values()})


def check_methods(keys: Sequence[str]) -> None:
    """Raises UsageError for a key that names no method."""
    for key in keys:
        if key not in METHODS:
            raise UsageError(f"there is no method {key!r}: {suggestion(key, METHODS, len(METHODS))}")


def next_purchase_task(name: str, split: Split, items: pl.DataFrame, depth: int = 20) -> Task:
    """The split as a task over `items` (id, available): the context of a case is its user's training history."""
    train = Histories.of(timelines(split.train.filter(type="purchase"), steps=False), items["id"].to_list())
    cases = split.cases.sort("user")
    available = dict(items.select("id", "available").iter_rows())
    return Task(
        name,
        train,
        train.take(np.array([train.rows[f"u:{user}"] for user in cases["user"]], dtype=np.int64)),
        np.array([train.codes[item] for item in cases["item"]], dtype=np.int64),
        np.array([available[item] for item in train.items], dtype=np.bool_),
        depth,
    )


def _tuned(
    keys: Sequence[str], validation: Task, store: ResultStore, progress: Progress
) -> MappingProxyType[str, Tuned]:
    families = {key: BASELINES[key] for key in keys if key in BASELINES}
    return MappingProxyType({key: tune(family, validation, store, progress) for key, family in families.items()})


def _compared(keys: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Everything with the yardstick, and our lines with every baseline."""
    names = {key: family.name for key, family in BASELINES.items()} | {key: ours.name for key, ours in OURS.items()}
    for key in keys:
        against = BASELINES if key in OURS else (_YARDSTICK,)
        yield from ((names[key], names[other]) for other in against if other != key and other in keys)
