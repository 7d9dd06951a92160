"""Is every acknowledged event counted exactly once, though the API is killed again and again while weights are made?

`python -m services.measure.exactly_once [--rounds 100] [--server embedded|neo4j] [--config TOML]`
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import psutil

from graph.embedded import EmbeddedServer
from graph.reconcile import current
from graph.records import EventType
from graph.tables import BOUGHT, CLICKED, ITEM, SAW
from services.demo.shop import write_shop
from services.demo.visitor import free_port, served
from services.feedback.profiles import follow_journal
from services.measure.commands import kerec
from services.measure.report import Section
from services.measure.servers import SERVERS, environment
from services.measure.traffic import USERS, Traffic
from services.pipeline.run import run_steps
from services.shop import Shop
from services.workspace import Workspace, open_workspace

ROUNDS = 100
_ITEMS = 30
_LONGEST = 3.0  # seconds: about what the command takes beside which the API is killed
_EDGES = {EventType.PURCHASE: BOUGHT, EventType.CLICK: CLICKED, EventType.EXPOSURE: SAW}

Key = tuple[str, str, str]  # user, item, type


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the events: `unanswered` are stored although their sender was never told.

    `lost` are acknowledged and not counted, `doubled` counted more often than once.
    """

    rounds: int
    sent: int
    acknowledged: int
    unanswered: int
    counted: int
    lost: int
    doubled: int


def main() -> None:
    """Prints the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--server", choices=SERVERS, action="append")
    parser.add_argument("--config", type=Path, help="a shop of yours, which gets the events; without it the demo shop")
    arguments = parser.parse_args()
    for section in sections(arguments.rounds, arguments.server or SERVERS, arguments.config):
        print(section.markdown())  # noqa: T201 - what the command is for


def sections(
    number: int = ROUNDS, servers: tuple[str, ...] | list[str] = SERVERS, config: Path | None = None
) -> list[Section]:
    """The tally of every server."""
    rows = []
    for server in servers:
        with (
            tempfile.TemporaryDirectory(prefix="kerec-once-", ignore_cleanup_errors=True) as folder,
            environment(server) as env,
        ):
            shop = config or write_shop(Path(folder))
            tally = rounds(shop, number, env)
            if server == "embedded":
                EmbeddedServer(Shop.open(shop, env).graph_dir).stop()
        rows.append((server, *(getattr(tally, name) for name in Tally.__slots__)))
    return [
        Section(
            "Exactly once",
            "events posted while `kerec weigh` runs, the API killed with SIGKILL in between, 100 rounds: every"
            " acknowledged event is counted exactly once",
            "python -m services.measure.exactly_once",
            ("server", *Tally.__slots__),
            rows,
            ["Every third round is a whole `kerec run`. A tenth of the acknowledged batches is sent again."],
        )
    ]


def rounds(config: Path, number: int, env: Mapping[str, str], seed: int = 0) -> Tally:
    """Runs the shop, kills its API `number` times while events arrive and weights are made, and counts.

    Raises KerecError where the API does not start again, SystemExit where a command fails.
    """
    shop, chance = Shop.open(config, env), random.Random(seed)
    with open_workspace(shop) as workspace:
        _run(workspace)
        port = free_port(0)
        with Traffic(f"http://127.0.0.1:{port}", _items(workspace), seed) as traffic:
            for done in range(number):
                _round(shop, config, port, env, "run" if done % 3 == 2 else "weigh", chance.uniform(0, _LONGEST))
            with served(config, shop.logs_dir / "api.log", port, env):
                time.sleep(chance.random())
        follow_journal(workspace)
        return _tally(workspace, traffic, number)


def _run(workspace: Workspace) -> None:
    for _ in run_steps(workspace):
        pass


def _items(workspace: Workspace) -> list[str]:
    """Some items to buy: few, so that users meet the same one again."""
    return current(workspace.client, ITEM).filter("available")["id"].sort().to_list()[:_ITEMS]


def _round(shop: Shop, config: Path, port: int, env: Mapping[str, str], command: str, seconds: float) -> None:
    """One life of the API: a command starts beside it, and after some seconds of that it is killed."""
    with served(config, shop.logs_dir / "api.log", port, env) as (_, api), ThreadPoolExecutor(1) as beside:
        ended = beside.submit(kerec, [command, "--config", str(config)], env)
        time.sleep(seconds)
        _kill(api.pid)
        ended.result()


def _kill(pid: int) -> None:
    """Ends a server by SIGKILL, the parent first, which would otherwise replace its workers."""
    parent = psutil.Process(pid)
    session = os.getsid(pid)  # an embedded graph server has one of its own
    workers = [child for child in parent.children(recursive=True) if os.getsid(child.pid) == session]
    for process in (parent, *workers):
        process.kill()


def _tally(workspace: Workspace, traffic: Traffic, number: int) -> Tally:
    stored = workspace.journal.frame(USERS).select("id", "user", "item", "type")
    stored = stored.filter(pl.col("id").is_in(list(traffic.sent)))
    expected: Counter[Key] = Counter(stored.select("user", "item", "type").iter_rows())
    counted = _counted(workspace)
    ids = set(stored["id"])
    return Tally(
        rounds=number,
        sent=len(traffic.sent),
        acknowledged=len(traffic.acknowledged),
        unanswered=len(ids - traffic.acknowledged),
        counted=counted.total(),
        lost=len(traffic.acknowledged - ids) + (expected - counted).total(),
        doubled=(counted - expected).total(),
    )


def _counted(workspace: Workspace) -> Counter[Key]:
    """How often the graph says that each of the visitors did what."""
    counts: Counter[Key] = Counter()
    for kind, view in _EDGES.items():
        rows = current(workspace.client, view).filter(pl.col("user").is_in(USERS)).select("user", "item", "count")
        counts.update({(user, item, kind.value): count for user, item, count in rows.iter_rows()})
    return counts


if __name__ == "__main__":
    main()
