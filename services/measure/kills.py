"""Killed with SIGKILL in the middle of a step and started again, does a run end in the same graph?

`python -m services.measure.kills (--data FOLDER | --config TOML) [--server embedded|neo4j]`
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from graph.client import GraphClient
from graph.embedded import EmbeddedServer
from graph.errors import GraphError
from graph.export import table_frame
from graph.tables import STEP, TABLES
from services.measure.commands import kerec, shop_copy
from services.measure.report import Section
from services.measure.servers import SERVERS, environment
from services.pipeline.run import run_steps
from services.shop import Shop
from services.workspace import graph_address, open_workspace, wipe

KILLED_STEPS = ("load", "judge", "weigh")
EXAMPLE = Path("examples/beauty/kerec.toml")
_LOOK_SECONDS = 0.02

Export = dict[str, pl.DataFrame]
Make = Callable[[Path], Path]  # writes a shop into a folder and returns its kerec.toml


@dataclass(frozen=True, slots=True)
class Kill:
    """One run that was killed: in which step, how many seconds after its beginning, and whether it made up for it."""

    step: str
    seconds: float
    inside: bool  # the step had begun and was not done
    same: bool  # the next run ended in the graph of a run that nobody disturbed


def main() -> None:
    """Prints the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, help="the folder of the research data sets: Beauty is run")
    source.add_argument("--config", type=Path, help="another shop, whose toml names its files by absolute paths")
    parser.add_argument("--server", choices=SERVERS, action="append")
    arguments = parser.parse_args()
    for section in sections(arguments.data, arguments.server or SERVERS, arguments.config or EXAMPLE):
        print(section.markdown())  # noqa: T201 - what the command is for


def sections(
    data: Path | None, servers: Sequence[str] = SERVERS, config: Path = EXAMPLE, steps: Sequence[str] = KILLED_STEPS
) -> list[Section]:
    """What became of the killed runs on every server."""
    rows: list[tuple[object, ...]] = []
    for server in servers:
        with environment(server) as plain:
            env = {**plain, "KEREC_DATA": str(data.absolute())} if data else plain
            killed = kills(lambda folder: shop_copy(config, folder), env, steps)
            rows += [(server, kill.step, kill.seconds, kill.inside, kill.same) for kill in killed]
    return [
        Section(
            "Killed and started again",
            "killed with SIGKILL at any step and started again, a run ends in the same graph (exports compared)",
            "python -m services.measure.kills --data $DATA",
            ("server", "killed in", "after, s", "inside the step", "same graph"),
            rows,
            ["The small shop of `tests/live/test_kills.py` is killed at the start, middle and end of every step."],
        )
    ]


def kills(make: Make, env: Mapping[str, str], steps: Sequence[str] = KILLED_STEPS, seed: int = 0) -> list[Kill]:
    """Runs the shop undisturbed, and once for every step with a kill at a random moment of that.

    Without KEREC_GRAPH_URI in `env` each run has an embedded server of its own; with it that graph is emptied before
    each. Raises GraphError where that is not empty at first, SystemExit where a command fails.
    """
    chance = random.Random(seed)
    with _shop(make, env, emptied=False) as (_, shop):
        with open_workspace(shop) as workspace:
            lengths = {outcome.step: outcome.seconds for outcome in run_steps(workspace)}
        undisturbed = _export(shop)
    found = []
    for step in steps:
        after = lengths[step] * chance.uniform(0.1, 0.6)
        with _shop(make, env, emptied=True) as (config, shop):
            inside = _killed(config, shop, env, step, after)
            kerec(["run", "--config", str(config)], env)
            found.append(Kill(step, after, inside, _equal(undisturbed, _export(shop))))
    return found


@contextmanager
def _shop(make: Make, env: Mapping[str, str], *, emptied: bool) -> Iterator[tuple[Path, Shop]]:
    """A shop that was never run, with an empty graph that stays up until the block ends."""
    with tempfile.TemporaryDirectory(prefix="kerec-kills-") as folder:
        config = make(Path(folder))
        shop = Shop.open(config, env)
        with graph_address(shop) as address:
            with GraphClient(address) as client:
                if not emptied and client.rows("load/shop/count")[0]["nodes"]:
                    raise GraphError(f"the graph at {address.uri} is not empty: these runs would delete it")
                wipe(client)
            yield config, shop
        if shop.settings.graph is None:
            EmbeddedServer(shop.graph_dir).stop()


def _killed(config: Path, shop: Shop, env: Mapping[str, str], step: str, seconds: float) -> bool:
    """Starts a run and kills it so many seconds after the step began; whether it was inside the step then."""
    command = [sys.executable, "-m", "services.cli", "run", "--config", str(config)]
    process = subprocess.Popen(command, env=dict(env), stdout=subprocess.DEVNULL)
    with graph_address(shop) as address, GraphClient(address) as client:
        while not _begun(shop, client, step):
            if process.poll() is not None:
                raise SystemExit(f"kerec run ended with {process.returncode} before its step {step}")
            time.sleep(_LOOK_SECONDS)
        time.sleep(seconds)
        process.kill()
        process.wait()
        return step not in _done(client)


def _begun(shop: Shop, client: GraphClient, step: str) -> bool:
    """Whether the step before is stamped; the first one begins when the run takes its lock."""
    before = {"load": None, "pair": "load", "judge": "pair", "weigh": "judge"}[step]
    return (shop.state_dir / "run.lock").exists() if before is None else before in _done(client)


def _done(client: GraphClient) -> set[str]:
    return {row["id"] for row in client.rows(f"load/{STEP.name}/read")}


def _export(shop: Shop) -> Export:
    with graph_address(shop) as address, GraphClient(address) as client:
        return {name: table_frame(client, table) for name, table in TABLES.items() if not table.run_only}


def _equal(one: Export, other: Export) -> bool:
    return one.keys() == other.keys() and all(frame.equals(other[name]) for name, frame in one.items())


if __name__ == "__main__":
    main()
