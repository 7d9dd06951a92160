"""Killed with SIGKILL while it trains or publishes, and resumed, does a training end in the same model and graph?

`python -m services.measure.training_kills --data FOLDER [--rounds 20]`
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from graph.client import GraphClient
from graph.embedded import EmbeddedServer
from graph.export import table_frame
from graph.tables import TABLES
from services.measure.commands import kerec, shop_copy
from services.measure.report import Section
from services.measure.servers import environment
from services.pipeline import learned
from services.shop import Shop
from services.workspace import graph_address

EXAMPLE = Path("examples/beauty/kerec.toml")
_TRAIN = ("train", "--epochs", "2")
_TABLES = ("Entity", "COMPLEMENTS", "Shop")  # what a training publishes into


def main() -> None:
    """Prints the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=20)
    arguments = parser.parse_args()
    print(section(arguments.data, arguments.rounds).markdown())  # noqa: T201 - what the command is for


def section(data: Path, rounds: int = 20, seed: int = 0) -> Section:
    """What became of trainings killed at random moments, on Beauty."""
    chance = random.Random(seed)
    with environment("embedded") as plain, tempfile.TemporaryDirectory(prefix="kerec-training-kills-") as folder:
        env = {**plain, "KEREC_DATA": str(data.absolute())}
        config = shop_copy(EXAMPLE, Path(folder))
        shop = Shop.open(config, env)
        kerec(["run", "--config", str(config)], env)
        started = time.monotonic()
        kerec([*_TRAIN, "--config", str(config)], env)
        length = time.monotonic() - started
        expected = _state(shop)
        rows = []
        for number in range(1, rounds + 1):
            _reset(shop, config, env)
            after = length * chance.uniform(0.05, 1.0)
            where = _killed(shop, config, env, after)
            kerec([*_TRAIN, "--resume", "--config", str(config)], env)
            rows.append((number, after, where, _equal(expected, _state(shop))))
        EmbeddedServer(shop.graph_dir).stop()
    return Section(
        "A training killed and resumed",
        "20 SIGKILLs during training and publishing, each resumed: the same result as without",
        "python -m services.measure.training_kills --data $DATA",
        ("round", "killed after, s", "in", "same model and graph"),
        rows,
        [f"Undisturbed, `kerec train --epochs 2` takes {length:.0f} s."],
    )


def _reset(shop: Shop, config: Path, env: Mapping[str, str]) -> None:
    """As before the training: without a model, with the counters' weights."""
    shutil.rmtree(shop.models_dir / "edges")
    with graph_address(shop) as address, GraphClient(address) as client:
        client.run("load/step/delete", rows=[{"id": "train"}])
    kerec(["weigh", "--force", "--config", str(config)], env)


def _killed(shop: Shop, config: Path, env: Mapping[str, str], seconds: float) -> str:
    """Kills a training so many seconds after its start; what it was doing then."""
    command = [sys.executable, "-m", "services.cli", *_TRAIN, "--config", str(config)]
    process = subprocess.Popen(command, env=dict(env), stdout=subprocess.DEVNULL)
    time.sleep(seconds)
    ended = process.poll() is not None
    process.kill()
    process.wait()
    if ended:
        return "nothing: it was done"
    if learned.used(shop):
        return "publishing"
    return "training" if list((shop.models_dir / "edges").glob("*/log.jsonl")) else "reading"


def _state(shop: Shop) -> dict[str, pl.DataFrame]:
    run = learned.used(shop)
    if run is None:
        raise SystemExit("the training released no model")
    model = learned.read(shop, run)
    with graph_address(shop) as address, GraphClient(address) as client:
        tables = {name: table_frame(client, TABLES[name]) for name in _TABLES}
    return {**tables, "weights": model.weights, "views": model.views}


def _equal(one: Mapping[str, pl.DataFrame], other: Mapping[str, pl.DataFrame]) -> bool:
    return all(frame.equals(other[name]) for name, frame in one.items())


if __name__ == "__main__":
    main()
