"""`kerec run` as a process, killed from outside at a random moment of a step."""

from __future__ import annotations

from pathlib import Path

from graph.address import GraphAddress
from graph.client import GraphClient
from services.measure.kills import kills
from services.workspace import wipe
from tests.live.environment import graph_environment
from tests.live.shops import SmallShop


def test_a_killed_command_started_again_ends_in_the_same_graph(embedded_address: GraphAddress) -> None:
    def make(folder: Path) -> Path:
        return SmallShop(folder).write()

    with GraphClient(embedded_address) as client:
        wipe(client)
        [killed] = kills(make, graph_environment(embedded_address), ["load"])
        wipe(client)

    assert killed.step == "load"
    assert killed.same
