"""The evaluation of a small part of the demo shop, beside slow loops over its files."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, log2
from pathlib import Path

import pytest

from graph.errors import DataError
from graph.ordering import natural
from services.demo.shop import write_shop
from services.evaluating.next_purchase import Board, evaluate_next_purchase
from services.settings import GraphSettings
from services.shop import Shop
from tests.live.shops import SmallShop

LAST_USER = "u00100"
AWAY = GraphSettings(uri="bolt://127.0.0.1:1")  # nobody listens: whoever turns to the shop's graph fails


@dataclass(frozen=True)
class Evaluated:
    """A board, the shop's folder, and the folder where the evaluation made its own."""

    board: Board
    shop: Path
    scratch: Path


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evaluated]:
    """The demo shop with its first hundred shoppers, evaluated."""
    folder, scratch = tmp_path_factory.mktemp("demo"), tmp_path_factory.mktemp("scratch")
    config = write_shop(folder)
    header, *rows = csv.reader((folder / "events.csv").read_text().splitlines())
    user = header.index("user_id")
    with (folder / "events.csv").open("w", newline="") as file:
        csv.writer(file).writerows([header, *(row for row in rows if row[user] <= LAST_USER)])
    shop = Shop.open(config, environ={})
    away = Shop(shop.settings.model_copy(update={"graph": AWAY}), shop.folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(scratch))
        yield Evaluated(evaluate_next_purchase(away), folder, scratch)


def lives(folder: Path) -> dict[str, list[str]]:
    """Each user's purchases in the order of their times."""
    bought: dict[str, list[str]] = defaultdict(list)
    for row in sorted(table(folder, "events"), key=lambda row: row["time"]):  # all in one format and zone
        if row["type"] == "purchase":
            bought[row["user_id"]].append(row["item_id"])
    return bought


def table(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / f"{name}.csv").read_text().splitlines()))


def slow_ranks(folder: Path, method: str) -> list[int]:
    """Where each user's last purchase stands among all items that the user had not bought."""
    items = [row["id"] for row in table(folder, "items")]
    bought = lives(folder)
    seen = {user: life[:-1] if len(life) > 1 else life for user, life in bought.items()}
    counts = Counter(item for life in seen.values() for item in life)
    after: dict[tuple[str, str], float] = defaultdict(float)
    sums: dict[str, float] = defaultdict(float)
    for life in seen.values():
        for at, item in enumerate(life):
            for distance, later in enumerate(life[at + 1 : at + 6], 1):
                after[item, later] += 1 / distance
                sums[item] += 1 / distance
    ranks = []
    for user, life in bought.items():
        if len(life) > 1:
            ages = list(enumerate(reversed(seen[user])))
            directed = {i: sum(exp(-age) * after[own, i] / (sums[own] + 3) for age, own in ages) for i in items}
            scores = directed if method == "directed" else counts
            new = [item for item in items if item not in seen[user]]
            order = sorted(new, key=lambda item: (-round(scores[item], 12), natural(item)))
            ranks.append(order.index(life[-1]) if life[-1] in order else len(items))
    return ranks


@pytest.mark.parametrize(("line", "method"), [("directed co-purchase", "directed"), ("popularity", "popularity")])
def test_baselines_agree_with_slow_loops(demo: Evaluated, line: str, method: str) -> None:
    found = next(each for each in demo.board.lines if each.method == line)
    ranks = slow_ranks(demo.shop, method)
    assert demo.board.users == len(ranks)
    for cut in (5, 10, 20):
        assert found.recall[cut] == pytest.approx(sum(rank < cut for rank in ranks) / len(ranks))
        assert found.ndcg[cut] == pytest.approx(sum(1 / log2(rank + 2) for rank in ranks if rank < cut) / len(ranks))


def test_the_board_names_each_method(demo: Evaluated) -> None:
    methods = [line.method for line in demo.board.lines]
    assert methods == ["popularity", "directed co-purchase", "fused (kerec)", "complementary alone"]
    for line in demo.board.lines:
        assert 0 <= line.recall[5] <= line.recall[10] <= line.recall[20] <= 1
        assert all(line.ndcg[cut] <= line.recall[cut] for cut in (5, 10, 20))


def test_nothing_of_a_kind_that_was_bought_is_in_the_complementary_lists(demo: Evaluated) -> None:
    made_of = demo.board.complementary
    assert made_of["of its items, main entity bought already"] == 0.0
    assert 0 < made_of["users the complementary channel serves"] <= 1
    assert 4 <= made_of["distinct entities in its top 20, mean"] <= 20


def test_the_shops_own_state_is_not_touched_and_nothing_is_left(demo: Evaluated) -> None:
    assert not (demo.shop / ".kerec").exists()
    assert list(demo.scratch.iterdir()) == []


def test_an_earlier_purchase_of_some_users(tmp_path: Path) -> None:
    seen: list[str] = []
    shop = SmallShop(tmp_path, "order").open()
    board = evaluate_next_purchase(shop, users=3, seed=1, back=1, progress=lambda what, _done, _all: seen.append(what))
    # u1, u2, u4, u5 and u6 have three purchases, so that one stands before the last but one.
    assert board.users == 3
    assert {"recommend", "complementary"} <= set(seen)
    assert board.complementary["of its items, main entity bought already"] == 0.0


def test_baskets_without_users_cannot_be_evaluated(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"^no user has two purchases: .*events with users$"):
        evaluate_next_purchase(SmallShop(tmp_path, "baskets").open())


def test_users_with_one_purchase_cannot_be_evaluated(tmp_path: Path) -> None:
    shop = SmallShop(tmp_path, bought={"u1": ("tent1",), "u2": ("mat1",)}).open()
    with pytest.raises(DataError, match="no user has two purchases"):
        evaluate_next_purchase(shop)
    assert not (tmp_path / ".kerec").exists()
