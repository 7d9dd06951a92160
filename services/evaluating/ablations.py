"""`kerec evaluate ablations`: what each part of the method is worth to the complementary channel and to the lists."""

from __future__ import annotations

import polars as pl

from graph.errors import DataError, UsageError
from graph.reconcile import Progress, silent
from services.catalog.items import read_items
from services.evaluating.basket_completion import ask_baskets
from services.evaluating.held_out import shop_events
from services.evaluating.held_out_shop import HeldOutShop
from services.evaluating.knowledge import read_concepts
from services.evaluating.next_purchase import NEXT_PURCHASE, SLICE, Options, next_purchase_task
from services.evaluating.variants import GROUPS, VARIANTS
from services.shop import Shop
from training.evaluation.board import run_methods
from training.evaluation.results import ResultStore
from training.evaluation.split import next_purchase_split
from training.evaluation.table import Table, table
from training.evaluation.task import Task


def evaluate_ablations(shop: Shop, options: Options, progress: Progress = silent) -> Table:
    """The complementary channel's lists, and those that are served, with each part taken out, on next purchases and on
    the complementary slice; in a shop whose events name no users, on hidden lines of baskets.

    That slice is next purchases whose main entity is new for the user and joined to one of the user's by a judged
    edge. Raises UsageError for an unknown variant, and for an earlier purchase where there are baskets alone, DataError
    for a shop whose events name neither users nor baskets.
    """
    unknown = set(options.methods) - VARIANTS.keys()
    if unknown:
        raise UsageError(f"there is no variant {min(unknown)!r}; there are {', '.join(VARIANTS)}")
    whole, known = _task(shop, options)
    task = whole.drawn(options.users or len(whole.answers), options.seed)
    store = ResultStore(shop.evaluations_dir)
    with HeldOutShop(shop, known, progress) as held_out:
        concepts = read_concepts(held_out, task.train.items, store.folder)
        methods = [VARIANTS[key].method(held_out) for key in options.methods]
        outcomes = run_methods(task, methods, range(options.seeds), store, progress)
    slices = {SLICE: concepts.complementary(task.contexts, task.answers)}
    compared = [
        (VARIANTS[line].name, VARIANTS[key].name)
        for line, group in GROUPS.items()
        for key in options.methods
        if key in group and key != line and line in options.methods
    ]
    return table(task, outcomes, concepts, slices, compared)


def _task(shop: Shop, options: Options) -> tuple[Task, pl.DataFrame]:
    """What is asked, the same as the other boards ask, and the events that may be known."""
    events = shop_events(shop)
    if events.filter(type="purchase").is_empty():
        raise DataError("ablations need purchases: the events files have none")
    if events["user"].null_count() == events.height:
        if options.back:
            raise UsageError("--back needs events with users: leave it out")
        asked = ask_baskets(shop, options.seed)
        return asked.task, asked.known
    split = next_purchase_split(events, options.back)
    if split.cases.is_empty():
        raise DataError("no user has two purchases: ablations need them")
    return next_purchase_task(NEXT_PURCHASE, split, read_items(shop.settings.items).content), split.train
