"""What leads from one item to another: the item-item evidence that the learned ranker reads, with its strongest pairs.

For a pair a → b: `followed` is A[a, b] / (row sum + 3) of directed co-purchase (training.weights.copurchase),
`preceded` A[b, a] / (column sum of a + 3), `cosine` the share of common buyers n(a, b) / sqrt(n(a) n(b)), `title` the
cosine of the titles' TF-IDF, `kind` log(1 + lift) of a's main entity being followed by b's, `brand` and `shelf` the
share in which a's brand (category leaf) is followed by b's. Each is 0 where nothing is known. `pull` is what a logistic
regression (training.ranker.pull) makes of them: how likely b is what is bought next after a. By it pairs are ranked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from training.ranker.catalogue import Catalogue, Codes
from training.ranker.pull import USUAL, Pull
from training.ranker.titles import likeness, nearest, title_vectors
from training.weights.copurchase import SMOOTHING, strengths

COLUMNS = ("followed", "preceded", "cosine", "title", "kind", "brand", "shelf")
KEEP = 60  # pairs kept of an item
_FOLLOWERS, _COMMON, _BEFORE, _ALIKE = 60, 40, 30, 30
_UNSEEN = 5.0  # purchases added to every entity when it is asked how often one is bought by chance

_ENDS: dict[str, pl.DataType] = {"item": pl.String(), "next": pl.String()}
_REALS: dict[str, pl.DataType] = dict.fromkeys(("pull", *COLUMNS), pl.Float64())
EVIDENCE = pl.Schema({**_ENDS, **_REALS, "rank": pl.Int64()})


@dataclass(frozen=True, slots=True, eq=False)
class Titles:
    """The titles of a catalogue's items as vectors, and the pairs (item, next: codes) that are most alike."""

    vectors: sparse.csr_array
    pairs: pl.DataFrame

    @classmethod
    def of(cls, catalogue: Catalogue) -> Titles:
        """Computed once: titles do not depend on who bought what."""
        vectors = title_vectors(catalogue.titles)
        return cls(vectors, nearest(vectors, _ALIKE))


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The strongest pairs of every item as arrays: those of item i are `starts[i]` to `starts[i + 1]`, best first.

    `next` [pairs] codes, `values` [pairs, columns] and `pull` [pairs] float32, `popularity` [items] the number of
    purchases.
    """

    starts: NDArray[np.int64]
    next: Codes
    values: NDArray[np.float32]
    pull: NDArray[np.float32]
    popularity: NDArray[np.float32]

    @property
    def appeal(self) -> NDArray[np.float32]:
        """Popularity on the scale of training.weights.popularity, in (0, 1], shape [items]."""
        scale = 1.0 + np.log1p(self.popularity.astype(np.float64))
        return np.asarray(scale / scale.max(initial=1.0), dtype=np.float32)

    def frame(self, catalogue: Catalogue) -> pl.DataFrame:
        """As rows [EVIDENCE]: what the graph holds."""
        degree = np.diff(self.starts)
        ids = np.array(catalogue.ids, dtype=object)
        rank = np.arange(len(self.next)) - np.repeat(self.starts[:-1], degree) + 1
        columns = {name: self.values[:, place].astype(np.float64) for place, name in enumerate(COLUMNS)}
        ends = {"item": np.repeat(ids, degree), "next": ids[self.next]}
        pull = self.pull.astype(np.float64)
        return pl.DataFrame({**ends, "pull": pull, **columns, "rank": rank}, schema=EVIDENCE)


def gather(
    timelines: pl.DataFrame, catalogue: Catalogue, titles: Titles, pull: Pull = USUAL, keep: int | None = KEEP
) -> Evidence:
    """The evidence of purchases [training.weights.timelines.TIMELINE] and titles: an item's `keep` pairs of strongest
    pull, or all."""
    after = _coded(strengths(timelines), catalogue)
    common = _common_buyers(timelines, catalogue)
    followed = _share(after, "item").rename({"share": "followed"})
    preceded = _share(after, "next").select(item="next", next="item", preceded="share")
    pairs = (
        pl.concat(
            [
                _strongest(followed, "followed", _FOLLOWERS),
                _strongest(common, "cosine", _COMMON),
                _strongest(preceded, "preceded", _BEFORE),
                titles.pairs,
            ]
        )
        .unique()
        .sort("item", "next")
    )  # in a fixed order, so that equal data give equal bits
    for part in (followed, preceded, common):
        pairs = pairs.join(part, on=("item", "next"), how="left")
    left, right = pairs["item"].to_numpy(), pairs["next"].to_numpy()
    filled = pairs.with_columns(
        pl.col("followed", "preceded", "cosine").fill_null(0.0).cast(pl.Float32),
        title=pl.Series(likeness(titles.vectors, left, right)),
        kind=pl.Series(np.log1p(_lift(after, catalogue.entity, left, right))),
        brand=pl.Series(_flow(after, catalogue.brand, left, right)),
        shelf=pl.Series(_flow(after, catalogue.category, left, right)),
    )
    return _kept(filled, popularity_of(timelines, catalogue), pull, keep)


def popularity_of(timelines: pl.DataFrame, catalogue: Catalogue) -> NDArray[np.float32]:
    """The number of purchases of every item, shape [items]."""
    bought = catalogue.coded(timelines["item"])
    return np.bincount(bought, minlength=len(catalogue.ids)).astype(np.float32)


def _kept(pairs: pl.DataFrame, popularity: NDArray[np.float32], pull: Pull, keep: int | None) -> Evidence:
    counted = pairs.select(COLUMNS).to_numpy().astype(np.float32)
    strength = pull.of(counted, popularity[pairs["next"].to_numpy()])
    ordered = pairs.with_columns(pull=pl.Series(strength)).sort("item", -pl.col("pull"), "next")
    best = ordered if keep is None else ordered.filter(pl.int_range(pl.len()).over("item") < keep)
    starts = np.searchsorted(best["item"].to_numpy(), np.arange(len(popularity) + 1))
    values = np.ascontiguousarray(best.select(COLUMNS).to_numpy().astype(np.float32))
    return Evidence(starts, best["next"].to_numpy(), values, best["pull"].to_numpy(), popularity)


def _coded(after: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    item, following = catalogue.coded(after["item"]), catalogue.coded(after["next"])
    coded = pl.DataFrame({"item": item, "next": following, "part": after["part"]})
    return coded.sort("item", "next")  # so that equal data are summed in the same order


def _share(after: pl.DataFrame, end: str) -> pl.DataFrame:
    whole = pl.col("part").sum().over(end) + SMOOTHING
    return after.select("item", "next", share=pl.col("part") / whole)


def _common_buyers(timelines: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Columns item, next, cosine of all pairs with a common buyer."""
    actors = timelines["actor"].rank("dense").cast(pl.Int64).to_numpy() - 1
    items = catalogue.coded(timelines["item"])
    shape = (int(actors.max(initial=-1)) + 1, len(catalogue.ids))
    bought = sparse.csr_array((np.ones(len(items), np.float32), (actors, items)), shape=shape)
    bought.data[:] = 1.0
    buyers = np.asarray(bought.sum(axis=0), dtype=np.float32).ravel()
    scale = sparse.diags_array((1.0 / np.sqrt(np.maximum(buyers, 1.0))).astype(np.float32))
    alike = sparse.coo_array(scale @ (bought.T @ bought) @ scale)
    apart = alike.row != alike.col
    pairs = {"item": alike.row[apart].astype(np.int32), "next": alike.col[apart].astype(np.int32)}
    return pl.DataFrame({**pairs, "cosine": alike.data[apart]})


