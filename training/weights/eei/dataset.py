"""From a shop's knowledge and events to what the model trains on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.weights.candidates import explained, exposures, owners, purchases_as_positives
from training.weights.eei.evidence import (
    ClickEvidence,
    Counted,
    Evidence,
    PurchaseEvidence,
    Triples,
    features,
)
from training.weights.eei.knowledge import Knowledge, log_prior
from training.weights.eei.negatives import negatives
from training.weights.eei.samples import Samples
from training.weights.eei.tallies import Rule, Tally
from training.weights.impressions import FEWEST
from training.weights.sharing import TIMESCALE, shares
from training.weights.timelines import DAY, Events, in_units

FOLDS = 5
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Samples, the counters that their features come from, and what is typical of a trigger.

    `age` and `count` are medians over the triples of positives.
    """

    samples: Samples
    evidence: Evidence
    age: float
    count: float


@dataclass(frozen=True, slots=True)
class _Blocks:
    """The fold of every actor, or the day of every moment."""

    clock: bool
    folds: pl.DataFrame

    @property
    def rule(self) -> Rule:
        return "earlier" if self.clock else "out of fold"

    def of(self, rows: pl.DataFrame) -> Codes:
        if self.clock:
            return (rows["when"] // DAY).to_numpy()
        return rows.join(self.folds, on="actor", how="left", maintain_order="left")["fold"].to_numpy()


def build(
    knowledge: Knowledge, events: Events, *, negatives_each: int = 4, seed: int = 0, timescale: float = TIMESCALE
) -> Dataset:
    """The samples of a shop: its exposures where enough of them were clicked, else purchases with drawn negatives.

    `timescale` is that of interests, in days, or in steps where there is no clock: an exposure and its click count for
    the pairs of its triggers by `training.weights.sharing.shares`.
    """
    bought = _linked(events.bought, knowledge)
    actors = pl.concat([frame.select("actor") for frame in (events.bought, events.shown)]).unique().sort("actor")
    rng = np.random.default_rng(seed)
    folds = actors.with_columns(fold=pl.Series(rng.permutation(actors.height) % FOLDS, dtype=pl.Int64))
    blocks = _Blocks(events.clock, folds)
    if events.shown.height:
        shown = _from_exposures(knowledge, events, bought, blocks, timescale)
        if shown.samples.label.sum() >= FEWEST:
            return shown
    return _from_purchases(knowledge, bought, blocks, negatives_each, rng)


def _from_purchases(
    knowledge: Knowledge, bought: pl.DataFrame, blocks: _Blocks, each: int, rng: np.random.Generator
) -> Dataset:
    candidates = purchases_as_positives(bought)
    purchases = bought.select("actor", "entity", "when")
    every = explained(candidates, purchases, knowledge.edges, most=len(knowledge.entities))
    positives = candidates.join(every.select("sample").unique(), on="sample", how="semi", maintain_order="left")
    drawn = negatives(positives, purchases, knowledge.edges, _offers(knowledge, bought), each, rng)
    owned = owners(candidates.with_columns(block=blocks.of(candidates)), purchases)
    evidence = PurchaseEvidence(
        bought=_counted(knowledge, _whole(every), candidates, candidates, blocks),
        trials=Tally.of(
            knowledge.entities.codes(owned["head"]),
            owned["block"].to_numpy(),
            blocks.rule,
            owned["count"].to_numpy().astype(np.float64),
        ),
        all=Tally.of(np.zeros(candidates.height, dtype=np.int64), blocks.of(candidates), blocks.rule),
    )
    return _dataset(knowledge, pl.concat([positives, drawn]), purchases, evidence, blocks)


def _from_exposures(
    knowledge: Knowledge, events: Events, bought: pl.DataFrame, blocks: _Blocks, timescale: float
) -> Dataset:
    candidates = exposures(events.shown, events.clicked, knowledge.main)
    purchases = bought.select("actor", "entity", "when")
    every = explained(candidates, purchases, knowledge.edges, most=len(knowledge.entities))
    clicked = candidates.filter(pl.col("label") == 1)
    shared = in_units(every, events).with_columns(share=shares(timescale))
    hits = shared.join(clicked.select("sample"), on="sample", how="semi")
    owners = bought.sort("when").unique(["actor", "entity"], keep="first", maintain_order=True)
    purchased = purchases_as_positives(bought)
    follows = explained(purchased, purchases, knowledge.edges, most=len(knowledge.entities))
    followed = _counted(knowledge, _whole(follows), purchased, purchased, blocks).pairs
    buyers = Tally.of(knowledge.entities.codes(owners["entity"]), blocks.of(owners), blocks.rule)
    tried = buyers.total(knowledge.entities.codes(knowledge.edges["head"])).sum()
    evidence = ClickEvidence(
        shown=_counted(knowledge, shared, candidates, candidates, blocks),
        clicked=_counted(knowledge, hits, clicked, candidates, blocks),
        rate=(clicked.height + 1.0) / (candidates.height + 2.0),
        buyers=buyers,
        followed=followed,
        taken=(follows.height + 1.0) / (tried + 2.0),
    )
    return _dataset(knowledge, candidates, purchases, evidence, blocks, exposed=True)


def _whole(triples: pl.DataFrame) -> pl.DataFrame:
    """What follows several purchases follows each of them."""
    return triples.with_columns(share=pl.lit(1.0))


def _counted(
    knowledge: Knowledge, triples: pl.DataFrame, successes: pl.DataFrame, candidates: pl.DataFrame, blocks: _Blocks
) -> Counted:
    """Tallies of the triples' pairs by their `share`, and of the items and entities of the successes."""
    placed = triples.join(candidates.select("sample", "actor", "when"), on="sample", maintain_order="left")
    heads, tails = knowledge.entities.codes(placed["head"]), knowledge.entities.codes(placed["tail"])
    here = blocks.of(successes)
    return Counted.of(
        len(knowledge.entities),
        (heads * len(knowledge.entities) + tails, blocks.of(placed), placed["share"].to_numpy()),
        (knowledge.items.codes(successes["item"]), here),
        (knowledge.entities.codes(successes["entity"]), here),
        blocks.rule,
    )


def _dataset(
    knowledge: Knowledge,
    candidates: pl.DataFrame,
    purchases: pl.DataFrame,
    evidence: Evidence,
    blocks: _Blocks,
    *,
    exposed: bool = False,
) -> Dataset:
    triples = explained(candidates, purchases, knowledge.edges)
    kept = candidates.join(triples.select("sample").unique(), on="sample", how="semi").sort("sample")
    rows = triples.join(kept, on="sample", maintain_order="left").join(
        knowledge.edges, on=["head", "tail"], how="left", maintain_order="left"
    )
    unit = DAY if blocks.clock else 1
    described = Triples(
        head=knowledge.entities.codes(rows["head"]),
        tail=knowledge.entities.codes(rows["tail"]),
        item=knowledge.items.codes(rows["item"]),
        log_prior=log_prior(rows),
        age=rows["age"].to_numpy() / unit,
        count=rows["count"].to_numpy().astype(np.float64),
        block=blocks.of(rows),
    )
    counts = rows.group_by("sample", maintain_order=True).len()["len"].to_numpy()
    samples = Samples(
        item=knowledge.items.codes(kept["item"]),
        label=kept["label"].to_numpy().astype(np.float32),
        actor=kept["actor"].rank("dense").to_numpy().astype(np.int64) - 1,
        starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        head=described.head,
        tail=described.tail,
        features=features(evidence, described),
        block=blocks.of(kept) if exposed else None,
    )
    positive = rows["label"].to_numpy() == 1
    return Dataset(samples, evidence, _median(described.age[positive]), _median(described.count[positive]))


def _linked(bought: pl.DataFrame, knowledge: Knowledge) -> pl.DataFrame:
    known = bought.filter(pl.col("when").is_not_null())
    return known.join(knowledge.main, on="item", maintain_order="left").select("actor", "item", "entity", "when")


def _offers(knowledge: Knowledge, bought: pl.DataFrame) -> pl.DataFrame:
    counts = bought.group_by("item").len("popularity")
    return knowledge.main.join(counts, on="item", how="left").with_columns(pl.col("popularity").fill_null(0) + 1)


def _median(values: NDArray[np.float64]) -> float:
    return float(np.median(values)) if len(values) else 1.0
