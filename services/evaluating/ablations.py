"""`kerec evaluate ablations`: what each part of the method is worth to the complementary channel and to the lists."""

from __future__ import annotations

from graph.errors import DataError, UsageError
from graph.reconcile import Progress, silent
from services.catalog.items import read_items
from services.evaluating.held_out import shop_events
from services.evaluating.held_out_shop import HeldOutShop
from services.evaluating.knowledge import read_concepts
from services.evaluating.next_purchase import SLICE, Options, next_purchase_task
from services.evaluating.variants import GROUPS, VARIANTS
from services.shop import Shop
from training.evaluation.board import run_methods
from training.evaluation.results import ResultStore
from training.evaluation.split import next_purchase_split
from training.evaluation.table import Table, table


def evaluate_ablations(shop: Shop, options: Options, progress: Progress = silent) -> Table:
    """The complementary channel's lists, and those that are served, with each part taken out, on next purchases and on
    the complementary slice.

    That slice is next purchases whose main entity is new for the user and joined to one of the user's by a judged
    edge. Raises UsageError for an unknown variant, DataError for a shop whose events name no users.
    """
    unknown = set(options.methods) - VARIANTS.keys()
    if unknown:
        raise UsageError(f"there is no variant {min(unknown)!r}; there are {', '.join(VARIANTS)}")
    split = next_purchase_split(shop_events(shop), options.back)
    if split.cases.is_empty():
        raise DataError("no user has two purchases: ablations need events with users")
    store = ResultStore(shop.evaluations_dir)
    items = read_items(shop.settings.items).content
    task = next_purchase_task("ablations", split, items).drawn(options.users or split.cases.height, options.seed)
    with HeldOutShop(shop, split.train, progress) as held_out:
        concepts = read_concepts(held_out, task.train.items, store.folder)
        methods = [VARIANTS[key].method(held_out) for key in options.methods]
        outcomes = run_methods(task, methods, range(options.seeds), store, progress)
    slices = {SLICE: concepts.complementary(task.contexts, task.answers)}
    compared = [
        (VARIANTS[whole].name, VARIANTS[key].name)
        for whole, group in GROUPS.items()
        for key in options.methods
        if key in group and key != whole and whole in options.methods
    ]
    return table(task, outcomes, concepts, slices, compared)
