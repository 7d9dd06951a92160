"""How a board is shown."""

import json
from dataclasses import replace

import pytest

from services.cli.board import board_json, print_board, print_markdown
from training.evaluation.bootstrap import Interval
from training.evaluation.table import Comparison, Figures, Line, Table

SPAN = Interval(0.1, 0.3)


def figures(value: float) -> Figures:
    cuts = (5, 10, 20)
    return Figures(
        dict.fromkeys(cuts, value),
        dict.fromkeys(cuts, value / 2),
        dict.fromkeys(cuts, SPAN),
        dict.fromkeys(cuts, SPAN),
        {},
    )


TABLE = Table(
    "next-purchase",
    1234,
    {"complementary slice": 99},
    (
        Line("directed", {"tau": 1.0}, 1, 3.4, figures(0.2), {"complementary slice": figures(0.4)}, 1.0, 0.25, 7.25),
        Line("ours", {}, 5, 60.0, figures(0.3)),
    ),
    (
        Comparison("ours", "directed", "recall@10", 0.1, SPAN, 1.5, SPAN),
        Comparison("ours", "directed", "recall@20", 0.1, SPAN, None, None),
    ),
)


def test_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    print_markdown(TABLE)
    head, rule, first, second = capsys.readouterr().out.splitlines()
    assert (
        head == "| method | R@5 | R@10 [95 %] | R@20 | NDCG@5 | NDCG@10 [95 %] | NDCG@20 | leak | entities | seconds |"
    )
    assert rule.count("|") == head.count("|") == first.count("|") == second.count("|")
    assert first == (
        "| directed | 0.2000 | 0.2000 [0.1000, 0.3000] | 0.2000 | 0.1000 | 0.1000 [0.1000, 0.3000] | 0.1000"
        " | 0.25 | 7.2 | 3 |"
    )
    assert second.endswith("| 0.1500 |  |  | 60 |")


def test_a_table_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    print_board(TABLE, "next purchase, 1,234 users")
    shown = capsys.readouterr().out
    assert "next purchase, 1,234 users" in shown
    assert "complementary slice, 99 cases" in shown
    assert "recall@10" in shown
    assert "recall@20" not in shown
    assert "0.1000 to 0.3000" in shown


def test_without_entities_nothing_is_said_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    plain = replace(TABLE, lines=TABLE.lines[1:])
    print_board(plain, "basket completion, 1,234 baskets")
    print_markdown(plain)
    shown = capsys.readouterr().out
    assert "leak" not in shown
    assert "entities" not in shown
    assert "seconds" in shown


def test_json() -> None:
    board = json.loads(json.dumps(board_json(TABLE, "users"), allow_nan=False))
    assert board["users"] == 1234
    assert board["slices"] == {"complementary slice": 99}
    first = board["lines"][0]
    assert (first["method"], first["recall"]["10"], first["ndcg"]["10"]) == ("directed", 0.2, 0.1)
    assert first["recall_interval"]["10"] == {"low": 0.1, "high": 0.3}
    assert first["slices"]["complementary slice"]["recall"]["5"] == 0.4
    assert board["comparisons"][1]["ratio"] is None
