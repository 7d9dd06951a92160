"""Killed with SIGKILL while it trains or publishes, and resumed, does a training end in the same models and graph?

`python -m services.measure.training_kills [--rounds 20] [--server embedded|neo4j]`
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import polars as pl

from graph.client import GraphClient
from graph.embedded import EmbeddedServer
from graph.export import table_frame
from graph.tables import TABLES
from services.demo.shop import write_shop
from services.measure.commands import kerec
from services.measure.report import Section
from services.measure.servers import SERVERS, environment
from services.pipeline import learned
from services.pipeline.release import ranker_of
from services.shop import Shop
from services.workspace import graph_address

_TRAIN = ("train", "--epochs", "4")
_TABLES = ("Entity", "COMPLEMENTS", "LEADS_TO", "Shop")  # what a training publishes into
_READING, _EDGES, _PUBLISHING, _RANKER = "reading", "edge weights", "publishing, ranker", "publishing the ranker"
_LOOK = 0.02  # seconds between looks at how far a training is


def main() -> None:
    """Prints the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--server", choices=SERVERS, action="append")
    arguments = parser.parse_args()
    print(section(arguments.rounds, arguments.server or SERVERS).markdown())  # noqa: T201 - what the command is for


def section(rounds: int = 20, servers: Sequence[str] = SERVERS, seed: int = 0) -> Section:
    """What became of trainings of the demo shop killed in each of their stages, at random moments of it."""
    rows = [row for server in servers for row in _on(server, rounds, random.Random(seed))]
    return Section(
        "A training killed and resumed",
        "20 SIGKILLs during training and publishing, each resumed: the same result as without",
        "python -m services.measure.training_kills",
        ("server", "round", "killed in", "same models and graph"),
        rows,
        ["The demo shop, `kerec train --epochs 4`, then `--resume`: edge weights, then the ranker, each published."],
    )


def _on(server: str, rounds: int, chance: random.Random) -> list[tuple[str | float, ...]]:
    with environment(server) as env, tempfile.TemporaryDirectory(prefix="kerec-training-kills-") as folder:
        training = _Training(write_shop(Path(folder) / "shop"), env)
        kerec(["run", "--config", str(training.config)], env)
        spans = training.undisturbed()
        expected = training.state()
        rows: list[tuple[str | float, ...]] = []
        for number in range(1, rounds + 1):
            stage = list(spans)[number % len(spans)]
            after = spans[stage] * chance.random()
            while (where := training.killed(stage, after)) is None:
                after /= 2  # it came too late: the training was done
            kerec([*_TRAIN, "--resume", "--config", str(training.config)], env)
            rows.append((server, number, where, _equal(expected, training.state())))
        if server == "embedded":
            EmbeddedServer(training.shop.graph_dir).stop()
        return rows


@dataclass(frozen=True)
class _Training:
    config: Path
    env: Mapping[str, str]

    @property
    def shop(self) -> Shop:
        return Shop.open(self.config, self.env)

    def undisturbed(self) -> dict[str, float]:
        """Trains; how long each stage was, in seconds."""
        process, seen = self._start(), dict[str, float]()
        while process.poll() is None:
            seen.setdefault(self._stage(), time.monotonic())
            time.sleep(_LOOK)
        if process.returncode:
            raise SystemExit(f"the training ended with {process.returncode}")
        starts = [*seen.values(), time.monotonic()]
        return {stage: end - start for stage, (start, end) in zip(seen, pairwise(starts), strict=True)}

    def killed(self, stage: str, after: float) -> str | None:
        """Trains anew, and kills the training so many seconds into a stage; the stage in which that was, None where the
        training was done by then."""
        self.reset()
        process = self._start()
        while process.poll() is None and self._stage() != stage:
            time.sleep(_LOOK)
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return self._stage()
        return None

    def reset(self) -> None:
        """As before the training: without models, with the counters' weights."""
        for models in ("edges", "ranker"):
            shutil.rmtree(self.shop.models_dir / models, ignore_errors=True)
        with graph_address(self.shop) as address, GraphClient(address) as client:
            client.run("load/step/delete", rows=[{"id": step} for step in ("train", "rank")])
        kerec(["weigh", "--force", "--config", str(self.config)], self.env)

    def state(self) -> dict[str, pl.DataFrame]:
        """What a training leaves: its models and what is published of them."""
        run = learned.used(self.shop)
        if run is None:
            raise SystemExit("the training released no model")
        model = learned.read(self.shop, run)
        with graph_address(self.shop) as address, GraphClient(address) as client:
            tables = {name: table_frame(client, TABLES[name]) for name in _TABLES}
        ranker = pl.DataFrame({"ranker": [ranker_of(self.shop)]})
        return {**tables, "weights": model.weights, "views": model.views, "ranker": ranker}

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "services.cli", *_TRAIN, "--config", str(self.config)]
        return subprocess.Popen(command, env=dict(self.env), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _stage(self) -> str:
        models = self.shop.models_dir
        if (models / "ranker" / "latest").exists():
            return _RANKER
        if learned.used(self.shop):
            return _PUBLISHING
        return _EDGES if list((models / "edges").glob("*/log.jsonl")) else _READING


def _equal(one: Mapping[str, pl.DataFrame], other: Mapping[str, pl.DataFrame]) -> bool:
    return all(frame.equals(other[name]) for name, frame in one.items())


if __name__ == "__main__":
    main()
