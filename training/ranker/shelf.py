"""Which rankers a shop has: the names of their folders, read without what it takes to run them."""

from __future__ import annotations

from pathlib import Path

from graph.errors import StorageError

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
    """Notes the version that was saved last, by one rename."""
    part = folder / f".{_LATEST}.part"
    part.write_text(version + "\n")
    part.replace(folder / _LATEST)
