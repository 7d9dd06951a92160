"""Killed with SIGKILL anywhere and started again, a run ends in the graph of a run that nobody disturbed."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

import pytest

from graph.client import GraphClient
from graph.migrations import migrate
from services.workspace import wipe
from tests.live.runs import Export, differences, export, opened, ran
from tests.live.shops import SmallShop

STEPS = ("load", "embed", "pair", "judge", "weigh")
POINTS = (  # the others are met by the runs that are killed again and again
    ("load", "start"),
    ("load", "middle"),
    ("load", "end"),
    ("pair", "end"),
    ("judge", "start"),
    ("judge", "end"),
    ("weigh", "middle"),
    ("weigh", "end"),
)
KILLED = -signal.SIGKILL

Run = Callable[..., int]


@pytest.fixture
def run(process: subprocess.Popen[str], client: GraphClient, tmp_path: Path) -> Run:
    """Runs a shop in a process that dies inside or after its n-th storing call; returns how it ended."""

    def run_shop(config: Path, fatal: int = 0, *, inside: bool = True) -> int:
        assert process.stdin is not None
        assert process.stdout is not None
        request = {
            "config": str(config),
            "address": astuple(client.address),
            "fatal": fatal,
            "inside": inside,
            "log": str(tmp_path / "log"),
        }
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        return int(process.stdout.readline())

    return run_shop


_UNDISTURBED: dict[str, tuple[Export, dict[str, list[int]]]] = {}


@pytest.fixture
def undisturbed(client: GraphClient, run: Run, tmp_path: Path) -> tuple[Export, dict[str, list[int]]]:
    """The export of a run that nobody disturbs, and the numbers of the storing calls of each of its steps."""
    kind = client.address.kind.value
    if kind not in _UNDISTURBED:
        assert run(SmallShop(tmp_path / "undisturbed").write()) == 0
        _UNDISTURBED[kind] = export(client), calls_by_step(tmp_path / "log")
        wipe(client)
        (tmp_path / "log").unlink()
    return _UNDISTURBED[kind]


def calls_by_step(log: Path) -> dict[str, list[int]]:
    """A step's stamp is the last thing that it writes."""
    calls: dict[str, list[int]] = {step: [] for step in STEPS}
    remaining = iter(STEPS)
    step = next(remaining)
    for number, name in (line.split() for line in log.read_text().splitlines()):
        if name.startswith("load/migration"):
            continue
        if int(number) not in calls[step]:
            calls[step].append(int(number))
        if name == "load/step/write":
            step = next(remaining, step)
    return calls


@pytest.mark.parametrize(("step", "moment"), POINTS, ids=["-".join(point) for point in POINTS])
def test_killed_at_any_step_it_ends_in_the_same_graph(
    client: GraphClient,
    run: Run,
    undisturbed: tuple[Export, dict[str, list[int]]],
    tmp_path: Path,
    step: str,
    moment: str,
) -> None:
    expected, calls = undisturbed
    place = {"start": 0, "middle": len(calls[step]) // 2, "end": -1}[moment]
    config = SmallShop(tmp_path / "killed").write()

    assert run(config, calls[step][place], inside=moment != "middle") == KILLED
    assert differences(export(client), expected) != [] or (step, moment) == ("weigh", "end")
    assert run(config) == 0

    assert differences(export(client), expected) == []


def test_killed_again_and_again(
    client: GraphClient, run: Run, undisturbed: tuple[Export, dict[str, list[int]]], tmp_path: Path
) -> None:
    config = SmallShop(tmp_path / "killed").write()
    migrate(client)  # one migration stores more often than a run may here

    assert run_with_kills(run, config) > len(STEPS)

    assert differences(export(client), undisturbed[0]) == []


def test_killed_again_and_again_while_it_takes_in_changes(client: GraphClient, run: Run, tmp_path: Path) -> None:
    exports = []
    for place, disturbed in enumerate((False, True)):
        wipe(client)
        small = SmallShop(tmp_path / str(place))
        assert run(small.write()) == 0
        change(small)
        if disturbed:
            assert run_with_kills(run, small.write(), calls=6) > len(STEPS)
        else:
            assert run(small.write()) == 0
        exports.append(export(client))

    assert differences(*exports) == []


def test_killed_while_a_graph_of_another_shop_is_replaced(client: GraphClient, run: Run, tmp_path: Path) -> None:
    other = SmallShop(tmp_path / "other", id="demo")
    ran(opened(client, other))
    client.run("load/shop/delete", rows=[{"id": "demo"}])  # what a wipe that was killed leaves: nodes, and no shop

    assert run(SmallShop(tmp_path / "mine").write()) == 1
    assert client.rows("load/shop/count")[0]["nodes"] > 0


def change(small: SmallShop) -> None:
    """An item leaves, another comes; a concept and a verdict leave, another verdict changes; purchases follow."""
    del small.items["mat1"]
    small.items["gas3"] = ("gas", "Gas canister 100 g")
    del small.entities["lantern"]
    del small.verdicts["tent", "bag"]
    small.verdicts["mat", "bag"] = ("complement", 3, "Nobody sleeps on a bare mat.")
    small.bought["u1"] = (*small.bought["u1"], "gas3")
    small.bought["u10"] = ("tent2", "gas3")


def run_with_kills(run: Run, config: Path, calls: int = 4) -> int:
    """Starts a run that dies after so many storing calls, until one comes to its end; how often it was killed.

    The first ones repeat what is stored already (the claim, the import), so that each run gets a call or two further.
    """
    for kills in range(100):
        status = run(config, calls, inside=False)
        if status == 0:
            return kills
        assert status == KILLED
    raise AssertionError("a run that is killed again and again never ends")
