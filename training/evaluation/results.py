"""Answers kept on disk under a name made of all that they were made from: what was computed once is read again."""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graph.errors import StorageError
from training.evaluation.content import content_digest
from training.evaluation.method import Answers, Method
from training.evaluation.task import Task


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """Answers, and the seconds that they took when they were computed."""

    answers: Answers
    seconds: float


@dataclass(frozen=True, slots=True)
class ResultStore:
    """A folder of results, one file each; a file appears whole or not at all."""

    folder: Path

    def path(self, task: Task, method: Method, seed: int) -> Path:
        """Where the result stands: another task, version or seed is another file."""
        key = content_digest(task.digest, method.version, seed)
        return self.folder / task.name / f"{_slug(method.name)}-{seed}-{key}.npz"

    def read(self, path: Path) -> Result | None:
        """The result, None where there is none yet; raises StorageError for a file that cannot be read."""
        try:
            with np.load(path) as file:
                return Result(Answers(file["ranks"].astype(np.int64), file["lists"]), float(file["seconds"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise StorageError(f"{path} cannot be read: delete it, and it is computed again") from error

    def write(self, path: Path, result: Result) -> None:
        """Keeps a result."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        answers = result.answers
        with part.open("wb") as file:
            np.savez_compressed(
                file, ranks=answers.ranks.astype(np.int32), lists=answers.lists, seconds=np.float64(result.seconds)
            )
        part.replace(path)


def _slug(name: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split())
