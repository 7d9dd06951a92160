"""What a step of the run is, and how it is known to be done already."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl
from pydantic import BaseModel

from graph.errors import DataError
from graph.reconcile import write
from graph.tables import STEP
from services.workspace import Workspace

Summary = dict[str, int | float | str]


@dataclass(frozen=True, slots=True)
class Done:
    """What a step did, and the fingerprint of what it was done from.

    Events and verdicts may arrive while a step works: the fingerprint is of those that it read.
    """

    summary: Summary
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `fingerprint` covers all that its result depends on, `work` brings graph and files to that result.

    `work` must end in the same state however often it was killed before.
    """

    name: str
    fingerprint: Callable[[Workspace], str]
    work: Callable[[Workspace], Done]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a step: its summary, whether there was anything to do, and the seconds it took."""

    step: str
    unchanged: bool
    seconds: float
    summary: Summary


# What no longer holds once a step is done anew. The embed step's fingerprint is of the texts
# themselves, and a trained model is used until there is another.
STALE = MappingProxyType(
    {
        "load": ("load", "pair", "judge", "weigh"),
        "embed": ("embed",),
        "pair": ("pair", "judge", "weigh"),
        "judge": ("judge", "weigh"),
        "train": ("train",),
        "weigh": ("weigh",),
        "rank": ("rank",),
    }
)


def run_step(step: Step, workspace: Workspace) -> Outcome:
    """Does the step unless the graph's stamp says that it was done from the same inputs; stamps it last."""
    started = time.monotonic()
    stamp = _note_of(workspace, step.name)
    if stamp is not None and stamp["fingerprint"] == step.fingerprint(workspace):
        return Outcome(step.name, True, time.monotonic() - started, json.loads(stamp["summary"]))
    # What was stamped upon it no longer holds, also if this is killed and its inputs are then put back.
    stale = [row["id"] for row in workspace.client.rows("load/step/read") if row["id"] in STALE[step.name]]
    if stale:
        workspace.client.run("load/step/delete", rows=[{"id": name} for name in stale])
    done = step.work(workspace)
    row = {
        "id": step.name,
        "fingerprint": done.fingerprint,
        "summary": json.dumps(done.summary),
        "finished_at": int(time.time() * 1000),
    }
    write(workspace.client, STEP, pl.DataFrame([row], schema=STEP.schema))
    return Outcome(step.name, False, time.monotonic() - started, done.summary)


def digest(*parts: Any) -> str:
    """16 hex digits over JSON-like values, dataclasses and settings; equal values give equal digits everywhere."""
    text = json.dumps([_plain(part) for part in parts], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def file_digest(path: Path) -> str:
    """16 hex digits over a file's content; raises DataError where it cannot be read."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()[:16]
    except FileNotFoundError:
        raise DataError(f"{path} does not exist: correct the path, or make the file") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from error


def frame_digest(frame: pl.DataFrame) -> str:
    """16 hex digits over a frame's values, floats to 9 significant digits; the order of rows does not count."""
    reals, texts = pl.List(pl.Float64), pl.List(pl.String)
    rounded = frame.with_columns(
        pl.col(pl.Float64).round_sig_figs(9),
        pl.col(reals).list.eval(pl.element().round_sig_figs(9).cast(pl.String)).list.join("|"),
        pl.col(texts).list.join("|"),
    )
    lines = sorted(rounded.write_csv(include_header=False).splitlines())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def stamp_of(workspace: Workspace, step: str) -> str | None:
    """The fingerprint that another step left, None where it was never done."""
    note = _note_of(workspace, step)
    return str(note["fingerprint"]) if note else None


def _note_of(workspace: Workspace, step: str) -> dict[str, Any] | None:
    return next((row for row in workspace.client.rows("load/step/read") if row["id"] == step), None)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value
