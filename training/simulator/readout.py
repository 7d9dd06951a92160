"""The readout of an A/B/n experiment: every arm beside the control, for clicks, conversions and GMV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.simulator.assignment import assign
from training.simulator.cuped import Cuped
from training.simulator.holm import holm
from training.simulator.intervals import Estimate, bootstrap_difference, difference, lift, mean, ratio

Floats = NDArray[np.float64]
PRIMARY = "clicks"  # what an arm is judged by
MEANS = ("clicks", "conversions", "shown gmv", "orders", "gmv")  # per user
RATIOS = {"click rate": ("clicks", "exposures"), "order rate": ("conversions", "clicks"), "value": ("gmv", "orders")}
_BEFORE = {"clicks": "visits before", "conversions": "visits before", "shown gmv": "visits before"}
_BEFORE |= {"orders": "orders before", "gmv": "gmv before"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One metric of one arm beside the control.

    `plain` is the difference; `lift` the same relative to the control; `adjusted` by CUPED, for ratios by the
    bootstrap over users; `saved` is the share of variance that CUPED took, 0 for ratios. `holm` is the p of `plain`,
    adjusted for all metrics of its arm.
    """

    metric: str
    arm: str
    control_value: float
    arm_value: float
    plain: Estimate
    lift: Estimate
    adjusted: Estimate
    saved: float
    holm: float = float("nan")


def read_out(tables: Mapping[str, pl.DataFrame], control: str, seed: int) -> list[Comparison]:
    """Every metric of every other arm beside the control, from tables [training.simulator.users.USER_SCHEMA]."""
    others = [arm for arm in tables if arm != control]
    means = [_mean(metric, arm, tables, control) for metric in MEANS for arm in others]
    rng = np.random.default_rng([seed, 3])
    ratios = [_ratio(metric, arm, tables[arm], tables[control], rng) for metric in RATIOS for arm in others]
    return _adjusted(means + ratios)


def _adjusted(comparisons: list[Comparison]) -> list[Comparison]:
    families: dict[str, list[float]] = {}
    for each in comparisons:
        families.setdefault(each.arm, []).append(each.plain.p)
    left = {arm: iter(holm(family)) for arm, family in families.items()}
    return [replace(each, holm=next(left[each.arm])) for each in comparisons]


def false_alarms(table: pl.DataFrame, metric: str, salts: Sequence[str]) -> float:
    """The share of A/A splits of these users, one for each salt, in which CUPED's difference has p < 0.05."""
    alarms = 0
    for salt in salts:
        half = pl.Series([assign(user, ("one", "two"), salt) for user in table["user"]])
        halves = {"one": table.filter(half == "one"), "two": table.filter(half == "two")}
        alarms += _mean(metric, "two", halves, "one").adjusted.p < 0.05
    return alarms / len(salts)


def _mean(metric: str, arm: str, tables: Mapping[str, pl.DataFrame], control: str) -> Comparison:
    before = _BEFORE[metric]
    everybody = pl.concat(tables.values())
    cuped = Cuped.fit(_column(everybody, before), _column(everybody, metric))
    sides = [tables[arm], tables[control]]
    plain = [mean(_column(side, metric)) for side in sides]
    adjusted = [mean(cuped.adjust(_column(side, before), _column(side, metric))) for side in sides]
    variance = sum(each.variance for each in plain)
    saved = 1.0 - sum(each.variance for each in adjusted) / variance if variance > 0 else 0.0
    return Comparison(
        metric,
        arm,
        plain[1].value,
        plain[0].value,
        difference(*plain),
        lift(*plain),
        difference(*adjusted),
        saved,
    )


def _ratio(metric: str, arm: str, table: pl.DataFrame, control: pl.DataFrame, rng: np.random.Generator) -> Comparison:
    rows = [side.select(RATIOS[metric]).to_numpy() for side in (table, control)]
    moments = [ratio(side[:, 0], side[:, 1]) for side in rows]
    booted = bootstrap_difference(_quotient, rows[0], rows[1], rng)
    return Comparison(
        metric, arm, moments[1].value, moments[0].value, difference(*moments), lift(*moments), booted, 0.0
    )


def _quotient(rows: Floats) -> float:
    above, below = rows.sum(axis=0)
    return float(above / below) if below > 0 else 0.0


def _column(table: pl.DataFrame, name: str) -> Floats:
    return table[name].to_numpy().astype(np.float64)
