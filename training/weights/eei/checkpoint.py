"""Where training stands, on disk: what a killed run goes on from."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from graph.atomic import replacing
from graph.errors import StorageError

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """After `step` steps of `epoch`; `model`, `best` and `optimizer` are state dicts, `rest` what the loop counts."""

    epoch: int
    step: int
    model: State
    best: State
    optimizer: State
    rest: State

    def save(self, path: Path) -> None:
        """Writes the file whole or not at all; raises StorageError where the disk refuses."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        try:
            with replacing(path) as part:
                torch.save(fields, part)
        except RuntimeError as error:  # torch reports a full disk as one
            raise StorageError(f"{path} cannot be written: {error}") from error


def load(path: Path) -> Checkpoint | None:
    """The checkpoint, None where there is none; raises StorageError for a file that is none."""
    if not path.exists():
        return None
    try:
        return Checkpoint(**torch.load(path, map_location="cpu", weights_only=True))
    except (OSError, RuntimeError, TypeError, pickle.UnpicklingError, EOFError) as error:
        raise StorageError(f"{path} is no checkpoint ({str(error).splitlines()[0]}): delete it") from error