def _strongest(pairs: pl.DataFrame, column: str, keep: int) -> pl.DataFrame:
    ordered = pairs.sort("item", -pl.col(column), "next")
    return ordered.filter(pl.int_range(pl.len()).over("item") < keep).select("item", "next")


def _flow(after: pl.DataFrame, groups: Codes, left: Codes, right: Codes) -> NDArray[np.float32]:
    """The share of what is bought after a's group that is of b's, per pair (a, b); 0 for unknown groups."""
    rates, _ = _rates(after, groups)
    return _of_pairs(rates, groups, left, right)


def _lift(after: pl.DataFrame, groups: Codes, left: Codes, right: Codes) -> NDArray[np.float32]:
    """How many times as often as by chance a's group is followed by b's, per pair."""
    rates, chance = _rates(after, groups)
    usual = np.where(groups[right] >= 0, chance[groups[right]], 1.0)
    return np.asarray(_of_pairs(rates, groups, left, right) / usual, dtype=np.float32)


def _rates(after: pl.DataFrame, groups: Codes) -> tuple[sparse.csr_array, NDArray[np.float64]]:
    """rates[g, h] = strength from g to h / (row sum + 3), and the smoothed share of h among all."""
    size = int(groups.max(initial=-1)) + 1
    head, tail = groups[after["item"].to_numpy()], groups[after["next"].to_numpy()]
    known = (head >= 0) & (tail >= 0)
    parts = after["part"].to_numpy()[known]
    flow = sparse.csr_array((parts, (head[known], tail[known])), shape=(max(size, 1), max(size, 1)))
    into = np.asarray(flow.sum(axis=0), dtype=np.float64).ravel()
    out = np.asarray(flow.sum(axis=1), dtype=np.float64).ravel()
    rates = sparse.csr_array(sparse.diags_array(1.0 / (out + SMOOTHING)) @ flow)
    return rates, (into + _UNSEEN) / (into.sum() + _UNSEEN * len(into))


def _of_pairs(rates: sparse.csr_array, groups: Codes, left: Codes, right: Codes) -> NDArray[np.float32]:
    found = np.zeros(len(left), dtype=np.float32)
    known = (groups[left] >= 0) & (groups[right] >= 0)
    size = rates.shape[1]
    keys, where = np.unique(groups[left][known].astype(np.int64) * size + groups[right][known], return_inverse=True)
    if len(keys):
        found[known] = np.asarray(rates[keys // size, keys % size], dtype=np.float32).ravel()[where]
    return found
