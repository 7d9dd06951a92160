"""A good shop that was run once, its graph on a real server, and copies of its folder."""

from __future__ import annotations

import hashlib
import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from graph.address import GraphAddress
from graph.client import GraphClient
from graph.embedded import EmbeddedServer
from graph.export import table_frame
from graph.tables import TABLES
from services.feedback.journal import Journal, JournalState
from services.judging.ledger import Ledger
from services.measure.bad_input.command import Call, Runner, Said, clean_environ
from services.measure.bad_input.rooms import Room
from services.measure.bad_input.shop import write_tiny_shop
from services.shop import Shop


@dataclass(frozen=True, slots=True)
class Standing:
    """Equal exactly when graph, journal and ledger are."""

    graph: str
    journal: JournalState
    ledger: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A folder of its own, the run shop in it, and the server of its graph."""

    root: Path
    runner: Runner
    server: EmbeddedServer
    address: GraphAddress
    client: GraphClient
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def base(self) -> Path:
        """The shop that all copies are made of."""
        return self.root / "shop"

    def copy(self) -> Path:
        """The shop in a folder of its own, journal and ledger with it, on the same graph as the others."""
        folder = self.root / f"{next(self.numbers)}" / "shop"
        shutil.copytree(self.base, folder, ignore=shutil.ignore_patterns("graph", "*.lock"))
        return folder

    def environ(self, **more: str) -> dict[str, str]:
        """The environment of a command on the shared graph; an empty value takes a variable away."""
        graph = {
            "KEREC_GRAPH_URI": self.address.uri,
            "KEREC_GRAPH_USER": self.address.user,
            "KEREC_GRAPH_PASSWORD": self.address.password,
            "KEREC_GRAPH_DATABASE": self.address.database,
        }
        return {name: value for name, value in clean_environ(**(graph | more)).items() if value}

    def run(
        self, folder: Path, *arguments: str, environ: dict[str, str] | None = None, room: Room | None = None
    ) -> Said:
        """One command to its end."""
        return self.runner.run(Call(arguments, folder, self.environ(**(environ or {})), room))

    def standing(self, folder: Path) -> Standing:
        """What stands in the graph, and in the folder's journal and ledger."""
        shop = Shop.open(self.base / "kerec.toml", {})
        journal = Journal(folder / shop.journal_path.relative_to(self.base))
        with Ledger(folder / shop.ledger_path.relative_to(self.base)) as ledger:
            return Standing(graph_digest(self.client), journal.state(), ledger.state())

    def shortened(self, text: str) -> str:
        """A text without what differs from machine to machine."""
        return text.replace(str(self.root), "…")


def graph_digest(client: GraphClient) -> str:
    """A hash over the plain export of a graph."""
    digest = hashlib.sha256()
    for table in TABLES.values():
        if not table.run_only:
            digest.update(table_frame(client, table).write_json().encode())
    return digest.hexdigest()


@contextmanager
def ground(runner: Runner) -> Iterator[Ground]:
    """A good shop that was run; its server ends with the block."""
    with tempfile.TemporaryDirectory(prefix="kerec-bad-input-") as name:
        root = Path(name)
        server = EmbeddedServer(write_tiny_shop(root / "shop") / ".kerec" / "graph")
        try:
            with server.lease() as address, GraphClient(address) as client:
                found = Ground(root=root, runner=runner, server=server, address=address, client=client)
                said = found.run(found.base, "run")
                if said.code:
                    raise RuntimeError(f"the good shop could not be run: {said.err}")
                yield found
        finally:
            server.stop()
