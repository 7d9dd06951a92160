"""Which rankers a shop has, and the evidence of each: what is read of them without what it takes to run them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from graph.atomic import replacing
from graph.errors import StorageError
from graph.tables import LEADS_TO

EVIDENCE_FILE, MANIFEST_FILE = "evidence.parquet", "manifest.json"
AGAIN = "delete it, then kerec train --only ranker makes it again"
_LATEST = "latest"


def latest(folder: Path) -> str | None:
    """The version that was saved last, None where there is none; raises StorageError where it cannot be read."""
    path = folder / _LATEST
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror or error}") from error


def make_latest(folder: Path, version: str) -> None:
    """Notes the version that was saved last; raises StorageError where the disk refuses."""
    with replacing(folder / _LATEST) as part:
        part.write_text(version + "\n")


def make_none_latest(folder: Path) -> None:
    """As before the first ranker: the next release names none."""
    (folder / _LATEST).unlink(missing_ok=True)


def made_from(folder: Path, version: str) -> dict[str, Any]:
    """What the ranker of that version was learned from, empty where that cannot be read."""
    try:
        found: dict[str, Any] = json.loads((folder / version / MANIFEST_FILE).read_text())["made_from"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return found


def has_evidence(folder: Path, version: str) -> bool:
    """Whether the ranker of that version is there with the evidence that it reads."""
    return (folder / version / EVIDENCE_FILE).is_file()


def evidence_of(folder: Path, version: str) -> pl.DataFrame:
    """What the ranker of that version reads of items [LEADS_TO.schema]; raises StorageError where it cannot be read."""
    path = folder / version / EVIDENCE_FILE
    try:
        return pl.read_parquet(path, glob=False).cast(LEADS_TO.schema)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise StorageError(f"the ranker in {path.parent} is damaged ({path.name}): {AGAIN}") from error
