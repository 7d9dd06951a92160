"""The analyst statements and pictures give the answers of a shop that is known by heart, on both servers."""

from __future__ import annotations

import math

import pytest

from graph.client import GraphClient, Row
from graph.migrations import migrate
from graph.statements import load, names
from tests.cypher.toy_shop import write_toy_shop

STATEMENTS = [*names("analyst"), *names("browser")]


@pytest.fixture
def shop(client: GraphClient) -> GraphClient:
    migrate(client)
    write_toy_shop(client)
    return client


def test_every_statement_answers_on_the_toy_shop(shop: GraphClient) -> None:
    """Each in one graph: filling it is what takes time."""
    _complements(shop)
    _disagreements(shop)
    _items_by_edge(shop)
    _why(shop)
    _gaps(shop)
    _segments(shop)
    _substitutes(shop)
    _releases(shop)
    _training_runs(shop)
    _interests(shop)
    _verdicts(shop)
    _doubtful_links(shop)
    _same_complements(shop)
    _similar_names(shop)
    _neighbourhood(shop)
    _recommendation(shop)


def test_each_statement_has_a_check_above() -> None:
    assert {f"_{name.split('/')[1]}" for name in STATEMENTS} <= set(globals())


@pytest.mark.parametrize("name", STATEMENTS)
def test_numbers_may_be_floats_as_browser_makes_them(client: GraphClient, name: str) -> None:
    migrate(client)
    examples = load(name).examples
    assert isinstance(client.rows(name, **{k: float(v) if type(v) is int else v for k, v in examples.items()}), list)


def _complements(shop: GraphClient) -> None:
    rows = shop.rows("analyst/complements", entity="tent", limit=20)
    assert _of(rows, "entity", "rank", "weight", "prior") == [("mat", 1, 0.9, 0.75), ("mallet", 2, 0.6, 0.95)]
    assert rows[0]["reason"] == "off the cold ground"
    assert len(shop.rows("analyst/complements", entity="tent", limit=1)) == 1


def _disagreements(shop: GraphClient) -> None:
    rows = shop.rows("analyst/disagreements", limit=20)
    # Edges with the prior 0.75 weigh 0.825 in the mean; of either other prior there is one.
    usual = (0.9 + 0.75) / 2
    assert _of(rows, "entity", "complement") == [
        ("hammock", "mat"),
        ("tent", "mat"),
        ("mat", "tent"),
        ("tent", "mallet"),
    ]
    assert [row["lift"] for row in rows] == pytest.approx([0.75 / usual, 0.9 / usual, 1.0, 1.0])
    assert _of(rows, "weight", "prior")[0] == (0.75, 0.75)
    assert len(shop.rows("analyst/disagreements", limit=1)) == 1


def _items_by_edge(shop: GraphClient) -> None:
    rows = shop.rows("analyst/items_by_edge", entity="mat", limit=20)
    assert _of(rows, "complement", "item", "rank", "share", "pull") == [
        ("tent", "i1", 1, 0.25, 2.5),
        ("tent", "i5", 2, 0.75, 0.5),
    ]
    assert [row["chance"] for row in rows] == pytest.approx([0.85 * 0.625, 0.85 * 0.375])
    # Where no model was learned, and of what nobody sells.
    assert _of(shop.rows("analyst/items_by_edge", entity="tent", limit=20), "item", "pull", "chance") == [
        ("i2", 1.0, 0.9)
    ]


def _why(shop: GraphClient) -> None:
    rows = shop.rows("analyst/why", user="u1", item="i2")
    assert _of(rows, "bought", "source", "weight", "interest", "copurchase") == [
        ("i1", "tent", 0.9, 0.8, 0.25),
        ("i5", "tent", 0.9, 0.8, None),
        ("i4", "lantern", None, 0.5, 0.5),
    ]
    assert {row["target"] for row in rows} == {"mat"}


def _gaps(shop: GraphClient) -> None:
    rows = shop.rows("analyst/gaps", limit=20)
    assert _of(rows, "entity", "items", "complements", "complement_of") == [
        ("hammock", 1, 1, 0),
        ("bivy", 1, 0, 0),
        ("mallet", 0, 0, 1),
        ("lantern", 1, 0, 0),
    ]


def _segments(shop: GraphClient) -> None:
    rows = shop.rows("analyst/segments", limit=1)
    assert _of(rows, "segment", "complement", "edges", "total") == [
        ("head", "mat", 1, 0.9),
        ("middle", "tent", 1, 0.85),
        ("tail", "mat", 1, 0.75),
    ]


