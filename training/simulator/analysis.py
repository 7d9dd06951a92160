"""From the logs of all arms to what the experiment found, every estimate beside the truth where the truth is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.simulator.auc import Line
from training.simulator.experiment import DAYS, Plan
from training.simulator.intervals import Estimate
from training.simulator.learned import Learned
from training.simulator.log import START, Log
from training.simulator.pair_change import pair_changes
from training.simulator.position_bias import PositionBias, estimated_examination
from training.simulator.readout import MEANS, Comparison, false_alarms, read_out
from training.simulator.samples import complementary_samples, feedback
from training.simulator.top_slot import policies, top_slot
from training.simulator.truth import Agreement, agreement
from training.simulator.users import user_table
from training.simulator.weighing import Knowledge, standard_weights, weight_board
from training.simulator.world import World
from training.weights.counted import CountedWeights

Floats = NDArray[np.float64]
Model = Callable[[pl.DataFrame, pl.DataFrame], Learned | None]  # earlier events, held-out samples → what is learned
PUBLISHED = "published by kerec weigh (clicks, purchases, prior)"
LEARNED = "learned (kerec train, then kerec weigh)"
MODEL = "the model's own score of each exposure"
HELD_OUT = 0.25  # of the weeks, the last ones, test the weights
_SPLITS = 200
_REPLAYS = 300


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was recorded: warm-up, the arms' logs and users; `edges` are the judge's (head, tail, probability)."""

    world: World
    plan: Plan
    bias: PositionBias
    edges: pl.DataFrame
    before: Log
    logs: Mapping[str, Log]
    users: Mapping[str, Sequence[str]]

    @property
    def entities(self) -> pl.DataFrame:
        """Columns item, entity."""
        names = [self.world.entities[code] for code in self.world.entity]
        return pl.DataFrame({"item": self.world.items, "entity": names})

    def examined(self) -> Floats:
        """How likely each place is looked at, estimated from all lists that were shown in random order."""
        shuffled = pl.concat([log.shown.filter("shuffled") for log in self.logs.values()])
        return estimated_examination(shuffled["position"].to_numpy(), shuffled["clicked"].to_numpy(), self.plan.k)

    def events(self, arm: str) -> pl.DataFrame:
        """The warm-up's events and an arm's, by time."""
        return pl.concat([self.before.events, self.logs[arm].events]).sort("at", maintain_order=True)

    def week_start(self, week: int) -> int:
        """Epoch ms at which a week begins."""
        return int((START.timestamp() + self.plan.first_day(week) * 86_400) * 1000)

    def held_out_week(self) -> int:
        """The first week that tests the weights."""
        return self.plan.weeks - max(1, round(HELD_OUT * self.plan.weeks))


@dataclass(frozen=True, slots=True)
class Replayed:
    """An estimator over many replays of one policy: its mean, the truth, root mean square error, and how many of its
    95 % intervals held the truth; `once` is what the real log gave."""

    policy: str
    estimator: str
    truth: float
    once: Estimate
    average: float
    error: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Findings:
    """What the experiment found; `weekly` has the AUC of each method in each week, trained on those before it."""

    agreement: Agreement
    comparisons: list[Comparison]
    alarms: dict[str, float]
    board: dict[str, Line]
    tested: int
    weekly: dict[int, dict[str, Line]]
    examined: Floats
    looked: Floats
    replays: list[Replayed]
    pairs: pl.DataFrame

    @property
    def untaught(self) -> bool:
        """Whether the edge-weight model had too little to learn from: what would be published is counted."""
        return LEARNED in self.board and MODEL not in self.board


