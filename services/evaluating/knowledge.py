"""What the held-out shop's graph says of items: main entities and complementary edges, kept beside the results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from graph.atomic import replacing
from graph.snapshot import read_snapshot
from services.evaluating.held_out_shop import HeldOutShop
from training.evaluation.concepts import Concepts


def known_concepts(held_out: HeldOutShop, items: Sequence[str], folder: Path) -> Concepts | None:
    """The concepts of items, None where no item has one: a shop without a dictionary."""
    concepts = read_concepts(held_out, items, folder)
    return concepts if (concepts.main >= 0).any() else None


def read_concepts(held_out: HeldOutShop, items: Sequence[str], folder: Path) -> Concepts:
    """The concepts of items in the order of a task's; read once from a graph, then from `folder`."""
    paths = [folder / "knowledge" / f"{held_out.version}-{name}.parquet" for name in ("entities", "complements")]
    if not all(path.exists() for path in paths):
        snapshot = read_snapshot(held_out.workspace.client)
        main = snapshot.items.select("entity", item="id").filter(pl.col("entity").is_not_null())
        for path, frame in zip(paths, (main, snapshot.complements.select("head", "tail")), strict=True):
            with replacing(path) as part:
                frame.write_parquet(part)
    return Concepts.of(items, *(pl.read_parquet(path) for path in paths))
