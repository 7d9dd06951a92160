"""The README's table, and where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.measure.readme import YARDSTICK, board_table, with_part


def line(method: str, recall: float, ndcg: float) -> dict[str, Any]:
    metrics = {"recall": recall, "ndcg": ndcg}
    intervals = {f"{name}_interval": {"10": {"low": value / 2, "high": value * 2}} for name, value in metrics.items()}
    return {"method": method, "leak": ndcg * 2, **{name: {"10": value} for name, value in metrics.items()}, **intervals}


def test_methods_stand_by_the_first_shop_with_ratios_to_the_yardstick_of_each() -> None:
    boards = {
        "beauty": {"lines": [line(YARDSTICK, 0.1, 0.05), line("ours", 0.15, 0.06), line("popularity", 0.01, 0.005)]},
        "toys": {"lines": [line("popularity", 0.02, 0.01), line("ours", 0.1, 0.2), line(YARDSTICK, 0.2, 0.1)]},
    }
    head, _, *rows = board_table(boards).splitlines()
    assert head == "|  | Beauty R@10 | Beauty NDCG@10 | Beauty leak | Toys R@10 | Toys NDCG@10 | Toys leak |"
    assert [row.split(" | ")[0] for row in rows] == ["| ours", f"| {YARDSTICK}", "| popularity"]
    assert rows[0].split(" | ")[1:] == [
        "0.1500 [0.0750, 0.3000] 1.50 ×",
        "0.0600 [0.0300, 0.1200] 1.20 ×",
        "0.12",
        "0.1000 [0.0500, 0.2000] 0.50 ×",
        "0.2000 [0.1000, 0.4000] 2.00 ×",
        "0.40 |",
    ]


def test_a_shop_without_concepts_has_no_leak() -> None:
    board = {"groceries": {"lines": [{**line(YARDSTICK, 0.1, 0.05), "leak": None}]}}
    assert board_table(board).splitlines()[-1].endswith("1.00 × |  |")


def test_a_part_is_replaced_and_the_rest_stays() -> None:
    text = "before\n<!-- a -->\nold\nlines\n<!-- end of a -->\nafter\n"
    once = with_part(text, "a", "new \\1")
    assert once == "before\n<!-- a -->\nnew \\1\n<!-- end of a -->\nafter\n"
    assert with_part(once, "a", "new \\1") == once
    with pytest.raises(ValueError, match="no part 'b'"):
        with_part(text, "b", "")


def test_the_readme_has_the_part() -> None:
    assert with_part(Path("README.md").read_text(), "next-purchase", "")