def _substitutes(shop: GraphClient) -> None:
    rows = shop.rows("analyst/substitutes", entity="tent")
    assert _of(rows, "entity", "steps", "via", "items") == [
        ("hammock", 1, ["tent", "hammock"], 1),
        ("bivy", 2, ["tent", "hammock", "bivy"], 1),
    ]
    assert rows[1]["reasons"] == ["either is a shelter", "both sleep one"]


def _releases(shop: GraphClient) -> None:
    rows = shop.rows("analyst/releases", limit=20)
    assert _of(rows, "release", "served", "edges", "weights", "views") == [
        ("r2", True, 4, "shrinkage-10", "m1"),
        ("r1", False, 0, "shrinkage-5", None),
    ]
    assert rows[0]["created_at"].startswith("2023-11-14T22:13:20")


def _training_runs(shop: GraphClient) -> None:
    rows = shop.rows("analyst/training_runs", limit=20)
    assert _of(rows, "run", "model", "seconds", "epochs", "auc", "ndcg", "evidence_ndcg", "calibration_error") == [
        ("later", "edges", 2.5, 7, 0.7, None, None, None),
        ("lightgbm-1", "ranker", 1.0, 5, None, 0.4, 0.3, 0.01),
        ("earlier", "edges", 60.0, 3, 0.6, None, None, None),
    ]
    assert len(shop.rows("analyst/training_runs", limit=1)) == 1


def _interests(shop: GraphClient) -> None:
    tent, lantern = shop.rows("analyst/interests", limit=20)
    assert (tent["entity"], tent["users"], tent["share"]) == ("tent", 3, 0.75)
    assert (tent["mean"], tent["median"], tent["strongest"]) == pytest.approx((1.3 / 3, 0.3, 0.8))
    assert (lantern["entity"], lantern["users"], lantern["share"]) == ("lantern", 1, 0.25)


def _verdicts(shop: GraphClient) -> None:
    rows = shop.rows("analyst/verdicts")
    assert _of(rows, "label", "pairs", "mean_strength") == [
        ("complement", 4, 2.0),
        ("substitute", 2, 1.5),
        ("unrelated", 1, None),
    ]
    assert rows[0]["mean_weight"] == pytest.approx((0.9 + 0.6 + 0.75 + 0.85) / 4)


def _doubtful_links(shop: GraphClient) -> None:
    rows = shop.rows("analyst/doubtful_links", limit=2)
    assert _of(rows, "item", "confidence") == [("i4", 0.5), ("i6", 0.9)]


def _same_complements(shop: GraphClient) -> None:
    rows = shop.rows("analyst/same_complements", entity="tent", limit=3)
    assert _of(rows, "entity", "substitutes", "shared") == [
        ("hammock", True, ["Mat"]),
        ("bivy", False, []),
        ("mallet", False, []),
    ]
    assert [row["similarity"] for row in rows] == pytest.approx([cosine(2), cosine(18), cosine(38)], abs=1e-5)
    assert shop.rows("analyst/same_complements", entity="lantern", limit=3) == []


def _similar_names(shop: GraphClient) -> None:
    rows = shop.rows("analyst/similar_names", entity="tent", limit=3)
    assert _of(rows, "entity", "judged") == [("lantern", []), ("bivy", []), ("hammock", ["SUBSTITUTES"])]
    assert [row["similarity"] for row in rows] == pytest.approx([cosine(20), cosine(40), cosine(60)], abs=1e-5)


def cosine(degrees: float) -> float:
    return math.cos(math.radians(degrees))


def _neighbourhood(shop: GraphClient) -> None:
    rows = shop.rows("browser/neighbourhood", entity="tent", complements=1, items=1)
    ends = [row["pairs"][-1]["id"] for row in rows]
    assert sorted(ends) == ["hammock", "mat"]
    assert {row["offers"][-1]["id"] for row in rows} == {"i2", "i3"}


def _recommendation(shop: GraphClient) -> None:
    (row,) = shop.rows("browser/recommendation", user="u1", item="i2")
    assert sorted(path[2]["id"] for path in row["over_entities"]) == ["i1", "i5"]
    assert sorted(path[2]["id"] for path in row["over_copurchase"]) == ["i1", "i4"]


def _of(rows: list[Row], *columns: str) -> list[tuple[object, ...]]:
    return [tuple(row[column] for column in columns) for row in rows]
