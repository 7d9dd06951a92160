"""`kerec evaluate basket-completion`: a line of a basket hidden, all items ranked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import polars as pl

from graph.errors import DataError
from graph.reconcile import Progress, silent
from services.catalog.items import read_items
from services.evaluating.content import read_content
from services.evaluating.held_out import shop_events
from services.evaluating.held_out_shop import HeldOutShop
from services.evaluating.knowledge import known_concepts
from services.shop import Shop
from training.baskets.hiding import Incomplete, hide_line
from training.baskets.ranker import BasketRanker
from training.evaluation.baselines import BASELINES
from training.evaluation.baselines.ease import Ease
from training.evaluation.baselines.item2vec import Item2Vec
from training.evaluation.board import run_methods
from training.evaluation.fitted import Fitted, Fitter
from training.evaluation.histories import Histories
from training.evaluation.results import ResultStore
from training.evaluation.table import Table, table
from training.evaluation.task import Task
from training.evaluation.tuning import Family, tune
from training.weights.timelines import TIMELINE

OURS, ANYBODY = "boosted ranker (kerec)", "boosted ranker, customer unknown"
_NEEDS = ("lightgbm", "scipy", "numpy")
METHODS = (
    "popularity", "item-knn", "item-knn-recency", "directed", "ease", "ease-recency", "als", "item2vec-in-in",
    "item2vec-in-out",
)  # fmt: skip
_NAME = "basket-completion"
_SHARE = 0.2  # of the baskets, the last ones where they have a time, that are asked about
_TUNING_CASES = 2000
_EPOCHS = 20


@dataclass(frozen=True, slots=True)
class Options:
    """`baskets`: at most so many are asked about, drawn by `seed`. `methods`: baselines by their keys. `most`: items
    with weights in EASE, whose memory goes with their square. `seeds`: how many, for methods of chance."""

    baskets: int = 5000
    seed: int = 0
    methods: tuple[str, ...] = METHODS
    most: int = 8000
    seeds: int = 1


@dataclass(frozen=True, slots=True)
class Baskets:
    """`histories`: one actor a basket, the oldest first where they have a time, else in a drawn order; `names`: their
    ids in the shop. `customers`: whose a basket is, by actor, where the shop knows."""

    histories: Histories
    customers: dict[str, str]
    names: tuple[str, ...]


def evaluate_basket_completion(shop: Shop, options: Options | None = None, progress: Progress = silent) -> Table:
    """Asks about the last fifth of the baskets (by time; without time a random fifth), and learns from the others.

    Of lines with an order the last is hidden, else a random one. Baselines are tuned on the last fifth of the baskets
    to learn from. Raises DataError for a shop whose events name no baskets.
    """
    options = options or Options()
    asked = ask_baskets(shop, options.seed)
    train, every = asked.task.train, asked.task.candidates
    store = ResultStore(shop.evaluations_dir)
    with HeldOutShop(shop, asked.known, progress) as held_out:
        content = read_content(held_out, train.items, store.folder, np.zeros((len(train.items), 1), np.float32))
        concepts = known_concepts(held_out, train.items, store.folder)
    inner, checks = split(train, options.seed)
    validation = Task("basket-validation", inner, checks.contexts, checks.answers, every, 0)
    validation = validation.drawn(_TUNING_CASES, options.seed)
    tuned = {key: tune(_limited(key, options.most), validation, store, progress).method for key in options.methods}
    penalty = tuned["ease"].model.penalty if "ease" in tuned and isinstance(tuned["ease"].model, Ease) else 200.0
    ranker = BasketRanker(content, MappingProxyType(asked.customers), penalty, options.most)
    methods = [*tuned.values(), Fitted(OURS, ranker, _NEEDS)]
    if asked.customers:
        # The baselines do not know whose a basket is.
        methods.insert(-1, Fitted(ANYBODY, replace(ranker, customers={}), _NEEDS))
    task = asked.task.drawn(options.baskets, options.seed)
    outcomes = run_methods(task, methods, range(options.seeds), store, progress)
    return table(task, outcomes, concepts, {}, [(OURS, method.name) for method in methods[:-1]])


@dataclass(frozen=True, slots=True)
class AskedBaskets:
    """`task`: the last baskets with a line hidden. `known`: the events of all others. `customers` as in `Baskets`."""

    task: Task
    known: pl.DataFrame
    customers: dict[str, str]


def ask_baskets(shop: Shop, seed: int) -> AskedBaskets:
    """The task; raises DataError for a shop whose events name no baskets."""
    catalogue = read_items(shop.settings.items).content
    events = shop_events(shop)
    baskets = read_baskets(events, catalogue["id"].to_list(), seed)
    train, cases = split(baskets.histories, seed)
    if not len(cases.answers):
        raise DataError("no basket has two lines or more: there is no line to hide")
    available = dict(catalogue.select("id", "available").iter_rows())
    every = np.array([available[item] for item in train.items], dtype=np.bool_)
    known = events.filter(pl.col("basket").is_in(set(baskets.names[: len(train.actors)])))
    return AskedBaskets(Task(_NAME, train, cases.contexts, cases.answers, every), known, baskets.customers)


def read_baskets(events: pl.DataFrame, items: list[str], seed: int) -> Baskets:
    """The baskets of the shop's purchases, each item once; times order baskets, `order` orders their lines.

    Customers are named where times tell which of their baskets came first.
    """
    lines = events.filter(pl.col("basket").is_not_null() & (pl.col("type") == "purchase"))
    lines = lines.unique(["basket", "item"], keep="first", maintain_order=True)
    heads = lines.group_by("basket", maintain_order=True).agg(pl.col("at").min(), pl.col("user").first())
    if heads["at"].null_count():
        heads = heads.sort("basket").sample(fraction=1.0, shuffle=True, seed=seed)
    heads = heads.sort("at", maintain_order=True).with_row_index("place")
    numbered = heads.with_columns(actor=pl.format("b:{}", pl.col("place").cast(pl.String).str.zfill(10)))
    rows = lines.join(numbered.select("basket", "actor"), on="basket", maintain_order="left").select(
        "actor", "item", when="order"
    )
    ordered = rows.sort("actor", "when", maintain_order=True).cast(TIMELINE)
    named = numbered.filter(pl.col("user").is_not_null() & pl.col("at").is_not_null())
    return Baskets(
        Histories.of(ordered, items), dict(named.select("actor", "user").iter_rows()), tuple(numbered["basket"])
    )


def split(baskets: Histories, seed: int) -> tuple[Histories, Incomplete]:
    """The first baskets to learn from, and the last ones with a line hidden."""
    cut = int(len(baskets.actors) * (1 - _SHARE))
    last = np.arange(cut, len(baskets.actors))
    return baskets.take(np.arange(cut)), hide_line(baskets, last, np.random.default_rng(seed))


def _limited(key: str, most: int) -> Family:
    """The family, with EASE over so many items, and item2vec with as many passes as so many lines allow in minutes."""
    family = BASELINES[key]
    return replace(family, grid=tuple(_smaller(each, most) for each in family.grid))


def _smaller(model: Fitter, most: int) -> Fitter:
    match model:
        case Ease():
            return replace(model, most=most)
        case Item2Vec():
            return replace(model, epochs=_EPOCHS)
    return model
