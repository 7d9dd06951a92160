"""Learning which pairs go together, on shops whose complements are planted."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tests.training.pairs.shelves import small_purchases, small_relations, small_shelf
from training.evaluation.pair_metrics import auc
from training.pairs.evidence import Evidence, Recipe
from training.pairs.features import matrix
from training.pairs.model import Boosting, PairModel, learn
from training.pairs.purchase_samples import purchase_samples
from training.pairs.purchases import Purchases
from training.pairs.relation_samples import FoldedRelations, relation_samples
from training.pairs.relations import COMPLEMENT, SUBSTITUTE, Relations
from training.pairs.samples import NEITHER, Samples
from training.pairs.samples import SUBSTITUTE as ALIKE
from training.pairs.scorer import PairScorer, learn_pairs
from training.pairs.shelf import Shelf, shelf

KINDS, EACH = 6, 30
QUICK = Boosting(rounds=40, rate=0.2, leaves=7, at_least=5)


def planted() -> tuple[Shelf, Purchases, Relations]:
    """Items of kind k: bought with those of kind k ^ 1, viewed with those of their own kind."""
    rng = np.random.default_rng(0)
    items = KINDS * EACH
    kind = np.arange(items) % KINDS
    frame = pl.DataFrame(
        {
            "id": [str(item) for item in range(items)],
            "entity": [f"kind {each}" for each in kind],
            "category": [f"shop > {each}" for each in kind],
            "brand": [None] * items,
        },
        schema_overrides={"brand": pl.String},
    )
    edges = pl.DataFrame(
        {"head": ["kind 0"], "tail": ["kind 1"], "probability": [0.9], "strength": [None]},
        schema_overrides={"strength": pl.Int64},
    )
    text = np.eye(KINDS)[kind] + 0.1 * rng.standard_normal((items, KINDS))
    made = shelf(frame, edges, edges.clear(), (text / np.linalg.norm(text, axis=1, keepdims=True)).astype(np.float32))
    first = rng.integers(0, items, 1500)
    second = rng.integers(0, EACH, 1500) * KINDS + (kind[first] ^ 1)
    actor = np.repeat(np.arange(1500), 2)
    bought = Purchases(actor, np.stack([first, second], axis=1).ravel(), np.tile([0, 1], 1500), items)
    src = rng.integers(0, items, 3000)
    label = rng.integers(0, 2, 3000)
    dst = rng.integers(0, EACH, 3000) * KINDS + np.where(label == COMPLEMENT, kind[src] ^ 1, kind[src])
    keys, places = np.unique(src * items + dst, return_index=True)
    kept = places[keys // items != keys % items]
    return made, bought, Relations(src[kept], dst[kept], label[kept], items)


def checked(scorer: PairScorer) -> tuple[float, float]:
    """AUC of planted complements against items of other kinds, and against items of the same kind."""
    rng = np.random.default_rng(5)
    src = rng.integers(0, KINDS * EACH, 400)
    kind = src % KINDS
    others = {0: kind ^ 1, 1: (kind + 2) % KINDS, 2: kind}
    scores = [
        scorer.score(src, rng.integers(0, EACH, 400) * KINDS + others[each]).complement for each in range(len(others))
    ]
    return auc(scores[0], scores[1]), auc(scores[0], scores[2])


@pytest.mark.parametrize("with_relations", [True, False])
def test_planted_complements_are_found(with_relations: bool) -> None:
    made, bought, known = planted()
    evidence = Evidence(made, bought, known if with_relations else None)
    scorer = PairScorer(evidence, learn_pairs(evidence, size=800, boosting=QUICK))

    against_chance, against_alikes = checked(scorer)
    assert against_chance > 0.95
    assert against_alikes > 0.95
    alike = scorer.score(np.arange(0, 60), np.arange(KINDS, 60 + KINDS))
    assert ((alike.substitute >= 0) & (alike.substitute + alike.complement <= 1 + 1e-9)).all()
    assert alike.substitute.mean() > alike.complement.mean()


def test_verdicts_alone_carry_a_shop_without_purchases() -> None:
    made, bought, _ = planted()
    nobody = bought.of(np.empty(0, np.int64))
    evidence = Evidence(made, nobody)
    scorer = PairScorer(evidence, learn_pairs(evidence, size=800, boosting=QUICK))
    src = np.arange(0, KINDS * EACH, KINDS)  # of kind 0
    assert auc(scorer.score(src, src + 1).complement, scorer.score(src, src + 3).complement) > 0.9


def test_nothing_to_learn_from() -> None:
    made, bought, _ = planted()
    nothing = Evidence(made.without_verdicts(), bought.of(np.empty(0, np.int64)))
    with pytest.raises(ValueError, match="no complementary verdicts"):
        learn_pairs(nothing)


def test_no_pair_sees_itself_among_the_relations() -> None:
    """Whatever the relations say of a pair, in either direction, its own score stays the same."""
    made, bought, known = planted()
    model = learn_pairs(Evidence(made, bought, known), size=400, boosting=QUICK)
    keys = known.keys()
    told = PairScorer(Evidence(made, bought, known), model)
    for row in (0, 7, 20):
        own = keys == keys[row]
        pair = known.src[own], known.dst[own]
        other = Relations(known.src, known.dst, np.where(own, 1 - known.label, known.label), known.items)
        gone = known.where(~own)
        scores = told.score(*pair).complement.tolist()
        assert PairScorer(Evidence(made, bought, other), model).score(*pair).complement.tolist() == scores
        folded, without = FoldedRelations(made, known), FoldedRelations(made, gone)
        fold = int(folded.fold(*pair)[0])
        assert np.array_equal(matrix(folded.blocks(fold), *pair), matrix(without.blocks(fold), *pair))


def test_the_samples_of_relations() -> None:
    evidence = Evidence(small_shelf(), small_purchases(), small_relations())
    found = relation_samples(evidence, 20, seed=3)
    counts = np.bincount(found.label, minlength=3).tolist()

    assert counts == [20, 10, 40]
    assert found.features.shape == (70, len(found.names))
    assert np.isfinite(found.features).all()
    assert np.array_equal(found.features, relation_samples(evidence, 20, seed=3).features)
    few = Relations(np.array([0, 1]), np.array([1, 2]), np.array([COMPLEMENT, SUBSTITUTE]), 40)
    assert len(relation_samples(Evidence(small_shelf(), small_purchases(), few), 20).label) == 4


@pytest.mark.parametrize("recipe", [Recipe(), Recipe(concepts=True, alikes=False)])
def test_the_samples_of_purchases(recipe: Recipe) -> None:
    found = purchase_samples(small_shelf(), small_purchases(), 40, seed=3, recipe=recipe)

    assert set(found.label.tolist()) == ({0, NEITHER} | ({ALIKE} if recipe.alikes else set()))
    assert (found.label == NEITHER).sum() == 2 * (found.label == 0).sum()
    assert found.features.shape == (len(found.label), len(found.names))
    again = purchase_samples(small_shelf(), small_purchases(), 40, seed=3, recipe=recipe)
    assert np.array_equal(found.features, again.features)


def test_a_model_is_the_same_after_it_was_written_down_and_twice_learned() -> None:
    rng = np.random.default_rng(0)
    features = rng.standard_normal((600, 3)).astype(np.float32)
    samples = Samples(features, (features[:, 0] > 0).astype(np.int64) + (features[:, 1] > 1), ("a", "b, c", "d: e"))
    seen: list[tuple[int, int]] = []
    model = learn(samples, QUICK, lambda done, total: seen.append((done, total)))

    assert seen[0] == (1, 40)
    assert learn(samples, QUICK).text == model.text
    kept = PairModel(model.text)
    assert kept.features == ("a", "b_c", "d_e")
    assert np.array_equal(kept.predict(features), model.predict(features))
    assert np.allclose(model.predict(features).sum(axis=1), 1.0)
    assert model.predict(features[:0]).shape == (0, 3)
