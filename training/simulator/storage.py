"""Logs as files, so that an arm that has been run is not run again."""

from __future__ import annotations

import shutil
from dataclasses import fields
from pathlib import Path

import polars as pl

from graph.errors import StorageError
from training.simulator.log import Log


def save_log(log: Log, folder: Path) -> None:
    """Writes a log's frames; the folder appears whole or not at all. Raises StorageError where it cannot be written."""
    part = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        for field in fields(log):
            getattr(log, field.name).write_parquet(part / f"{field.name}.parquet")
        part.rename(folder)
    except OSError as error:
        raise StorageError(f"{folder} cannot be written: {error.strerror or error}") from error


def load_log(folder: Path) -> Log | None:
    """The log of a folder, None where there is none."""
    if not folder.is_dir():
        return None
    return Log(**{field.name: pl.read_parquet(folder / f"{field.name}.parquet") for field in fields(Log)})
