"""Trained edge-weight models on disk: what the weigh step releases where there is one.

`models/edges/ID/` appears whole by one rename, and `models/edges/latest.json` names the one in use.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from graph.atomic import replacing
from graph.errors import StorageError
from services.feedback.journal import JournalState
from services.shop import Shop
from training.weights.learned import WEIGHED

_FOLDER = "edges"
_BEGUN = "begun.json"


@dataclass(frozen=True, slots=True)
class Learned:
    """`weights` [WEIGHED]. `views`: id, substitutable, complementary. `version` is equal for equal models."""

    version: str
    weights: pl.DataFrame
    views: pl.DataFrame


def folder(shop: Shop, run: str) -> Path:
    """Where a training run keeps its files."""
    return shop.models_dir / _FOLDER / run


def begin(path: Path, events: JournalState) -> None:
    """Notes the events that a run begins with, unless it goes on; raises StorageError where the disk refuses."""
    if not (path / _BEGUN).exists():
        path.mkdir(parents=True, exist_ok=True)
        with replacing(path / _BEGUN) as part:
            part.write_text(json.dumps(asdict(events)) + "\n")


def broken_off(shop: Shop) -> list[str]:
    """The runs that began and did not finish."""
    begun = sorted(path.parent.name for path in (shop.models_dir / _FOLDER).glob(f"*/{_BEGUN}"))
    return [run for run in begun if not facts_of(shop, run)]


def begun_of(shop: Shop, run: str) -> JournalState:
    """The events that a run began with; raises StorageError where its note of them cannot be read."""
    path = folder(shop, run) / _BEGUN
    try:
        return JournalState(**_json(path))
    except TypeError as error:
        raise StorageError(f"{path} is not what kerec train wrote: run kerec train again") from error


def keep(path: Path, weights: pl.DataFrame, views: pl.DataFrame, facts: dict[str, Any]) -> None:
    """Writes a finished run's model; raises StorageError where the disk refuses."""
    shutil.rmtree(path / "model", ignore_errors=True)  # of the same run, but damaged
    with replacing(path / "model") as part:
        part.mkdir()
        weights.write_parquet(part / "weights.parquet")
        views.write_parquet(part / "views.parquet")
        (part / "manifest.json").write_text(json.dumps(facts, indent=2, sort_keys=True) + "\n")


def use(shop: Shop, run: str) -> None:
    """Makes a finished run's model the one that is released from now on."""
    with replacing(_latest(shop)) as part:
        part.write_text(json.dumps({"run": run}) + "\n")


def forget(shop: Shop) -> None:
    """Leaves no finished run in use, as before the first training; the runs' files stay."""
    _latest(shop).unlink(missing_ok=True)


def used(shop: Shop) -> str | None:
    """The run whose model is in use, None before the first training and where `[weights] learned` is off."""
    if not shop.settings.weights.learned or not _latest(shop).exists():
        return None
    return str(_json(_latest(shop))["run"])


def facts_of(shop: Shop, run: str) -> dict[str, Any]:
    """What a finished run's manifest says, empty where the run is not finished or its files are gone or broken."""
    try:
        read(shop, run)
        return _json(folder(shop, run) / "model" / "manifest.json")
    except StorageError:
        return {}


def read(shop: Shop, run: str) -> Learned:
    """The model of a finished run; raises StorageError where its files are gone or broken."""
    path = folder(shop, run) / "model"
    try:
        weights = pl.read_parquet(path / "weights.parquet").select(WEIGHED.names())
        views = pl.read_parquet(path / "views.parquet")
    except (OSError, pl.exceptions.PolarsError) as error:
        raise StorageError(f"{path} cannot be read ({str(error).splitlines()[0]}): run kerec train again") from error
    return Learned(f"edges-{run}", weights, views)


def _latest(shop: Shop) -> Path:
    return shop.models_dir / _FOLDER / "latest.json"


def _json(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text())
    except (OSError, json.JSONDecodeError) as error:
        raise StorageError(f"{path} cannot be read ({error}): run kerec train again") from error
    return found
