from __future__ import annotations

from collections import Counter
from math import log, sqrt

import numpy as np
import polars as pl
import pytest

from tests.training.pairs.shelves import all_pairs, small_purchases, small_shelf
from training.pairs import purchase_features
from training.pairs.plain import pmi
from training.pairs.purchase_features import ConceptPopularity, PopularityFeatures, PurchaseFeatures
from training.pairs.purchases import Purchases, purchases, successions, together
from training.pairs.shelf import CATEGORY, ENTITY
from training.pairs.tallies import TallyFeatures


def histories(bought: Purchases) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for actor, item, when in zip(bought.actor.tolist(), bought.item.tolist(), bought.when.tolist(), strict=True):
        found.setdefault(actor, []).append((item, when))
    return found


def followed(bought: Purchases) -> Counter[tuple[int, int]]:
    """1 / distance of every pair at most five apart, both ways where the two stand at one moment."""
    counts: Counter[tuple[int, int]] = Counter()
    for history in histories(bought).values():
        for i, (a, at_a) in enumerate(history):
            for j in range(i + 1, min(i + 6, len(history))):
                b, at_b = history[j]
                if a != b:
                    counts[a, b] += 1 / (j - i)
                    if at_a == at_b:
                        counts[b, a] += 1 / (j - i)
    return counts


def test_timelines_as_arrays() -> None:
    frame = pl.DataFrame(
        {"actor": ["u:b", "u:b", "u:a"], "item": ["x", "gone", "y"], "when": [1, 2, None]},
        schema={"actor": pl.String, "item": pl.String, "when": pl.Int64},
    )
    found = purchases(frame, {"x": 0, "y": 1})

    assert (found.actor.tolist(), found.item.tolist(), found.when.tolist()) == ([1, 0], [0, 1], [1, 0])
    assert found.popularity().tolist() == [1.0, 1.0]
    assert found.of(np.array([0])).item.tolist() == [1]
    assert purchases(frame.clear(), {"x": 0}).popularity().tolist() == [0.0]


def test_successions_and_pairs_bought_together() -> None:
    bought = small_purchases()
    expected = followed(bought)
    found = successions(bought).matrix(bought.items).toarray()
    both = together(bought).toarray()

    for a in range(bought.items):
        for b in range(bought.items):
            assert np.isclose(found[a, b], expected[a, b])
            owners = sum({a, b} <= {item for item, _ in history} for history in histories(bought).values())
            assert both[a, b] == (owners if a != b else 0)
    nobody = Purchases(*(np.empty(0, np.int64) for _ in range(3)), 4)
    assert successions(nobody).matrix(4).nnz == together(nobody).nnz == 0


def test_features_of_items(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purchase_features, "_ENOUGH", 1)
    monkeypatch.setattr(purchase_features, "LATENT", 3)
    bought = small_purchases()
    src, dst = all_pairs()
    found = PurchaseFeatures(bought).columns(src, dst)
    popular, both, after = bought.popularity(), together(bought).toarray(), followed(bought)
    cosine = both / np.sqrt(np.maximum(popular[:, None] * popular[None], 1.0))
    degree = (both > 0).sum(axis=1)

    for row in range(0, len(src), 3):
        a, b = int(src[row]), int(dst[row])
        assert np.isclose(found["bought after"][row], after[a, b])
        assert np.isclose(found["bought before"][row], after[b, a])
        expected = log((both[a, b] + 0.5) / (popular[a] * popular[b] / bought.actors + 0.5))
        assert np.isclose(found["bought together pmi"][row], expected, atol=1e-5)
        assert np.isclose(found["bought together cosine"][row], both[a, b] / sqrt(max(popular[a] * popular[b], 1)))
        hops = sum(cosine[a, c] * cosine[b, c] / log(2 + degree[c]) for c in range(bought.items))
        assert np.isclose(found["bought with the same"][row], hops, atol=1e-5)
        assert -1.001 <= found["latent cosine"][row] <= 1.001
    popularity = PopularityFeatures(bought).columns(src, dst)
    assert np.allclose(popularity["popularity"], np.log1p(popular[dst]))


def test_the_latent_space_comes_near_the_scaled_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purchase_features, "_ENOUGH", 1)
    monkeypatch.setattr(purchase_features, "LATENT", 12)
    bought = small_purchases(items=14, actors=60)
    popular = np.maximum(bought.popularity(), 1.0)
    scaled = (together(bought).toarray() + np.diag(popular)) / np.sqrt(popular[:, None] * popular[None])
    src, dst = all_pairs(14)
    found = PurchaseFeatures(bought).columns(src, dst)["latent product"].reshape(14, 14)
    assert np.linalg.norm(np.abs(found) - np.abs(scaled)) < 0.2 * np.linalg.norm(scaled)


def test_tallies_of_groups() -> None:
    shelf, bought = small_shelf(), small_purchases()
    pairs = followed(bought)
    src, dst = all_pairs()
    codes = shelf.groups[CATEGORY]
    counts: Counter[tuple[int, int]] = Counter()
    for (a, b), part in pairs.items():
        counts[int(codes[a]), int(codes[b])] += part
    total = sum(counts.values())
    found = TallyFeatures(shelf, CATEGORY, successions(bought).matrix(40), "n").columns(src, dst)

    for row in range(0, len(src), 7):
        g, h = int(codes[src[row]]), int(codes[dst[row]])
        before = {k: sum(n for (x, _), n in counts.items() if x == k) for k in (g, h)}
        after = {k: sum(n for (_, y), n in counts.items() if y == k) for k in (g, h)}
        forward, back = before[g] * after[h] / total, before[h] * after[g] / total
        assert np.isclose(found["n category lift"][row], log((counts[g, h] + 2) / (forward + 2)), atol=1e-5)
        both = log((counts[g, h] + counts[h, g] + 2) / (forward + back + 2))
        assert np.isclose(found["n category lift both ways"][row], both, atol=1e-5)
        assert np.isclose(found["n category share"][row], log((counts[g, h] + 1) / (before[g] + 20)), atol=1e-5)


def test_popularity_of_concepts() -> None:
    shelf, bought = small_shelf(), small_purchases()
    found = ConceptPopularity(shelf, bought).columns(np.array([0, 1]), np.array([5, 4]))
    concept = shelf.groups[ENTITY]
    sold = [int((concept[bought.item] == concept[item]).sum()) for item in (5, 4)]
    assert np.allclose(found["concept popularity"], np.log1p(sold))
    assert np.allclose(found["concept items"], np.log1p([(concept == concept[item]).sum() for item in (5, 4)]))
    assert found["same concept"].tolist() == [1.0, 0.0]


@pytest.mark.parametrize("concepts", [True, False])
def test_plain_pmi(concepts: bool) -> None:
    shelf, bought = small_shelf(), small_purchases()
    codes = shelf.groups[ENTITY] if concepts else np.arange(40)
    counts: Counter[tuple[int, int]] = Counter()
    for (a, b), part in followed(bought).items():
        counts[int(codes[a]), int(codes[b])] += part
        counts[int(codes[b]), int(codes[a])] += part
    one: Counter[int] = Counter()
    for (a, _), part in counts.items():
        one[a] += part
    src, dst = all_pairs()
    found = pmi(shelf, bought, concepts=concepts)(src, dst)
    total = sum(counts.values())
    for row in range(0, len(src), 5):
        a, b = int(codes[src[row]]), int(codes[dst[row]])
        expected = log(counts[a, b] * total / one[a] / one[b]) if counts[a, b] else 0.0
        assert np.isclose(found[row], expected, atol=1e-5)
