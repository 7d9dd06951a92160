"""Evidence beside slow loops over the same purchases."""

from __future__ import annotations

from collections import Counter, defaultdict
from math import log, sqrt

import numpy as np
import polars as pl
import pytest

from tests.training.ranker.shops import items, timelines
from training.ranker.catalogue import Catalogue
from training.ranker.evidence import COLUMNS, EVIDENCE, Titles, gather
from training.ranker.pull import Pull


class Slow:
    """Counts of pairs by loops."""

    def __init__(self, bought: pl.DataFrame) -> None:
        lives: dict[str, list[str]] = defaultdict(list)
        for actor, item, _ in bought.iter_rows():
            lives[actor].append(item)
        self.after: Counter[tuple[str, str]] = Counter()
        for life in lives.values():
            for place, item in enumerate(life):
                for distance in range(1, 6):
                    if place + distance < len(life) and life[place + distance] != item:
                        self.after[item, life[place + distance]] += 1 / distance  # type: ignore[assignment]
        self.buyers: dict[str, set[str]] = defaultdict(set)
        for actor, life in lives.items():
            for item in life:
                self.buyers[item].add(actor)

    def followed(self, a: str, b: str) -> float:
        return self.after[a, b] / (sum(part for (x, _), part in self.after.items() if x == a) + 3)

    def preceded(self, a: str, b: str) -> float:
        return self.after[b, a] / (sum(part for (_, y), part in self.after.items() if y == a) + 3)

    def cosine(self, a: str, b: str) -> float:
        common = len(self.buyers[a] & self.buyers[b])
        return common / sqrt(max(len(self.buyers[a]), 1) * max(len(self.buyers[b]), 1))

    def flow(self, group: dict[str, str | None], a: str, b: str) -> float:
        g, h = group[a], group[b]
        if g is None or h is None:
            return 0.0
        out = sum(p for (x, y), p in self.after.items() if group[x] == g and group[y] is not None)
        return sum(p for (x, y), p in self.after.items() if group[x] == g and group[y] == h) / (out + 3)

    def lift(self, group: dict[str, str | None], a: str, b: str) -> float:
        known = sorted({g for g in group.values() if g is not None})
        into = {
            h: sum(p for (x, y), p in self.after.items() if group[y] == h and group[x] is not None) + 5 for h in known
        }
        h = group[b]
        return 0.0 if h is None else self.flow(group, a, b) / (into[h] / sum(into.values()))


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    catalogue = Catalogue.of(items())
    return gather(timelines(), catalogue, Titles.of(catalogue), keep=None).frame(catalogue)


def test_every_column_agrees_with_slow_loops(frame: pl.DataFrame) -> None:
    slow = Slow(timelines())
    things = {row["id"]: row for row in items().iter_rows(named=True)}
    entity = {item: row["entity"] for item, row in things.items()}
    brand = {item: row["brand"] for item, row in things.items()}
    shelf = {item: row["category"].split(" > ")[-1] for item, row in things.items()}
    for row in frame.sample(150, seed=1).iter_rows(named=True):
        a, b = row["item"], row["next"]
        wanted = {
            "followed": slow.followed(a, b),
            "preceded": slow.preceded(a, b),
            "cosine": slow.cosine(a, b),
            "kind": log(1 + slow.lift(entity, a, b)),
            "brand": slow.flow(brand, a, b),
            "shelf": slow.flow(shelf, a, b),
        }
        assert {name: row[name] for name in wanted} == pytest.approx(wanted, abs=1e-6)


def test_every_pair_of_purchases_is_there_and_no_item_leads_to_itself(frame: pl.DataFrame) -> None:
    pairs = set(frame.select("item", "next").iter_rows())
    assert set(Slow(timelines()).after) <= pairs
    assert all(item != following for item, following in pairs)
    assert frame.schema == EVIDENCE
    assert not frame.select("item", "next").is_duplicated().any()


def test_ranks_follow_the_pull_and_the_best_are_kept(frame: pl.DataFrame) -> None:
    catalogue = Catalogue.of(items())
    some = gather(timelines(), catalogue, Titles.of(catalogue), keep=4).frame(catalogue)
    assert some.equals(frame.filter(pl.col("rank") <= 4))
    for _, rows in frame.group_by("item"):
        assert rows["rank"].to_list() == list(range(1, rows.height + 1))
        assert rows["pull"].to_list() == sorted(rows["pull"], reverse=True)


def test_equal_purchases_give_equal_bits_in_any_order_of_actors(frame: pl.DataFrame) -> None:
    catalogue = Catalogue.of(items())
    parts = timelines().partition_by("actor", maintain_order=True)
    shuffled = pl.concat([parts[place] for place in np.random.default_rng(3).permutation(len(parts))])
    assert gather(shuffled, catalogue, Titles.of(catalogue), keep=None).frame(catalogue).equals(frame)


def test_without_purchases_titles_still_lead_on() -> None:
    catalogue = Catalogue.of(items())
    found = gather(timelines().clear(), catalogue, Titles.of(catalogue)).frame(catalogue)
    assert found.height > 0
    assert (found["title"] > 0).all()
    assert found.select(pl.col(*[name for name in COLUMNS if name != "title"]).abs().max()).row(0) == (0,) * 6


def test_appeal_is_that_of_the_popularity_lists() -> None:
    from training.weights.popularity import popularity

    catalogue = Catalogue.of(items())
    found = gather(timelines(), catalogue, Titles.of(catalogue)).appeal
    wanted = dict(popularity(items(), timelines()).select("id", "appeal").iter_rows())
    assert found == pytest.approx([wanted[item] for item in catalogue.ids], abs=1e-6)


def test_pull_is_a_logistic_regression() -> None:
    pull = Pull((1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0), -9.0)
    counted = np.array([[0.25, 0.04, 0.1, 0.2, 0.3, 0.4, 0.5]], dtype=np.float32)
    logit = 0.5 + 2 * 0.2 + 3 * 0.1 + 4 * 0.2 + 5 * 0.3 + 6 * 0.4 + 7 * 0.5 + 8 * log(4) - 9
    assert pull.of(counted, np.array([3.0], dtype=np.float32)) == pytest.approx(1 / (1 + np.exp(-logit)))
