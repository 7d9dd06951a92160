"""Boards of baskets and of cold items say what their lists are made of, where the shop has concepts."""

from __future__ import annotations

from pathlib import Path

from services.evaluating.basket_completion import Options, evaluate_basket_completion
from services.evaluating.cold_items import Options as Cold
from services.evaluating.cold_items import evaluate_cold_items
from services.shop import Shop
from tests.live.ranked import NEEDS, shop
from tests.services.item_pairs.related import write_related_shop

CHOSEN = Options(methods=("popularity", "directed"))


def test_lists_beside_baskets(tmp_path: Path) -> None:
    made = shop(tmp_path)
    made.variant = "baskets"
    found = evaluate_basket_completion(made.open(), CHOSEN)
    for line in found.lines:
        assert line.leak is not None
        assert line.diversity is not None
        assert 0 < line.leak < 1
        assert 1 <= line.diversity <= NEEDS


def test_nothing_is_said_where_no_item_has_a_concept(tmp_path: Path) -> None:
    made = shop(tmp_path)
    made.variant = "baskets"
    made.items = {item: (None, f"Thing {item}") for item in made.items}
    found = evaluate_basket_completion(made.open(), CHOSEN)
    assert {(line.leak, line.diversity) for line in found.lines} == {(None, None)}


def test_lists_of_cold_items(tmp_path: Path) -> None:
    board = evaluate_cold_items(Shop.open(write_related_shop(tmp_path), environ={}), Cold(items=12, cases=40))
    for table in (board.among, board.overall):
        leaks = [line.leak for line in table.lines]
        assert all(leak is not None and 0 <= leak <= 1 for leak in leaks)
        assert all(line.diversity is not None and line.diversity >= 1 for line in table.lines)
