"""amazon_beauty_2014 through the whole service on one server: run, second run, batch lists and HTTP latency.

`python -m services.measure.beauty --data FOLDER [--server embedded|neo4j]`
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from graph.embedded import EmbeddedServer
from services.demo.visitor import free_port, served
from services.measure.commands import Run, kerec, shop_copy
from services.measure.latency import Latency, drawn, measure
from services.measure.report import Section
from services.measure.servers import SERVERS, environment, print_sections
from services.shop import Shop
from services.workspace import Workspace, graph_address, open_workspace

EXAMPLE = Path("examples/beauty/kerec.toml")
REQUESTS = 3000


def main() -> None:
    """Prints the sections of the servers asked for."""
    print_sections(__doc__, sections)


def sections(data: Path, servers: Sequence[str] = SERVERS) -> list[Section]:
    """Run, batch and latency of every server."""
    measured = {server: _on(server, data) for server in servers}
    command = "python -m services.measure.beauty --data $DATA"
    return [
        Section(
            "Beauty, the whole run",
            "under 10 minutes and 4 GiB on 2 cores on each server; a second run does no work and changes nothing",
            command,
            ("server", "first run, s", "peak memory, GiB", "second run, s", "steps unchanged", "same graph"),
            [
                (name, one.first.seconds, one.first.gibibytes, one.second.seconds, one.unchanged, one.same)
                for name, one in measured.items()
            ],
            ["Memory is the sum of the command's and the server's resident sets, sampled every 0.2 s."],
        ),
        Section(
            "Lists for all users",
            "at least 300 users a second, start-up aside, by the same statements that the API uses",
            command,
            ("server", "users", "seconds", "users a second"),
            [(name, one.users, one.batch, one.users / one.batch) for name, one in measured.items()],
            ["`kerec recommend --users`, k = 20; start-up is what the same command takes for one user."],
        ),
        Section(
            "Recall over HTTP",
            "p50 at most 2 ms above the same statements run bare through the driver, p99 at most 30 ms",
            command,
            LATENCIES,
            [latencies(name, one.latency) for name, one in measured.items()],
        ),
    ]


LATENCIES = ("server", "requests", "bare p50, ms", "bare p99", "HTTP p50", "HTTP p99", "HTTP p50 above bare")


def latencies(server: str, at: Latency) -> tuple[str | float, ...]:
    """A server's row of LATENCIES."""
    return (server, at.requests, at.bare_p50, at.bare_p99, at.http_p50, at.http_p99, at.http_p50 - at.bare_p50)


class _Measured:
    """All figures of one server."""

    def __init__(self, first: Run, second: Run, same: bool, users: int, batch: float, latency: Latency) -> None:
        self.first, self.second, self.same = first, second, same
        self.unchanged = all(": unchanged: " in line for line in second.output.splitlines())
        self.users, self.batch, self.latency = users, batch, latency


def _on(server: str, data: Path) -> _Measured:
    with tempfile.TemporaryDirectory(prefix="kerec-beauty-") as folder, environment(server) as plain:
        env = {**plain, "KEREC_DATA": str(data.absolute())}
        config = shop_copy(EXAMPLE, Path(folder))
        marks = (str(folder), "CommunityEntryPoint")
        first = kerec(["run", "--config", str(config)], env, marks)
        before = _export(config, env, Path(folder) / "before")
        second = kerec(["run", "--config", str(config)], env)
        same = before == _export(config, env, Path(folder) / "after")
        shop = Shop.open(config, env)
        with open_workspace(shop) as workspace:
            users, seconds = batch(workspace, config, env)
            latency = latency_of(shop, config, env, users)
        if server == "embedded":
            EmbeddedServer(shop.graph_dir).stop()
        return _Measured(first, second, same, len(users), seconds, latency)


def _export(config: Path, env: Mapping[str, str], out: Path) -> str:
    """A hash over all files of a full export."""
    kerec(["graph", "export", "--all", "--config", str(config), "--out", str(out)], env)
    content = b"".join(path.name.encode() + path.read_bytes() for path in sorted(out.iterdir()))
    return hashlib.sha256(content).hexdigest()


def batch(workspace: Workspace, config: Path, env: Mapping[str, str]) -> tuple[list[str], float]:
    """All users, and the seconds that their lists take beyond those of one."""
    users = workspace.journal.users()
    folder = config.parent
    seconds = []
    for name, some in (("one", users[:1]), ("all", users)):
        (folder / f"{name}.txt").write_text("\n".join(some))
        asked = ["--users", str(folder / f"{name}.txt"), "--out", str(folder / f"{name}.parquet")]
        seconds.append(kerec(["recommend", *asked, "--config", str(config)], env).seconds)
    return users, seconds[1] - seconds[0]


def latency_of(shop: Shop, config: Path, env: Mapping[str, str], users: list[str]) -> Latency:
    some = drawn(users, min(REQUESTS, len(users)))
    log = shop.logs_dir / "api.log"
    with graph_address(shop) as address, served(config, log, free_port(0), env) as (api, _):
        return measure(address, api, some, shop)


if __name__ == "__main__":
    main()
