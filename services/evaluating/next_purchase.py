"""`kerec evaluate next-purchase`: the lists of the real recommender beside baselines over all items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl

from graph.errors import DataError
from graph.reconcile import Progress, silent
from services.evaluating.held_out import held_out_workspace, shop_events
from services.pipeline import facts
from services.ranking.batch import WORKERS, recommend_all
from services.ranking.building import build_fusion, build_recommender
from services.recall import channels
from services.shop import Shop
from services.workspace import Workspace
from training.evaluation.baselines import Histories, directed_copurchase, popularity, ranks
from training.evaluation.ranking_metrics import CUTS, Line, rank_in, score
from training.evaluation.split import next_purchase_split

_LENGTH = max(CUTS)


@dataclass(frozen=True, slots=True)
class Board:
    """Figures of each method over `users` cases, and what the complementary channel's lists are made of."""

    users: int
    lines: tuple[Line, ...]
    complementary: dict[str, float]


def evaluate_next_purchase(
    shop: Shop, *, users: int | None = None, seed: int = 0, back: int = 0, progress: Progress = silent
) -> Board:
    """Holds out each user's last purchase (with `back`, an earlier one) and ranks all items, bought ones excluded.

    Raises DataError for a shop whose events name no users.
    """
    split = next_purchase_split(shop_events(shop), back)
    cases = _drawn(split.cases, users, seed)
    if cases.is_empty():
        raise DataError("no user has two purchases: next-purchase needs events with users")
    with held_out_workspace(shop, split.train, progress) as workspace:
        baselines = _baselines(workspace, split.train, cases)
        fused = _fused(workspace, cases, progress)
        lists = _complementary(workspace, cases["user"].to_list(), progress)
        alone = [rank_in(listed, item) for listed, item in zip(lists, cases["item"], strict=True)]
        made_of = _made_of(workspace, lists, cases["user"].to_list())
    lines = (*baselines, score("fused (kerec)", fused), score("complementary alone", np.array(alone)))
    return Board(cases.height, lines, made_of)


def _drawn(cases: pl.DataFrame, users: int | None, seed: int) -> pl.DataFrame:
    if users is None or users >= cases.height:
        return cases
    return cases.sort("user").sample(users, seed=seed).sort("user")


def _baselines(workspace: Workspace, train: pl.DataFrame, cases: pl.DataFrame) -> tuple[Line, Line]:
    items = [row[0] for row in workspace.client.read(lambda tx: tx.tuples("load/item/read"))]
    bought = train.filter((pl.col("type") == "purchase") & pl.col("user").is_not_null())
    histories = Histories(bought, items)
    return (
        score("popularity", ranks(popularity(histories), histories, cases)),
        score("directed co-purchase", ranks(directed_copurchase(histories), histories, cases)),
    )


def _fused(workspace: Workspace, cases: pl.DataFrame, progress: Progress) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    given = recommend_all(build_recommender(workspace), cases["user"].to_list(), _LENGTH, progress)
    places = [
        rank_in([item.item_id for item in each.items], answer)
        for each, answer in zip(given, cases["item"], strict=True)
    ]
    return np.array(places, dtype=np.int64)


def _complementary(workspace: Workspace, users: Sequence[str], progress: Progress) -> list[list[str]]:
    fusion = build_fusion(workspace)

    def ask(user: str) -> list[str]:
        targets = workspace.client.read(
            lambda tx: channels.complementary(tx, channels.history(tx, user), (), fusion.per_entity)
        )
        return [row.item for row in fusion.complements(targets, _LENGTH)]

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(_watched(pool.map(ask, users), len(users), progress))


def _watched(lists: Iterator[list[str]], total: int, progress: Progress) -> Iterator[list[str]]:
    for done, listed in enumerate(lists, 1):
        progress("complementary", done, total)
        yield listed


def _made_of(workspace: Workspace, lists: Sequence[Sequence[str]], users: Sequence[str]) -> dict[str, float]:
    """Users served, items whose main entity the user has bought (must be 0), and distinct entities in a list."""
    entity = dict(facts.main_entities(workspace).select("item", "entity").iter_rows())
    bought: dict[str, set[str]] = {}
    for user, item in workspace.journal.frame().filter(pl.col("type") == "purchase").select("user", "item").iter_rows():
        if item in entity:
            bought.setdefault(user, set()).add(entity[item])
    served = [(user, listed) for user, listed in zip(users, lists, strict=True) if listed]
    shown = sum(len(listed) for _, listed in served)
    repeated = sum(entity[item] in bought.get(user, ()) for user, listed in served for item in listed)
    distinct = [len({entity[item] for item in listed}) for _, listed in served]
    return {
        "users the complementary channel serves": len(served) / max(len(users), 1),
        "of its items, main entity bought already": repeated / max(shown, 1),
        "distinct entities in its top 20, mean": float(np.mean(distinct)) if distinct else 0.0,
    }
