"""What other methods are compared with: each member of a family is one choice of its parameters."""

from __future__ import annotations

from itertools import product
from types import MappingProxyType

from training.evaluation.baselines.cosine import ItemKnn
from training.evaluation.baselines.directed import Directed, DirectedCosine
from training.evaluation.baselines.ease import Ease
from training.evaluation.baselines.factors import Als, Bpr
from training.evaluation.baselines.item2vec import Item2Vec
from training.evaluation.baselines.lightgcn import LightGcn
from training.evaluation.baselines.popularity import Popularity
from training.evaluation.tuning import Family

_EXPONENTS = (0.75, 0.0, -0.5)
_TAUS = (1.0, 2.0, 4.0)
_PENALTIES = (25.0, 50.0, 100.0, 200.0, 400.0, 800.0)

_FAMILIES = {
    "popularity": Family("popularity", (Popularity(),)),
    "item-knn": Family("item-kNN cosine", (ItemKnn(),)),
    "item-knn-recency": Family("item-kNN, recency", tuple(ItemKnn(tau) for tau in _TAUS)),
    # The yardstick of every table: its parameters are fixed, so that it means the same everywhere.
    "directed": Family("directed co-purchase", (Directed(),)),
    "directed-cosine": Family(
        "directed + cosine", tuple(DirectedCosine(tau, share) for tau, share in product(_TAUS, (0.05, 0.1, 0.25)))
    ),
    "ease": Family("EASE", tuple(Ease(penalty) for penalty in _PENALTIES)),
    "ease-recency": Family("EASE, recency", tuple(Ease(*each) for each in product(_PENALTIES, _TAUS))),
    "als": Family(
        "ALS",
        tuple(Als(size, 0.05, confidence) for size, confidence in product((128, 256, 384), (10.0, 30.0, 100.0))),
        ("implicit",),
    ),
    "bpr": Family(
        "BPR",
        tuple(Bpr(rate=rate, penalty=penalty) for rate, penalty in product((0.05, 0.1, 0.2), (0.01, 0.03, 0.1))),
        ("implicit",),
    ),
    "item2vec-in-in": Family(
        "item2vec in-in", tuple(Item2Vec("in-in", exponent=each) for each in _EXPONENTS), ("gensim",)
    ),
    "item2vec-in-out": Family(
        "item2vec in-out", tuple(Item2Vec("in-out", exponent=each) for each in _EXPONENTS), ("gensim",)
    ),
    "lightgcn": Family(
        "LightGCN", tuple(LightGcn(layers=layers) for layers in (2, 3, 4)), ("torch", "torch-geometric")
    ),
}
BASELINES = MappingProxyType(_FAMILIES)
