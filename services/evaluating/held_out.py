"""A temporary shop without the held-out events, run through the real pipeline on an embedded graph of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from graph.embedded import EmbeddedServer
from graph.reconcile import Progress
from graph.records import EVENT_SCHEMA
from services.catalog.events import read_events
from services.catalog.items import read_items
from services.feedback.timeline import in_timeline_order
from services.pipeline.run import run_steps
from services.settings import EventTable, ShopSettings
from services.settings.text import OFF
from services.shop import Shop
from services.workspace import Workspace, open_workspace


def shop_events(shop: Shop) -> pl.DataFrame:
    """All good events of the shop's files, in timeline order."""
    items = read_items(shop.settings.items).content
    events = read_events(shop.settings.events, items["id"]).content
    return in_timeline_order(events.with_columns(seq=pl.int_range(1, pl.len() + 1, dtype=pl.Int64)))


@contextmanager
def held_out_workspace(shop: Shop, train: pl.DataFrame, progress: Progress) -> Iterator[Workspace]:
    """A workspace whose graph was made from `train` [EVENT_SCHEMA] in place of the shop's events.

    Verdicts come from the shop's file or ledger: no language model is asked. Everything is deleted afterwards.
    """
    folder = Path(tempfile.mkdtemp(prefix="kerec-evaluate-"))
    copy = Shop(_settings(shop, folder, train), folder)
    try:
        _share_texts(shop, copy)
        if copy.settings.judge is None and shop.ledger_path.exists():
            shutil.copytree(shop.ledger_path.parent, copy.ledger_path.parent)
        with open_workspace(copy, progress=progress) as workspace:
            for _ in run_steps(workspace):
                pass
            yield workspace
    finally:
        EmbeddedServer(copy.graph_dir).stop()
        shutil.rmtree(folder, ignore_errors=True)


def _share_texts(shop: Shop, copy: Shop) -> None:
    """What was encoded once is not encoded again."""
    if shop.settings.text.model != OFF:
        for place in (shop.text_cache.parent, copy.models_dir):
            place.mkdir(parents=True, exist_ok=True)
        copy.text_cache.parent.symlink_to(shop.text_cache.parent)


def _settings(shop: Shop, folder: Path, train: pl.DataFrame) -> ShopSettings:
    path = folder / "events.parquet"
    train.select(EVENT_SCHEMA.names()).write_parquet(path)
    settings = shop.settings
    clock = {"time": "at"} if settings.clock == "time" else {"order": "order"} if settings.clock == "order" else {}
    names = ("id", "type", "item", "user", "basket", "price", "position", "request")
    table = EventTable.model_validate(
        {
            "path": path,
            "columns": {**{name: name for name in names}, **clock},
            "time_unit": "ms" if "time" in clock else None,
        }
    )
    judge = settings.judge if settings.judge and settings.judge.name == "recorded" else None
    return settings.model_copy(update={"graph": None, "events": (table,), "judge": judge})
