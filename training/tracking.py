"""Where a training run is written down: a line of JSON for programs, TensorBoard for people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from graph.errors import StorageError

Scalars = Mapping[str, float]


class Tracker(Protocol):
    """What a run reports to."""

    def settings(self, values: Mapping[str, object]) -> None:
        """What the run was started with, once."""

    def scalars(self, step: int, values: Scalars) -> None:
        """Figures after `step` steps; a step that is reported again replaces nothing, the last one counts."""

    def close(self) -> None:
        """Everything is on disk after this."""


class JsonLines:
    """One line a report in a file, flushed at once; a resumed run appends."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise StorageError(f"{path} cannot be written: {error.strerror}") from error

    def settings(self, values: Mapping[str, object]) -> None:
        self._write({"settings": dict(values)})

    def scalars(self, step: int, values: Scalars) -> None:
        self._write({"step": step, **values})

    def close(self) -> None:
        self._file.close()

    def _write(self, row: Mapping[str, object]) -> None:
        self._file.write(json.dumps(row) + "\n")
        self._file.flush()


class TensorBoard:
    """Scalars for `tensorboard --logdir FOLDER`."""

    def __init__(self, folder: Path) -> None:
        # Imported here: it takes a second, and only training needs it.
        from torch.utils.tensorboard import SummaryWriter

        self._writer = SummaryWriter(str(folder))

    def settings(self, values: Mapping[str, object]) -> None:
        self._writer.add_text("settings", json.dumps(dict(values), indent=2))

    def scalars(self, step: int, values: Scalars) -> None:
        for name, value in values.items():
            self._writer.add_scalar(name, value, step)

    def close(self) -> None:
        self._writer.close()


class Several(AbstractContextManager["Several"]):
    """Reports to all of some trackers, and closes them at the end."""

    def __init__(self, trackers: Sequence[Tracker]) -> None:
        self._trackers = trackers

    def settings(self, values: Mapping[str, object]) -> None:
        for tracker in self._trackers:
            tracker.settings(values)

    def scalars(self, step: int, values: Scalars) -> None:
        for tracker in self._trackers:
            tracker.scalars(step, values)

    def close(self) -> None:
        for tracker in self._trackers:
            tracker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
