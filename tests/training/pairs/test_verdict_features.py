from __future__ import annotations

from math import sqrt

import numpy as np

from tests.training.pairs.shelves import COMPLEMENTS, ENTITIES, SUBSTITUTES, all_pairs, small_shelf
from training.pairs.shelf import ENTITY
from training.pairs.verdict_features import UnjudgedEdges, VerdictFeatures


def out(e: str | None) -> set[str]:
    return {tail for head, tail in COMPLEMENTS if head == e}


def into(e: str | None) -> set[str]:
    return {head for head, tail in COMPLEMENTS if tail == e}


def alike(e: str | None) -> set[str | None]:
    return {e} | {t for h, t in SUBSTITUTES if h == e} | {h for h, t in SUBSTITUTES if t == e}


def expected(e: str | None, f: str | None) -> dict[str, float]:
    def through(a: str | None, b: str | None) -> float:
        edges = sum((x, y) in COMPLEMENTS for x in alike(a) for y in alike(b))
        return edges / len(alike(a)) / len(alike(b))

    return {
        "complement": COMPLEMENTS.get((str(e), str(f)), 0.0),
        "complement back": COMPLEMENTS.get((str(f), str(e)), 0.0),
        "substitute": SUBSTITUTES.get((str(e), str(f)), -1) + 1,
        "substitute back": SUBSTITUTES.get((str(f), str(e)), -1) + 1,
        "same complements": len(out(e) & out(f)) / sqrt(max(len(out(e)), 1) * max(len(out(f)), 1)),
        "same sources": len(into(e) & into(f)) / sqrt(max(len(into(e)), 1) * max(len(into(f)), 1)),
        "second hop": len(out(e) & into(f)) / sqrt(max(len(out(e)), 1) * max(len(into(f)), 1)),
        "through substitutes": through(e, f),
        "through substitutes back": through(f, e),
    }


def test_features_of_every_pair_by_hand() -> None:
    shelf = small_shelf()
    src, dst = all_pairs()
    found = VerdictFeatures(shelf).columns(src, dst)
    names = (*ENTITIES, None)

    for row in range(len(src)):
        e, f = (names[shelf.groups[ENTITY][end[row]]] for end in (src, dst))
        for name, value in expected(e, f).items():
            assert np.isclose(found[name][row], value, atol=1e-6), (name, e, f)


def test_hidden_pairs_look_as_if_they_alone_had_not_been_judged() -> None:
    shelf = small_shelf()
    names = (*ENTITIES, None)
    src, dst = all_pairs()
    found = UnjudgedEdges(VerdictFeatures(shelf), np.ones(len(src), bool)).columns(src, dst)
    plain = VerdictFeatures(shelf).columns(src, dst)
    seen = 0
    for row in range(len(src)):
        e, f = (names[shelf.groups[ENTITY][end[row]]] for end in (src, dst))
        for name in ("complement", "complement back", "substitute", "substitute back"):
            assert found[name][row] == 0.0
        for name, (a, b) in {"through substitutes": (e, f), "through substitutes back": (f, e)}.items():
            others = [(x, y) for x in alike(a) for y in alike(b) if (x, y) in COMPLEMENTS and (x, y) != (a, b)]
            assert np.isclose(found[name][row], len(others) / len(alike(a)) / len(alike(b)), atol=1e-6)
            seen += found[name][row] != plain[name][row]
        for name in ("same complements", "same sources", "second hop"):
            assert found[name][row] == plain[name][row]
    assert seen > 3


def test_only_hidden_pairs_are_changed() -> None:
    block = VerdictFeatures(small_shelf())
    src, dst = np.array([4, 4]), np.array([1, 1])  # a stove and its gas
    plain, hidden = block.columns(src, dst), UnjudgedEdges(block, np.array([False, True])).columns(src, dst)
    assert hidden["complement"].tolist() == [plain["complement"][0], 0.0]
    assert all(hidden[name][0] == values[0] for name, values in plain.items())
    assert list(hidden) == list(plain)
