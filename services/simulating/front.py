"""One arm's shopfront: its shop on an embedded graph of its own, answered by `kerec serve`, weighed every week."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from graph.embedded import EmbeddedServer
from services.demo.visitor import free_port, served
from services.feedback.profiles import follow_journal
from services.pipeline.load import LOAD
from services.pipeline.run import run_steps
from services.pipeline.weigh import WEIGH
from services.shop import Shop
from services.simulating.arms import Arm, write_arm, write_items
from services.workspace import Workspace, open_workspace
from training.simulator.http import HttpService
from training.simulator.log import Sent
from training.simulator.port import Shown

_PATIENCE = 300.0  # seconds until the API must be ready: an experiment of minutes need not fail on a busy machine


@dataclass(frozen=True, slots=True)
class ServedShopfront:
    """Implements `training.simulator.port.Shopfront`: lists and events by HTTP; the shop's own steps once a week."""

    workspace: Workspace
    service: HttpService

    def open_week(self, items: Sequence[str]) -> None:
        """What the shop's operator does on Mondays: a new catalogue file, `kerec load` and `kerec weigh`."""
        write_items(self.workspace.shop.folder, items)
        for _ in run_steps(self.workspace, (LOAD, WEIGH)):
            pass

    def lists(self, users: Sequence[str], k: int) -> list[list[Shown]]:
        """Asked of the API."""
        return self.service.lists(users, k)

    def post(self, events: Sequence[Sent]) -> None:
        """Posted to the API; returns once the graph has followed, so that a run is the same every time."""
        self.service.post(events)
        follow_journal(self.workspace)


@contextmanager
def open_front(
    arm: Arm,
    folder: Path,
    events: pl.DataFrame,
    items: Sequence[str],
    seed: int,
    environ: Mapping[str, str] | None = None,
) -> Iterator[ServedShopfront]:
    """The arm's shop with these events [EVENT_SCHEMA] and items, loaded, weighed and served while this is open.

    `environ` may name a graph server for it. Without, it has an embedded one of its own, whatever this process's
    environment names: that graph is another shop's.
    """
    config = write_arm(arm, folder, events, seed)
    write_items(folder, items)
    shop = Shop.open(config, environ or {})
    child = _environment() | dict(environ or {})
    try:
        with open_workspace(shop) as workspace:
            for _ in run_steps(workspace):
                pass
            with served(config, shop.logs_dir / "api.log", free_port(0), child, _PATIENCE) as (address, _):
                yield ServedShopfront(workspace, HttpService(address))
    finally:
        if shop.settings.graph is None:
            EmbeddedServer(shop.graph_dir).stop()


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("KEREC_")}
