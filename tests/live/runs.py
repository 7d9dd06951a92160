"""A small shop on a real graph: opened afresh, run, and read back as an export."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from graph.client import GraphClient
from graph.export import export_graph, table_frame
from graph.tables import TABLES
from services.pipeline.run import run_steps
from services.pipeline.step import Outcome
from services.workspace import Workspace, claim, wipe
from tests.live.shops import SmallShop

Export = dict[str, pl.DataFrame]


def opened(client: GraphClient, small: SmallShop, *, empty: bool = False) -> Workspace:
    """The written shop with its graph claimed, emptied before if asked."""
    if empty:
        wipe(client)
    shop = small.open()
    claim(client, shop.id, replace=False)
    return Workspace(shop, client)


def ran(workspace: Workspace) -> list[Outcome]:
    """All steps done."""
    return list(run_steps(workspace))


def export(client: GraphClient) -> Export:
    """What `kerec graph export` writes, as frames."""
    return {str(table.name): table_frame(client, table) for table in TABLES.values() if not table.run_only}


def export_bytes(client: GraphClient, folder: Path) -> dict[str, bytes]:
    """What `kerec graph export` writes, as bytes by file name."""
    export_graph(client, folder)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def differences(one: Export, other: Export) -> list[str]:
    """The tables that are not equal."""
    return [name for name in one.keys() | other.keys() if not one[name].equals(other[name])]


def edges(exported: Export, name: str) -> dict[tuple[str, str], dict[str, object]]:
    """The rows of a relationship type by its two ends."""
    return {tuple(row.values())[:2]: row for row in exported[name].to_dicts()}
