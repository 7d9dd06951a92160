"""`kerec simulate`: the whole experiment on the demo shop's catalogue, each arm behind the real API on a real graph."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from graph.reconcile import Progress
from services.pipeline.step import digest
from services.simulating.arms import ARMS, SHARES, Arm, write_arm, write_items
from services.simulating.catalogue import demo_edges, demo_world
from services.simulating.front import open_front
from training.simulator.analysis import Evidence
from training.simulator.assignment import assign
from training.simulator.drift import Drift
from training.simulator.experiment import Plan, Simulation
from training.simulator.log import Log
from training.simulator.shoppers import Shopper, gather
from training.simulator.storage import load_log, save_log

_VERSION = 2


@dataclass(frozen=True, slots=True)
class Staging:
    """Who takes part: the world in motion, all shoppers after the warm-up, what they did in it, and their arms."""

    simulation: Simulation
    shoppers: tuple[Shopper, ...]
    before: Log
    users: Mapping[str, Sequence[str]]


def stage(plan: Plan, shoppers: int) -> Staging:
    """The experiment before its first week; equal plans give equal stagings."""
    simulation = Simulation(demo_world(plan.seed), Drift(seed=plan.seed), plan)
    people = gather(simulation.world, shoppers, plan.seed)
    before = simulation.warm_up(people)
    arm_of = {person.name: assign(person.name, SHARES, f"simulate-{plan.seed}") for person in people}
    users = {arm.name: [user for user, name in arm_of.items() if name == arm.name] for arm in ARMS}
    return Staging(simulation, tuple(people), before, users)


def simulate(plan: Plan, shoppers: int, out: Path, progress: Progress) -> Evidence:
    """Runs every arm, one after the other, and returns what was recorded.

    Arms share no shopper and no service, so their order does not matter; an arm whose log lies in `out` already, from
    the same plan, is not run again.
    """
    staging = stage(plan, shoppers)
    logs = {arm.name: _run(arm, staging, out, progress) for arm in ARMS}
    simulation = staging.simulation
    bias = simulation.behaviour.bias
    return Evidence(simulation.world, plan, bias, demo_edges(), staging.before, logs, staging.users)


def _run(arm: Arm, staging: Staging, out: Path, progress: Progress) -> Log:
    simulation = staging.simulation
    key = digest(_VERSION, simulation.plan, simulation.behaviour, simulation.drift, arm, len(staging.shoppers))
    place = out / "logs" / f"{arm.name.replace(chr(39), '2')}-{key}"
    known = load_log(place)
    if known is not None:
        return known
    members = set(staging.users[arm.name])
    people = deepcopy([person for person in staging.shoppers if person.name in members])
    items = simulation.world.on_sale(simulation.plan.first_day(0))
    with (
        tempfile.TemporaryDirectory(prefix="kerec-simulate-") as folder,
        open_front(arm, Path(folder), staging.before.events, items, simulation.plan.seed) as front,
    ):
        log = simulation.run(front, people, arm.name, progress)
    save_log(log, place)
    return log


def write_training_shop(evidence: Evidence, arm: Arm, folder: Path) -> Path:
    """Writes an arm's shop with its log up to the held-out weeks, as any trainer may see it; returns its kerec.toml.

    Beside it lies examination.csv: how likely each place (position, from 0) is looked at, as estimated.
    """
    cut = evidence.week_start(evidence.held_out_week())
    config = write_arm(arm, folder, evidence.events(arm.name).filter(pl.col("at") < cut), evidence.plan.seed)
    write_items(folder, evidence.world.on_sale(evidence.plan.first_day(evidence.plan.weeks)))
    examined = pl.DataFrame({"examined": evidence.examined()}).with_row_index("position")
    examined.write_csv(folder / "examination.csv")
    return config
