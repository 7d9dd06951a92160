"""The truth of a simulated shop: what goes with what, how good each item is, what it costs and when it arrives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

NOISE = 1.5
_QUALITY_SPREAD = 0.5  # of log quality
_CONCEPT_EXPONENT = 0.7  # how unequal concepts of a department are, and items of a concept
_ITEM_EXPONENT = 1.0


@dataclass(frozen=True, slots=True)
class World:
    """n items of E concepts in D departments; items and concepts are coded by their place here.

    `entity` [n], `price` [n] > 0, `since` [n] (day of arrival), `quality` [n] > 0 (mean about 1, hidden), `fame` [n]
    (pick weights, each concept's sum 1); `department` [E], `popularity` [E] (each department's sum 1); `strength`
    [E, E] in [0, 1): the hidden probability that a buyer of the row's concept comes to want the column's.
    """

    items: tuple[str, ...]
    entities: tuple[str, ...]
    entity: Codes
    price: Floats
    since: Floats
    quality: Floats
    fame: Floats
    department: Codes
    popularity: Floats
    strength: Floats

    def shelf(self, entity: int, day: float) -> Codes:
        """The items of a concept that are on sale that day."""
        return np.flatnonzero((self.entity == entity) & (self.since <= day))

    def on_sale(self, day: float) -> list[str]:
        """The ids of all items on sale that day."""
        return [self.items[code] for code in np.flatnonzero(self.since <= day)]

    def codes(self) -> dict[str, int]:
        """Item id → code."""
        return {item: code for code, item in enumerate(self.items)}


def build_world(items: pl.DataFrame, needs: pl.DataFrame, seed: int, noise: float = NOISE) -> World:
    """A world from items (id, entity, category, price, day) and needs (head, tail, rate in (0, 1)).

    Departments are the first level of the category. Fame, popularity and quality are drawn by the seed, and so is what
    moves each need's rate, by `noise` (standard deviation of log-odds): who knew the rates still knows the truth only
    so far.
    """
    rng = np.random.default_rng([seed, 0])
    shelves = items.sort("id")
    names = sorted(shelves["entity"].unique())
    code = {name: number for number, name in enumerate(names)}
    entity = np.array([code[name] for name in shelves["entity"]], dtype=np.int64)
    department = _departments(shelves, names)
    return World(
        items=tuple(shelves["id"]),
        entities=tuple(names),
        entity=entity,
        price=shelves["price"].to_numpy().astype(np.float64),
        since=shelves["day"].to_numpy().astype(np.float64),
        quality=np.exp(rng.normal(-(_QUALITY_SPREAD**2) / 2, _QUALITY_SPREAD, len(entity))),
        fame=_zipf(entity, _ITEM_EXPONENT, rng),
        department=department,
        popularity=_zipf(department, _CONCEPT_EXPONENT, rng),
        strength=_strengths(needs, code, noise, rng),
    )


def _departments(shelves: pl.DataFrame, names: Sequence[str]) -> Codes:
    first = shelves.select("entity", department=pl.col("category").str.split(" > ").list.first())
    of = dict(first.unique("entity", keep="first", maintain_order=True).iter_rows())
    codes = {name: number for number, name in enumerate(sorted(set(of.values())))}
    return np.array([codes[of[name]] for name in names], dtype=np.int64)


def _zipf(group: Codes, exponent: float, rng: np.random.Generator) -> Floats:
    """Weights of a random Zipf order inside each group, each group's sum 1."""
    weights = np.empty(len(group))
    for number in np.unique(group):
        places = np.flatnonzero(group == number)
        raw = 1.0 / (1.0 + rng.permutation(len(places))) ** exponent
        weights[places] = raw / raw.sum()
    return weights


def _strengths(needs: pl.DataFrame, code: dict[str, int], noise: float, rng: np.random.Generator) -> Floats:
    strength = np.zeros((len(code), len(code)))
    for head, tail, rate in needs.select("head", "tail", "rate").sort("head", "tail").iter_rows():
        moved = rate / (1.0 - rate) * np.exp(rng.normal(0.0, noise))
        if head in code and tail in code and head != tail:
            strength[code[head], code[tail]] = moved / (1.0 + moved)
    return strength
