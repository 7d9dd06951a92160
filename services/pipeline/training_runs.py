"""The (:TrainingRun) nodes: what each training came to, for analysts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from graph.reconcile import current, write
from graph.tables import TRAINING_RUN
from services.workspace import Workspace


def note(workspace: Workspace, run: str, model: str, settings: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    """Writes the run's node with what was told of it, unless it is there; a column that was not told of is null."""
    if current(workspace.client, TRAINING_RUN).filter(pl.col("id") == run).is_empty():
        row = {name: told.get(name) for name in TRAINING_RUN.columns}
        row |= {"id": run, "model": model, "settings": json.dumps(settings, sort_keys=True)}
        write(workspace.client, TRAINING_RUN, pl.DataFrame([row], schema=TRAINING_RUN.schema))
