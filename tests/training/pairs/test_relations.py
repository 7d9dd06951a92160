from __future__ import annotations

from math import log, sqrt

import numpy as np
import polars as pl

from tests.training.pairs.shelves import all_pairs, small_relations, small_shelf
from training.pairs.features import matrix, names
from training.pairs.relation_features import NeighbourFeatures, NeighbourTitles, RelationRatios, relation_blocks
from training.pairs.relations import BOTH, COMPLEMENT, SUBSTITUTE, Relations, folds, pair_keys, relations
from training.pairs.shelf import BRAND

LABELS = {"bought": COMPLEMENT, "viewed": SUBSTITUTE, "bought and viewed": BOTH}


def neighbours(known: Relations, item: int, *labels: int) -> set[int]:
    rows = [row for row in range(len(known.src)) if known.label[row] in labels]
    after = {int(known.dst[row]) for row in rows if known.src[row] == item}
    return after | {int(known.src[row]) for row in rows if known.dst[row] == item}


def listed(known: Relations, item: int, *labels: int) -> set[int]:
    rows = zip(known.src.tolist(), known.dst.tolist(), known.label.tolist(), strict=True)
    return {dst for src, dst, label in rows if src == item and label in labels}


def test_labels_of_ranks() -> None:
    frame = pl.DataFrame(
        [
            ("a", "b", 0, None, None),
            ("a", "c", None, 3, None),
            ("b", "c", None, 0, 0),
            ("c", "a", None, None, 1),
            ("c", "b", None, None, None),
            ("a", "a", 0, None, None),
            ("a", "gone", 0, None, None),
        ],
        schema=["src", "dst", "also_bought", "also_viewed", "bought_together"],
        orient="row",
    )
    found = relations(frame, {"a": 0, "b": 1, "c": 2})
    rows = list(zip(found.src.tolist(), found.dst.tolist(), found.label.tolist(), strict=True))
    assert rows == [(0, 1, COMPLEMENT), (0, 2, SUBSTITUTE), (1, 2, BOTH), (2, 0, COMPLEMENT)]


def test_both_directions_of_a_pair_are_in_one_fold() -> None:
    src, dst = all_pairs()
    found = folds(pair_keys(src, dst, 40), 5, seed=3)
    assert found.tolist() == folds(pair_keys(dst, src, 40), 5, seed=3).tolist()
    shares = np.bincount(folds(np.arange(50_000), 5), minlength=5) / 50_000
    assert np.abs(shares - 0.2).max() < 0.02
    assert (folds(np.arange(50_000), 5, seed=1) == folds(np.arange(50_000), 5, seed=2)).mean() < 0.25


def test_common_neighbours_by_hand() -> None:
    known = small_relations()
    src, dst = all_pairs()
    found = NeighbourFeatures(known).columns(src, dst)
    degree = [len(neighbours(known, item, *LABELS.values())) for item in range(40)]

    for row in range(0, len(src), 41):
        a, b = int(src[row]), int(dst[row])
        total = 0.0
        for one, first in LABELS.items():
            for other, second in LABELS.items():
                common = neighbours(known, a, first) & neighbours(known, b, second)
                expected = sum(1 / log(2 + degree[c]) for c in common)
                assert np.isclose(found[f"{one}, then {other}"][row], expected, atol=1e-5)
                total += expected
        assert np.isclose(found["common"][row], total, atol=1e-4)
        assert np.isclose(found["common cosine"][row], total / sqrt((degree[a] + 1) * (degree[b] + 1)), atol=1e-5)
        shared = listed(known, a, COMPLEMENT, BOTH) & listed(known, b, COMPLEMENT, BOTH)
        both_ways = [
            len(listed(known, c, COMPLEMENT, BOTH)) + sum(c in listed(known, x, COMPLEMENT, BOTH) for x in range(40))
            for c in range(40)
        ]
        expected = sum(1 / log(2 + both_ways[c]) for c in shared)
        assert np.isclose(found["bought: in both lists"][row], expected, atol=1e-5)
        assert found["bought list of the source"][row] == len(listed(known, a, COMPLEMENT, BOTH))
        assert found["viewed, degree"][row] == len(neighbours(known, b, SUBSTITUTE))


def test_titles_of_neighbours() -> None:
    known, text = small_relations(), small_shelf().text
    src, dst = all_pairs()
    found = NeighbourTitles(known, text).columns(src, dst)
    for row in range(0, len(src), 37):
        a, b = int(src[row]), int(dst[row])
        mean = sum((text[c] for c in neighbours(known, a, COMPLEMENT)), np.zeros(6))
        length = np.linalg.norm(mean)
        expected = float(mean @ text[b] / length) if length else 0.0
        assert np.isclose(found["titles bought with the source"][row], expected, atol=1e-4)


def test_ratios_of_groups() -> None:
    shelf, known = small_shelf(), small_relations()
    codes = shelf.groups[BRAND]
    src, dst = all_pairs()
    found = RelationRatios(shelf, known).columns(src, dst)[f"complements to substitutes, {BRAND}"]
    for row in range(0, len(src), 97):
        counts = []
        for label in (COMPLEMENT, SUBSTITUTE):
            both = known.matrix(label, directed=False).toarray()
            counts.append(both[np.ix_(codes == codes[src[row]], codes == codes[dst[row]])].sum())
        assert np.isclose(found[row], log((counts[0] + 1) / (counts[1] + 1)), atol=1e-5)


def test_blocks_joined() -> None:
    blocks = relation_blocks(small_shelf(), small_relations())
    src, dst = all_pairs()
    found = matrix(blocks, src, dst)
    assert found.shape == (1600, len(names(blocks)))
    assert len(set(names(blocks))) == len(names(blocks))
    assert np.isfinite(found).all()
