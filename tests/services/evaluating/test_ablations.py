"""Ablations leave the graph as they found it, and their table names each part that was taken out."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from graph.client import GraphClient
from graph.errors import DataError, UsageError
from services.evaluating.ablations import evaluate_ablations
from services.evaluating.next_purchase import NEXT_PURCHASE, SLICE, Options
from services.evaluating.ours import OURS
from services.evaluating.variants import VARIANTS, Variant
from tests.live.runs import differences, edges, export, opened, ran
from tests.live.shops import SmallShop

QUICK = ("prior", "counters", "copurchase-counters")


def test_a_variant_is_in_place_for_its_lists_alone(client: GraphClient, tmp_path: Path) -> None:
    workspace = opened(client, SmallShop(tmp_path, "order"))
    ran(workspace)
    before = export(client)
    variant = Variant(
        "rivals",
        lambda ws, _: pl.DataFrame(
            [("tent", "tea", 0.4), ("kettle", "mat", 0.6)], schema=["head", "tail", "weight"], orient="row"
        ),
        lambda ws, _: pl.DataFrame({"head": ["tent", "kettle"], "tail": ["tea", "mat"]}),
    )
    lists = iter(variant.ours().lists(workspace, ["u3", "u8", ("gas1", "tent1")], 5, 0))
    assert set(next(iter(lists))) == {"tea1", "tea2"}  # u3 owns a tent and gas
    during = edges(export(client), "COMPLEMENTS")
    assert {pair: row["weight"] for pair, row in during.items()} == {("tent", "tea"): 0.4, ("kettle", "mat"): 0.6}
    assert [set(each) for each in lists] == [set(), {"tea1", "tea2"}]
    assert differences(export(client), before) == []


def test_the_table_names_what_was_taken_out(tmp_path: Path) -> None:
    shop = SmallShop(tmp_path, "order").open()
    found = evaluate_ablations(shop, Options(methods=QUICK, seeds=1))
    assert [line.method for line in found.lines] == [VARIANTS[key].name for key in QUICK]
    assert found.slices[SLICE] > 0
    # What the boards share is computed once.
    assert len(list((shop.evaluations_dir / NEXT_PURCHASE).glob("*.npz"))) == len(QUICK)
    assert VARIANTS["ranked"] is OURS["ranked"]
    with pytest.raises(UsageError, match="there is no variant 'none'; there are learned, "):
        evaluate_ablations(shop, Options(methods=("none",)))


def test_a_shop_without_users_is_asked_about_baskets(tmp_path: Path) -> None:
    small = SmallShop(tmp_path, "baskets")
    small.bought |= {f"more{n}": ("tent1", "mat1", "gas1") for n in range(20)}
    shop = small.open()
    found = evaluate_ablations(shop, Options(methods=("prior", "copurchase-counters"), seeds=1))
    assert found.cases > 3
    assert max(line.figures.recall[10] for line in found.lines) > 0
    with pytest.raises(UsageError, match="--back needs events with users"):
        evaluate_ablations(shop, Options(back=1, methods=QUICK))


def test_a_shop_in_which_nothing_follows_anything_is_told_so(tmp_path: Path) -> None:
    small = SmallShop(tmp_path, "order")
    small.bought = {"u1": ("tent1",), "u2": ("mat1",)}
    with pytest.raises(DataError, match="no user has two purchases"):
        evaluate_ablations(small.open(), Options(methods=QUICK))


def test_a_shop_without_purchases_is_told_so(tmp_path: Path) -> None:
    small = SmallShop(tmp_path)
    small.bought = {}
    with pytest.raises(DataError, match="ablations need purchases: the events files have none"):
        evaluate_ablations(small.open(), Options(methods=QUICK))
