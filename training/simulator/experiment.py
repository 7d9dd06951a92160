"""One arm's weeks: shoppers come, see the lists of the arm's service, and what they do is posted to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from training.simulator.appeal import median_prices
from training.simulator.drift import Drift
from training.simulator.log import SHOWN_SCHEMA, VISIT_SCHEMA, Log, Order, Sent, event_frame, order_frame
from training.simulator.port import Shopfront, Shown
from training.simulator.shoppers import Shopper
from training.simulator.visits import Behaviour, Season, Visit, Visitor, visitors
from training.simulator.world import World

DAYS = 7
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long: `warm_up` weeks without lists come before the `weeks` of the experiment; `k` items a list."""

    weeks: int = 8
    warm_up: int = 4
    k: int = 10
    seed: int = 7

    def first_day(self, week: int) -> int:
        """The day on which a week of the experiment begins; weeks below 0 are of the warm-up."""
        return (self.warm_up + week) * DAYS


@dataclass(slots=True)
class _Recorder:
    shown: list[dict[str, Any]] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    visits: list[tuple[str, int, float]] = field(default_factory=list)
    events: list[Sent] = field(default_factory=list)

    def note(self, visitor: Visitor, visit: Visit) -> None:
        self.shown += visit.shown
        self.orders += visit.orders
        self.visits.append((visitor.shopper.name, visitor.season.week, visitor.day))
        self.events += visit.events

    def log(self) -> Log:
        visits = pl.DataFrame(self.visits, schema=VISIT_SCHEMA, orient="row")
        shown = pl.DataFrame(self.shown, schema=SHOWN_SCHEMA)
        return Log(shown, order_frame(self.orders), visits, event_frame(self.events))


@dataclass(frozen=True, slots=True)
class Simulation:
    """A world in motion and the people in it."""

    world: World
    drift: Drift
    plan: Plan
    behaviour: Behaviour = field(default_factory=Behaviour)

    def warm_up(self, shoppers: Sequence[Shopper]) -> Log:
        """The weeks before the experiment, in which nobody is shown a list; shoppers are changed by what they buy."""
        recorder = _Recorder()
        for week in range(-self.plan.warm_up, 0):
            season = self._season(week)
            for day in self._days(week):
                for shopper, rng, moment in visitors(shoppers, day, self.plan.seed):
                    visitor = Visitor(shopper, self.world, season, self.behaviour, rng, moment)
                    recorder.note(visitor, visitor.come((), {}))
        return recorder.log()

    def run(self, front: Shopfront, shoppers: Sequence[Shopper], name: str, progress: Progress) -> Log:
        """The weeks of the experiment on one arm's service; shoppers are changed by what they buy."""
        recorder = _Recorder()
        for week in range(self.plan.weeks):
            season, first = self._season(week), self.plan.first_day(week)
            front.open_week(self.world.on_sale(first))
            for day in self._days(week):
                self._day(front, shoppers, day, season, recorder)
                progress(name, DAYS * week + day - first + 1, DAYS * self.plan.weeks)
        return recorder.log()

    def _day(
        self, front: Shopfront, shoppers: Sequence[Shopper], day: int, season: Season, recorder: _Recorder
    ) -> None:
        coming = list(visitors(shoppers, day, self.plan.seed))
        lists = front.lists([shopper.name for shopper, _, _ in coming], self.plan.k)
        codes, events = self.world.codes(), list[Sent]()
        for (shopper, rng, moment), listed in zip(coming, lists, strict=True):
            visitor = Visitor(shopper, self.world, season, self.behaviour, rng, moment)
            visit = visitor.come(self._sold(listed, codes), codes)
            recorder.note(visitor, visit)
            events += visit.events
        front.post(events)

    @staticmethod
    def _sold(listed: Sequence[Shown], codes: dict[str, int]) -> list[Shown]:
        return [shown for shown in listed if shown.item in codes]

    def _days(self, week: int) -> range:
        first = self.plan.first_day(week)
        return range(first, first + DAYS)

    def _season(self, week: int) -> Season:
        passed = week + self.plan.warm_up
        return Season(
            week,
            self.plan.first_day(week),
            self.drift.strength(self.world.strength, passed),
            self.drift.popularity(self.world.popularity, self.world.department, passed),
            median_prices(self.world),
        )
