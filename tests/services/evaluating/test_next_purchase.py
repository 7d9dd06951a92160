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

from graph.errors import DataError, UsageError
from graph.ordering import natural
from services.catalog.items import read_items
from services.demo.shop import write_shop
from services.evaluating.held_out import shop_events
from services.evaluating.next_purchase import (
    METHODS,
    SLICE,
    Evaluation,
    Options,
    evaluate_next_purchase,
    next_purchase_task,
)
from services.settings import GraphSettings
from services.shop import Shop
from tests.live.shops import SmallShop
from training.evaluation.split import next_purchase_split

CHOSEN = Options(methods=("popularity", "item-knn-recency", "directed", "fused", "complementary"))
LAST_USER = "u00100"
AWAY = GraphSettings(uri="bolt://127.0.0.1:1")  # nobody listens: whoever turns to the shop's graph fails


@dataclass(frozen=True)
class Evaluated:
    """An evaluation, the shop, and the folder where the evaluation made its own."""

    found: Evaluation
    shop: Shop
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
        yield Evaluated(evaluate_next_purchase(away, CHOSEN), away, scratch)


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
    found = next(each for each in demo.found.table.lines if each.method == line).figures
    ranks = slow_ranks(demo.shop.folder, method)
    assert demo.found.table.cases == len(ranks)
    for cut in (5, 10, 20):
        assert found.recall[cut] == pytest.approx(sum(rank < cut for rank in ranks) / len(ranks))
        assert found.ndcg[cut] == pytest.approx(sum(1 / log2(rank + 2) for rank in ranks if rank < cut) / len(ranks))


def test_the_board_names_each_method(demo: Evaluated) -> None:
    lines = demo.found.table.lines
    names = ["popularity", "item-kNN, recency", "directed co-purchase", "fused (kerec)", "complementary alone"]
    assert [line.method for line in lines] == names
    for line in lines:
        figures = line.figures
        assert 0 <= figures.recall[5] <= figures.recall[10] <= figures.recall[20] <= 1
        assert all(figures.ndcg[cut] <= figures.recall[cut] for cut in (5, 10, 20))
        assert line.seeds == 1
    pairs = {(each.method, each.against) for each in demo.found.table.comparisons}
    assert {("popularity", names[2]), ("fused (kerec)", names[1]), ("complementary alone", "popularity")} <= pairs
    assert ("fused (kerec)", "complementary alone") not in pairs


def test_parameters_are_those_that_were_best_on_the_purchase_before(demo: Evaluated) -> None:
    trials = demo.found.tuning["item-kNN, recency"]
    best = max(trials, key=lambda trial: trial["ndcg@10"])
    assert len({trial["tau"] for trial in trials}) == len(trials) > 1
    assert demo.found.table.lines[1].parameters == {"tau": best["tau"]}
    assert demo.found.tuning["popularity"] == ()


def test_nothing_of_a_kind_that_was_bought_is_in_the_complementary_lists(demo: Evaluated) -> None:
    line = demo.found.table.lines[-1]
    assert line.leak == 0.0
    assert 0 < line.served < 1
    assert 4 <= line.diversity <= 20
    assert demo.found.table.lines[0].leak > 0


def test_the_complementary_slice(demo: Evaluated) -> None:
    cases = demo.found.table.slices[SLICE]
    assert 0 < cases < demo.found.table.cases
    figures = {line.method: line.slices[SLICE].recall[20] for line in demo.found.table.lines}
    assert figures["complementary alone"] > demo.found.table.lines[-1].figures.recall[20]


def test_results_are_kept_and_nothing_else_is_left(demo: Evaluated) -> None:
    assert [path.name for path in (demo.shop.folder / ".kerec").iterdir()] == ["evaluations"]
    assert list(demo.scratch.iterdir()) == []


def test_a_second_run_computes_nothing(demo: Evaluated, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "mkdtemp", None)  # no graph is made
    assert evaluate_next_purchase(demo.shop, CHOSEN) == demo.found


def test_an_earlier_purchase_of_some_users(tmp_path: Path) -> None:
    seen: list[str] = []
    shop = SmallShop(tmp_path, "order").open()
    options = Options(users=3, seed=1, back=1, methods=("directed", "fused"))
    found = evaluate_next_purchase(shop, options, lambda what, _done, _all: seen.append(what))
    # u1, u2, u4, u5 and u6 have three purchases, so that one stands before the last but one.
    assert found.table.cases == 3
    assert {"next-purchase: methods", "directed co-purchase", "fused (kerec)"} <= set(seen)


def test_an_item_that_is_not_available_is_not_listed(tmp_path: Path) -> None:
    config = SmallShop(tmp_path, "order").write()
    lines = (tmp_path / "items.csv").read_text().splitlines()
    rows = [f"{line},{not line.startswith('tea1')}".lower() for line in lines[1:]]
    (tmp_path / "items.csv").write_text("\n".join(["id,title,available", *rows]))
    config.write_text(config.read_text().replace('title = "title" }', 'title = "title", available = "available" }'))
    opened = Shop.open(config, environ={})
    events, items = shop_events(opened), read_items(opened.settings.items).content
    task = next_purchase_task("any", next_purchase_split(events), items)
    assert [item for item, listed in zip(task.train.items, task.candidates, strict=True) if not listed] == ["tea1"]
    assert "tea1" in {task.train.items[code] for code in task.answers}


def test_an_unknown_method(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no method 'direct': did you mean 'directed'"):
        evaluate_next_purchase(SmallShop(tmp_path).open(), Options(methods=("direct",)))
    with pytest.raises(UsageError) as raised:
        evaluate_next_purchase(SmallShop(tmp_path).open(), Options(methods=("foo",)))
    assert all(f"'{name}'" in str(raised.value) for name in METHODS)


def test_baskets_without_users_cannot_be_evaluated(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"^no user has two purchases: .*events with users$"):
        evaluate_next_purchase(SmallShop(tmp_path, "baskets").open())


def test_users_with_one_purchase_cannot_be_evaluated(tmp_path: Path) -> None:
    shop = SmallShop(tmp_path, bought={"u1": ("tent1",), "u2": ("mat1",)}).open()
    with pytest.raises(DataError, match="no user has two purchases"):
        evaluate_next_purchase(shop)
    assert not (tmp_path / ".kerec").exists()
