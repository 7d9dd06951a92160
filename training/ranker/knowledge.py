"""What complementary edges lead to: the complementary channel of recall, for many cases at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.ranker.catalogue import UNKNOWN, Catalogue, Codes
from training.ranker.ordered import Numbers, find, runs
from training.ranker.triples import Triples
from training.weights.timelines import DAY

Floats = NDArray[np.float32]

TARGETS = 20  # complementary entities kept of a case
Interests = Callable[[pl.DataFrame], pl.DataFrame]  # user, entity, age, durable, kind, at → user, entity, weight


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """n complementary edges: `weight`, `prior` and `affinity`, each shape [n].

    `key` (edge × items + item, ascending) and `pull`: how many times as much as its share an item takes by an edge.
    """

    weight: Floats
    prior: Floats
    affinity: Floats
    key: Numbers
    pull: Floats
    items: int

    @classmethod
    def of(cls, edges: pl.DataFrame, catalogue: Catalogue) -> Edges:
        """From weight, prior, affinity, items and pulls, the latter two lists; only weight is never null.

        What items take is kept of those in the catalogue.
        """
        size = len(catalogue.ids)
        told = edges.with_row_index("edge").select("edge", item="items", pull="pulls").drop_nulls()
        told = told.explode("item", "pull").filter(pl.col("item").is_in(list(catalogue.ids)))
        key = told["edge"].cast(pl.Int64).to_numpy() * size + catalogue.coded(told["item"]).astype(np.int64)
        order = np.argsort(key)
        known = edges.select(pl.col("weight", "prior", "affinity").fill_null(0.0).cast(pl.Float32))
        return cls(
            known["weight"].to_numpy(),
            known["prior"].to_numpy(),
            known["affinity"].to_numpy(),
            key[order],
            told["pull"].cast(pl.Float32).to_numpy()[order],
            size,
        )

    def weights(self, edge: Numbers, item: Numbers, share: Floats) -> Floats:
        """w(e, f, i) = w(e → f) min(1, share(i) pull(e, f, i)), pull 1 where it is not told; each shape [P]."""
        places = find(edge * self.items + item, self.key)
        pull = np.ones(len(places), dtype=np.float32)
        pull[places >= 0] = self.pull[places[places >= 0]]
        return np.asarray(self.weight[edge] * np.minimum(1.0, share * pull), dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Active:
    """The entities that active edges lead to, by case: `key` [M] is case × entities + entity, ascending.

    Edges `edge[starts[m]:starts[m + 1]]` lead to place m, each with a user's `interest` in its head and `age`, the
    purchases since the last one of it.
    """

    key: Numbers
    starts: Numbers
    edge: Numbers
    interest: Floats
    age: Floats
    entities: int
    edges: Edges

    def some(self, cases: Numbers) -> Active:
        """Those of the cases with these ascending numbers, which are then numbered from 0."""
        low = np.searchsorted(self.key, cases * self.entities)
        counts = np.searchsorted(self.key, (cases + 1) * self.entities) - low
        places = runs(low, counts)
        case = np.repeat(np.arange(len(cases)), counts)
        sizes = np.diff(self.starts)[places]
        rows = runs(self.starts[places], sizes)
        return Active(
            case * self.entities + self.key[places] % self.entities,
            np.concatenate([[0], np.cumsum(sizes)]),
            self.edge[rows],
            self.interest[rows],
            self.age[rows],
            self.entities,
            self.edges,
        )

    def of(self, case: Numbers, entity: Codes) -> Numbers:
        """The place of each candidate's entity among the active ones, -1 where no edge leads to it."""
        return find(np.where(entity >= 0, case * self.entities + entity, UNKNOWN), self.key)

    def triples(self, places: Numbers, item: Numbers, share: Floats, appeal: Floats) -> Triples:
        """What leads to N candidates: the place of each one's entity, its item, and that one's share and appeal."""
        sizes = np.diff(self.starts)[places]
        rows, row = runs(self.starts[places], sizes), np.repeat(np.arange(len(places)), sizes)
        edge = self.edge[rows]
        return Triples(
            row,
            self.interest[rows],
            self.edges.weights(edge, item[row], share[row]),
            self.edges.prior[edge],
            self.edges.affinity[edge],
            self.age[rows],
            share,
            appeal,
        )


def activate(
    before: pl.DataFrame,
    catalogue: Catalogue,
    edges: pl.DataFrame,
    kinds: pl.DataFrame,
    interests: Interests,
    *,
    dated: bool,
) -> Active:
    """What is active in each case of `training.ranker.cases.before_targets`, by `edges` (head, tail, and the columns of
    `Edges.of`) and a user's interests at that moment; `kinds` has entity, durable, kind. `dated`: `when` is epoch ms.

    An entity owned already is never active, nor one without items; `TARGETS` of a case are kept, the strongest by
    1 - prod(1 - a w(e → f)).
    """
    width = max(len(catalogue.entities), 1)
    numbers = pl.DataFrame({"entity": catalogue.entities}, schema={"entity": pl.String}).with_row_index("code")
    numbered = edges.select("head", "tail", "weight").with_row_index("edge")
    owned = _owned(before, catalogue, kinds, dated)
    held = owned.group_by(case="user", tail="entity").agg(pl.col("since").min())
    ages = held.rename({"tail": "head"})
    place = ("case", "code", "tail")
    found = (
        interests(owned)
        .select(case="user", head="entity", interest="weight")
        .join(numbered, on="head")
        .join(held, on=("case", "tail"), how="anti")
        .join(numbers, left_on="tail", right_on="entity")
        .join(ages, on=("case", "head"), how="left")
        .sort(*place, "head")
        .with_columns(miss=(1 - pl.col("interest") * pl.col("weight")).product().over(place))
    )
    kept = (
        found.select(*place, "miss")
        .unique(place)
        .sort("case", "miss", "tail")
        .filter(pl.int_range(pl.len()).over("case") < TARGETS)
        .select(place)
    )
    found = (
        found.join(kept, on=place, how="semi", maintain_order="left")
        .with_columns(key=pl.col("case").cast(pl.Int64) * width + pl.col("code").cast(pl.Int64))
        .sort("key", "head")
    )
    key, starts = np.unique(found["key"].to_numpy(), return_index=True)
    return Active(
        key,
        np.append(starts, found.height).astype(np.int64),
        found["edge"].cast(pl.Int64).to_numpy(),
        found["interest"].cast(pl.Float32).to_numpy(),
        found["since"].cast(pl.Float32).to_numpy(),
        width,
        Edges.of(edges, catalogue),
    )


def _owned(before: pl.DataFrame, catalogue: Catalogue, kinds: pl.DataFrame, dated: bool) -> pl.DataFrame:
    """Purchases of linked items as interests take them, and purchases `since` each; what lies in a basket has age 0, as
    when it is served."""
    names = pl.Series([*catalogue.entities, None], dtype=pl.String)
    entity = names.gather(np.where(catalogue.entity < 0, len(catalogue.entities), catalogue.entity))
    faded = (pl.col("moment") - pl.col("when")) / DAY if dated else pl.col("ago").cast(pl.Float64)
    return (
        before.select(
            user="case",
            entity=entity.gather(before["item"]),
            age=pl.when("basket").then(0.0).otherwise(faded),
            at="when",
            since=pl.col("ago") - pl.col("ago").min().over("case"),
        )
        .drop_nulls("entity")
        .join(kinds, on="entity", how="left", maintain_order="left")
    )
