"""Files and folders that are there whole or not at all: made beside their place, then renamed onto it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import polars as pl

from graph.errors import StorageError

_AROUND = re.compile(r"^.*IO error: | \(os error \d+\).*$")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Where to write what takes the place of `path` once the block has ended well, a file or a new folder.

    Until then, and where the block fails or its process is killed, what stood at `path` stays. Raises StorageError
    where the disk refuses.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove(part)  # what a killed process left
        yield part
        _settle(part)
        part.replace(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise StorageError(f"{path} cannot be written: {_reason(error)}") from error
    finally:
        with suppress(OSError):
            _remove(part)


def _remove(part: Path) -> None:
    if part.is_dir():
        shutil.rmtree(part)
    else:
        part.unlink(missing_ok=True)


def _settle(part: Path) -> None:
    """Has the content on disk before the name: a rename may else be kept by a crash that loses the content."""
    within = (each for each in part.rglob("*") if each.is_file())
    for file in within if part.is_dir() else (part,):
        with file.open("rb") as handle:
            os.fsync(handle.fileno())


def _reason(error: Exception) -> str:
    """What the system said, without the words that polars puts around it."""
    said = (error.strerror if isinstance(error, OSError) else None) or str(error).splitlines()[0]
    return _AROUND.sub("", said)
