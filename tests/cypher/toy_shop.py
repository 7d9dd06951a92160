"""A shop small enough to know every answer: three shelters, a mat, a mallet that nobody sells and a lonely lantern."""

from __future__ import annotations

import math
from typing import Any

from graph.client import GraphClient
from graph.vectors import vector_column
from graph.vocabulary import TEXT_DIMENSIONS, VIEW_DIMENSIONS

_JUDGED = {"judge": "recorded", "prompt": "p1", "votes": 1, "judged_at": 1_700_000_000_000}
_SEGMENTS = {"tent": "head", "mat": "middle", "hammock": "tail", "bivy": "tail", "mallet": "tail", "lantern": "tail"}
_ITEMS = {"i1": "tent", "i2": "mat", "i3": "hammock", "i4": "lantern", "i5": "tent", "i6": "bivy"}
_SHARES = {"i1": 0.25, "i5": 0.75}  # of tents; every other entity has one item
_PULLS = {("mat", "tent"): {"items": ["i1", "i5"], "pulls": [2.5, 0.5]}}  # a mat leads to the tent that few buy
_COMPLEMENTS = (  # head, tail, prior, weight, rank, strength, reason
    ("tent", "mat", 0.75, 0.9, 1, 2, "off the cold ground"),
    ("tent", "mallet", 0.95, 0.6, 2, 3, "drives the pegs"),
    ("hammock", "mat", 0.75, 0.75, 1, 1, "cold from below"),
    ("mat", "tent", 0.85, 0.85, 1, 2, "a roof over it"),
)


# Learned views and name vectors as angles in degrees: the cosine of two is that of their difference.
_VIEWS = {"tent": (0, 62), "hammock": (10, 60), "bivy": (30, 80), "mat": (60, 5), "mallet": (70, 100)}
_NAMES = {"tent": 0, "mat": 80, "hammock": 60, "bivy": 40, "mallet": 85, "lantern": 20}

_RUN = {"model": "edges", "samples": 10, "positives": 2, "edges": 4, "loss": 0.5, "prior_auc": 0.5, "settings": "{}"}


def angled(degrees: float, dimensions: int) -> list[float]:
    """A unit vector at an angle to the first axis, towards the second, exact in 32 bits."""
    turned = math.radians(degrees)
    return [*vector_column([[math.cos(turned), math.sin(turned)]])[0], *[0.0] * (dimensions - 2)]


def write_toy_shop(client: GraphClient) -> None:
    """Fills an empty graph."""
    for view, rows in _rows().items():
        client.run(f"load/{view}/write", rows=rows)
    client.run("load/shop/start", id="test")
    client.run("load/shop/release", release="r2")


def _rows() -> dict[str, list[dict[str, Any]]]:
    popularity = {name: 6.0 - place for place, name in enumerate(_SEGMENTS)}
    return {
        "entity": [{"id": name, "name": name.capitalize(), "durable": True} for name in _SEGMENTS],
        "entity_segment": [
            {"id": name, "segment": segment, "popularity": popularity[name]} for name, segment in _SEGMENTS.items()
        ],
        "entity_views": [
            {
                "id": name,
                "substitutable": angled(first, VIEW_DIMENSIONS),
                "complementary": angled(second, VIEW_DIMENSIONS),
                "views": "m1",
            }
            for name, (first, second) in _VIEWS.items()
        ],
        "entity_text": [{"id": name, "text": angled(angle, TEXT_DIMENSIONS)} for name, angle in _NAMES.items()],
        "item": [{"id": item, "title": f"Great {name}", "available": True} for item, name in _ITEMS.items()],
        "item_popularity": [
            {"id": item, "popularity": int(item[1]), "popularity_rank": 1, "share": _SHARES.get(item, 1.0)}
            for item in _ITEMS
        ],
        "is_a": [
            {"item": item, "entity": name, "confidence": 0.5 if item == "i4" else 0.9, "main": True, "source": "title"}
            for item, name in _ITEMS.items()
        ],
        "offers": [{"entity": name, "item": item, "rank": 2 if item == "i5" else 1} for item, name in _ITEMS.items()],
        "user": [{"id": user} for user in ("u1", "u2", "u3", "u4")],
        "bought": [
            {"user": "u1", "item": "i1", "at": 1, "count": 1, "position": 1},
            {"user": "u1", "item": "i4", "at": 2, "count": 1, "position": 2},
            {"user": "u1", "item": "i5", "at": 3, "count": 2, "position": 3},
            {"user": "u2", "item": "i3", "at": 3, "count": 1, "position": 1},
        ],
        "interested_in": [
            {"user": "u1", "entity": "tent", "weight": 0.8, "last_at": 3},
            {"user": "u2", "entity": "tent", "weight": 0.2, "last_at": 3},
            {"user": "u3", "entity": "tent", "weight": 0.3, "last_at": 3},
            {"user": "u1", "entity": "lantern", "weight": 0.5, "last_at": 2},
        ],
        "bought_before": [
            {"item": "i1", "next": "i2", "weight": 0.25, "rank": 1},
            {"item": "i4", "next": "i2", "weight": 0.5, "rank": 1},
        ],
        "complements": [
            {"head": head, "tail": tail, "probability": prior, "strength": strength, "reason": reason, **_JUDGED}
            for head, tail, prior, _, _, strength, reason in _COMPLEMENTS
        ],
        "complements_weight": [
            {
                "head": head,
                "tail": tail,
                "weight": weight,
                "rank": rank,
                "release": "r2",
                **_PULLS.get((head, tail), {}),
            }
            for head, tail, _, weight, rank, _, _ in _COMPLEMENTS
        ],
        "substitutes": [
            {"head": "tent", "tail": "hammock", "strength": 2, "reason": "either is a shelter", **_JUDGED},
            {"head": "bivy", "tail": "hammock", "strength": 1, "reason": "both sleep one", **_JUDGED},
        ],
        "rejected": [
            {"head": "mallet", "tail": "tent", "label": "unrelated", "reason": "the wrong way round", **_JUDGED}
        ],
        "training_run": [
            {
                **_RUN,
                "id": "earlier",
                "epochs": 3,
                "auc": 0.6,
                "started_at": 1_600_000_000_000,
                "finished_at": 1_600_000_060_000,
            },
            {
                **_RUN,
                "id": "later",
                "epochs": 7,
                "auc": 0.7,
                "started_at": 1_700_000_000_000,
                "finished_at": 1_700_000_002_500,
            },
            {
                "id": "lightgbm-1",
                "model": "ranker",
                "samples": 30,
                "epochs": 5,
                "ndcg": 0.4,
                "evidence_ndcg": 0.3,
                "calibration_error": 0.01,
                "settings": "{}",
                "started_at": 1_650_000_000_000,
                "finished_at": 1_650_000_001_000,
            },
        ],
        "release": [
            {"id": "r1", "weights": "shrinkage-5", "metrics": "{}", "created_at": 1_600_000_000_000},
            {"id": "r2", "weights": "shrinkage-10", "views": "m1", "metrics": "{}", "created_at": 1_700_000_000_000},
        ],
    }
