"""The demo shop as a folder like any user's: tables and a `kerec.toml`."""

from __future__ import annotations

import io
import os
import tempfile
from importlib import resources
from pathlib import Path

import polars as pl

from graph.errors import StorageError
from services.demo.shoppers import generate

TOML = """\
[shop]
id = "demo"

[items]
path = "items.csv"
columns = { id = "id", title = "title", brand = "brand", category = "category", price = "price", \
created_at = "created_at" }

[[events]]
path = "events.csv"
columns = { id = "event_id", user = "user_id", item = "item_id", type = "type", time = "time", \
position = "position", request = "request_id" }

[dictionary]
path = "entities.csv"
columns = { id = "id", name = "name", aliases = "aliases", categories = "categories", definition = "definition", \
kind = "kind", durable = "durable" }

[judge]
name = "recorded"
path = "verdicts.csv"
columns = { head = "head", tail = "tail", label = "label", strength = "strength", reason = "reason" }
unlisted = "unrelated"
"""


def write_shop(folder: Path, seed: int = 7) -> Path:
    """Write the demo shop into a folder and return the path of its `kerec.toml`.

    Equal seeds give equal bytes, and a file that is already equal is left alone. Raises StorageError where the
    folder cannot be written.
    """
    contents = {name: _packaged(name) for name in ("items.csv", "entities.csv", "verdicts.csv")}
    contents["events.csv"] = demo_events(seed).write_csv().encode()
    contents["kerec.toml"] = TOML.encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            _write(folder / name, content)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StorageError(
            f"the demo shop cannot be written to {folder}: {reason}; choose a folder that can be written to"
        ) from error
    return folder / "kerec.toml"


def demo_table(name: str) -> pl.DataFrame:
    """A packaged table (items, entities, item_entities, verdicts, needs), every column as text, empty cells null."""
    return pl.read_csv(io.BytesIO(_packaged(f"{name}.csv")), infer_schema=False)


def demo_events(seed: int = 7) -> pl.DataFrame:
    """The events of the demo shop's shoppers; columns as in `services.demo.shoppers.EVENT_COLUMNS`."""
    gold = demo_table("item_entities").rename({"item_id": "id", "entity_id": "entity"})
    items = demo_table("items").join(gold, on="id", how="left", maintain_order="left")
    return generate(items, demo_table("needs").with_columns(pl.col("rate").cast(pl.Float64)), seed=seed)


def _packaged(name: str) -> bytes:
    return resources.files("services.demo").joinpath("data", name).read_bytes()


def _write(path: Path, content: bytes) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
