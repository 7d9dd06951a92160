"""The real API as a process, killed while it takes events and while another command makes weights of them."""

from __future__ import annotations

from pathlib import Path

from graph.address import ServerKind
from graph.client import GraphClient
from services.measure.exactly_once import rounds
from tests.live.environment import graph_environment
from tests.live.shops import SmallShop

ROUNDS = {ServerKind.EMBEDDED: 4, ServerKind.NEO4J: 2}


def test_every_acknowledged_event_is_counted_exactly_once(client: GraphClient, tmp_path: Path) -> None:
    config = SmallShop(tmp_path / "shop").write()

    number = ROUNDS[client.address.kind]

    tally = rounds(config, number, graph_environment(client.address))

    assert tally.acknowledged > 10 * number
    assert tally.counted == tally.acknowledged + tally.unanswered
    assert (tally.rounds, tally.lost, tally.doubled) == (number, 0, 0)