def analyse(
    evidence: Evidence,
    control: str,
    treated: str,
    extra: Mapping[str, pl.DataFrame],
    model: Model | None,
    seed: int,
) -> Findings:
    """Everything the report says; `extra` are further weights (head, tail, weight, perhaps item) to be tested, `model`
    is trained on the treated arm's events before the held-out weeks."""
    tables = {arm: user_table(evidence.users[arm], log, evidence.before) for arm, log in evidence.logs.items()}
    examined = evidence.examined()
    samples = complementary_samples(evidence.events(treated), evidence.entities, evidence.edges)
    samples = samples.filter(pl.col("when") >= evidence.week_start(0))
    first = evidence.held_out_week()
    board, tested = _tested(evidence, samples, examined, treated, (first, evidence.plan.weeks), extra, model, seed)
    return Findings(
        agreement(evidence.world, evidence.edges),
        read_out(tables, control, seed),
        {metric: false_alarms(tables[control], metric, [f"split {n}" for n in range(_SPLITS)]) for metric in MEANS},
        board,
        tested,
        {
            week: _tested(evidence, samples, examined, treated, (week, week + 1), {}, None, seed)[0]
            for week in range(1, evidence.plan.weeks)
        },
        examined,
        evidence.bias.examined(np.arange(evidence.plan.k)),
        replayed(evidence, seed),
        _pairs(evidence, treated, control),
    )


def _tested(
    evidence: Evidence,
    samples: pl.DataFrame,
    examined: Floats,
    arm: str,
    weeks: tuple[int, int],
    extra: Mapping[str, pl.DataFrame],
    model: Model | None,
    seed: int,
) -> tuple[dict[str, Line], int]:
    """The board over some weeks, the weights being of the weeks before them; and how many exposures it is made of."""
    start, end = (evidence.week_start(week) for week in weeks)
    train = samples.filter(pl.col("when") < start)
    test = samples.filter(pl.col("when").is_between(start, end, closed="left"))
    weights = standard_weights(Knowledge(evidence.edges), train, examined)
    earlier = evidence.events(arm).filter(pl.col("at") < start)
    weights[PUBLISHED] = _published(evidence, earlier)
    scores = {}
    if model is not None:
        learned = model(earlier, test)
        weights[LEARNED] = learned.weights if learned and learned.worth else weights[PUBLISHED]
        if learned:
            scores[MODEL] = learned.scores
    return weight_board(test, weights | dict(extra), scores, seed), test["sample"].n_unique()


def _published(evidence: Evidence, events: pl.DataFrame) -> pl.DataFrame:
    """The weights that `kerec weigh` publishes from these events."""
    weights = CountedWeights().weigh(evidence.edges, feedback(events), evidence.entities)
    return evidence.edges.select("head", "tail", weight=pl.Series(weights, dtype=pl.Float64))


def replayed(evidence: Evidence, seed: int) -> list[Replayed]:
    """Every estimator on the lists that were shown in random order, once as they were and then many times replayed."""
    slot = top_slot(pl.concat([log.shown for log in evidence.logs.values()]), evidence.plan.k)
    if len(slot.taken) < 2:
        return []
    rng = np.random.default_rng([seed, 5])
    again = [slot.replayed(rng) for _ in range(_REPLAYS)]
    found = []
    for name, policy in policies(*slot.chance.shape).items():
        truth, once = slot.truth(policy), slot.estimates(policy)
        many = [each.estimates(policy) for each in again]
        for estimator in once:
            values = np.array([each[estimator].value for each in many])
            held = float(np.mean([each[estimator].covers(truth) for each in many]))
            error = float(np.sqrt(np.mean((values - truth) ** 2)))
            found.append(Replayed(name, estimator, truth, once[estimator], float(values.mean()), error, held))
    return found


def _pairs(evidence: Evidence, treated: str, control: str) -> pl.DataFrame:
    everybody = evidence.before.orders
    sides = [
        pl.concat([everybody.filter(pl.col("user").is_in(evidence.users[arm])), evidence.logs[arm].orders])
        for arm in (treated, control)
    ]
    return pair_changes(sides[0], sides[1], evidence.edges, float(evidence.plan.warm_up * DAYS))
