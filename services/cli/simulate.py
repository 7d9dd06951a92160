"""`kerec simulate`: an experiment on simulated shoppers, through the real API and graph, with a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graph.errors import DataError, UsageError
from services.cli.output import print_json, print_line, print_table, progress

if TYPE_CHECKING:
    from training.simulator.analysis import Replayed
    from training.simulator.open_bandit import Replay


def register(app: typer.Typer) -> None:
    """Adds the command to the app."""
    app.command()(simulate)


def simulate(
    weeks: Annotated[int, typer.Option(min=2, max=10, help="Weeks of the experiment, after four of warm-up.")] = 5,
    shoppers: Annotated[int, typer.Option(min=40, help="People in all arms together.")] = 4000,
    seed: Annotated[int, typer.Option(min=0)] = 7,
    out: Annotated[Path, typer.Option(help="Where the report, its plots and the logs go.")] = Path("simulation"),
    weights: Annotated[
        list[Path] | None,
        typer.Option(help="Further weights to test: a file with head, tail, weight and perhaps item. May repeat."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="The findings as one JSON document.")] = False,
) -> None:
    """A/B/n on the demo shop's catalogue with hidden needs: what knowledge and learned weights are worth there.

    Arms that were run before with the same numbers are not run again, so that a second call with --weights is quick.
    """
    try:
        # Imported here: torch and matplotlib take longer to load than most commands take, and only few need them.
        from services.simulating.reporting import conclude
        from services.simulating.simulate import simulate as run
        from training.simulator.experiment import Plan
        from training.simulator.report import UNTAUGHT
    except ModuleNotFoundError as error:
        raise UsageError(f"the simulation needs {error.name}: install kerec[train]") from error
    missing = [path for path in weights or () if not path.is_file()]
    if missing:
        raise DataError(f"{missing[0]} does not exist: correct the path of --weights")
    command = f"kerec simulate --weeks {weeks} --shoppers {shoppers} --seed {seed}"
    with progress() as report:
        evidence = run(Plan(weeks=weeks, seed=seed), shoppers, out, report)
        findings, bandit = conclude(evidence, out, weights or (), command, report)
    if json:
        print_json(
            {
                "comparisons": [asdict(each) for each in findings.comparisons],
                "weights": {name: asdict(line) for name, line in findings.board.items()},
                "off-policy": [asdict(each) for each in findings.replays],
                "open bandit": [asdict(each) for each in bandit],
            }
        )
        return
    rows = [
        (each.metric, each.arm, 100 * each.lift.value, 100 * each.lift.low, 100 * each.lift.high, each.plain.p)
        for each in findings.comparisons
    ]
    print_table("arms beside A", ("metric", "arm", "lift, %", "from", "to", "p"), rows)
    print_table(
        f"AUC of clicks at equal places, {findings.tested:,} exposures held out",
        ("weights", "AUC", "above prior only", "from", "to"),
        [
            (name, line.auc.value, line.gain.value, line.gain.low, line.gain.high)
            for name, line in findings.board.items()
        ],
    )
    if findings.untaught:
        print_line(UNTAUGHT)
    print_off_policy(findings.replays, bandit)
    print_line(f"The report is {out / 'report.md'}; the shop to train on lies in {out / 'shop'}")


def print_off_policy(replays: Sequence[Replayed], bandit: Sequence[Replay]) -> None:
    """What logs say of other policies beside the truth, and, if there are any, on the Open Bandit data."""
    print_table(
        "off-policy estimates of clicks on the first place, many replays of the log",
        ("policy", "estimator", "truth", "mean", "root mean square error", "95 % intervals that hold the truth, %"),
        [(each.policy, each.estimator, each.truth, each.average, each.error, 100 * each.coverage) for each in replays],
    )
    if not bandit:
        return
    told = [
        (each.logged, each.target, each.impressions, each.clicks, name, found.value, found.low, found.high)
        for each in bandit
        for name, found in [*each.estimates.items(), ("the policy's own log", each.own)]
    ]
    columns = ("log of", "policy", "impressions", "clicks", "estimator", "rate of clicks", "from", "to")
    print_table("the same on the Open Bandit data, where both policies were run", columns, told)
