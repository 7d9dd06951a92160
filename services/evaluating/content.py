"""What the held-out shop knows of items besides purchases, kept beside the results so that a graph is read once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from graph.atomic import replacing
from graph.reconcile import Progress
from graph.snapshot import read_snapshot
from services.encoder import build_encoder
from services.evaluating.held_out_shop import HeldOutShop
from services.shop import Shop
from training.cold.content import Content
from training.text.port import Vectors


def read_content(held_out: HeldOutShop, items: Sequence[str], folder: Path, vectors: Vectors | None = None) -> Content:
    """The content of items in the order of a task's; read once from a graph, then from `folder`."""
    paths = [folder / "knowledge" / f"{held_out.version}-{name}.parquet" for name in ("content", "priors")]
    if not all(path.exists() for path in paths):
        snapshot = read_snapshot(held_out.workspace.client)
        known = snapshot.items.select("id", "title", "brand", "category", "entity")
        for path, frame in zip(paths, (known, snapshot.complements), strict=True):
            with replacing(path) as part:
                frame.write_parquet(part)
    known, complements = (pl.read_parquet(path) for path in paths)
    ordered = pl.DataFrame({"id": items}, schema={"id": pl.String}).join(
        known, on="id", how="left", maintain_order="left"
    )
    return Content.of(ordered, complements, vectors)


def title_vectors(shop: Shop, catalogue: pl.DataFrame, items: Sequence[str], progress: Progress) -> Vectors | None:
    """Vectors of the items' titles [items, d], in their order; None where the shop's `[text]` is off."""
    encoder = build_encoder(shop, progress)
    if encoder is None:
        return None
    titles = dict(catalogue.select("id", "title").iter_rows())
    return np.asarray(encoder.encode([titles[item] or "" for item in items]), dtype=np.float32)
