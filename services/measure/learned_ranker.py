"""amazon_beauty_2014 served by the learned ranker: how long training takes, lists a second, and HTTP latency.

`python -m services.measure.learned_ranker --data FOLDER [--server embedded|neo4j]`
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.embedded import EmbeddedServer
from services.measure.beauty import EXAMPLE, LATENCIES, batch, latencies, latency_of
from services.measure.commands import kerec, shop_copy
from services.measure.latency import Latency
from services.measure.report import Section
from services.measure.servers import SERVERS, environment, print_sections
from services.shop import Shop
from services.workspace import open_workspace

_COMMAND = "python -m services.measure.learned_ranker --data $DATA"


@dataclass(frozen=True, slots=True)
class _Measured:
    """Seconds of training and of the lists of so many users."""

    edges: float
    ranker: float
    users: int
    lists: float
    latency: Latency


def main() -> None:
    """Prints the sections of the servers asked for."""
    print_sections(__doc__, sections)


def sections(data: Path, servers: Sequence[str] = SERVERS) -> list[Section]:
    """Training, batch and latency of every server."""
    measured = {server: _on(server, data) for server in servers}
    return [
        Section(
            "Training on Beauty, and its lists",
            "all of Beauty trains in under 10 minutes",
            _COMMAND,
            ("server", "edge weights, s", "ranker, s", "users", "users a second"),
            [(name, one.edges, one.ranker, one.users, one.users / one.lists) for name, one in measured.items()],
            ["`kerec train --only edges` and `--only ranker`, publishing included, then `kerec recommend --users`."],
        ),
        Section(
            "Recall over HTTP with the learned ranker",
            "p50 at most 5 ms above the same statements run bare through the driver",
            _COMMAND,
            LATENCIES,
            [latencies(name, one.latency) for name, one in measured.items()],
        ),
    ]


def _on(server: str, data: Path) -> _Measured:
    with tempfile.TemporaryDirectory(prefix="kerec-ranker-") as folder, environment(server) as plain:
        env = {**plain, "KEREC_DATA": str(data.absolute())}
        config = shop_copy(EXAMPLE, Path(folder))
        kerec(["run", "--config", str(config)], env)
        edges, ranker = (
            kerec(["train", "--only", part, "--config", str(config)], env).seconds for part in ("edges", "ranker")
        )
        shop = Shop.open(config, env)
        with open_workspace(shop) as workspace:
            users, lists = batch(workspace, config, env)
            latency = latency_of(shop, config, env, users)
        if server == "embedded":
            EmbeddedServer(shop.graph_dir).stop()
        return _Measured(edges, ranker, len(users), lists, latency)


if __name__ == "__main__":
    main()
