"""The weights of edges by counting alone: clicks where enough of what edges explain was clicked, else purchases."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.weights.candidates import exposed
from training.weights.counters import count_edges
from training.weights.examination import examination
from training.weights.impressions import FEWEST, click_counters, count_impressions
from training.weights.port import EdgeWeigher
from training.weights.rates import ClickRates, PriorRates
from training.weights.sharing import TIMESCALE
from training.weights.timelines import Events, in_units

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CountedWeights:
    """`clicks` weighs the edges of a shop with `FEWEST` clicks or more on what they explain, else `purchases` does.

    `timescale` is that of interests, in days, or in steps where there is no clock.
    """

    purchases: EdgeWeigher = field(default_factory=PriorRates)
    clicks: ClickRates = field(default_factory=ClickRates)
    timescale: float = TIMESCALE

    @property
    def version(self) -> str:
        """Both versions and the timescale: which of them weighs follows from the events."""
        return f"{self.purchases.version}+{self.clicks.version}-{self.timescale:g}"

    def weigh(self, edges: pl.DataFrame, events: Events, main: pl.DataFrame) -> Floats:
        """The weight of each of `edges` (head, tail, probability), shape [n]; `main` has item and entity."""
        pairs, priors = list(edges.select("head", "tail").iter_rows()), edges["probability"].to_list()
        bought = events.bought.join(main, on="item", maintain_order="left").select("actor", "entity", "when")
        purchases = count_edges(bought, pairs, priors)
        samples = exposed(events, main, edges)
        if samples.filter("clicked")["sample"].n_unique() < FEWEST:
            return self.purchases.weigh(purchases)
        impressions = count_impressions(in_units(samples, events), examination(samples), self.timescale)
        return self.clicks.weigh(click_counters(impressions, pairs, priors), purchases)
