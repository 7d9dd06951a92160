"""People who asked to be forgotten: their tombstones, and wiping their id from the files."""

from __future__ import annotations

import mmap
import sqlite3
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

from graph.errors import StorageError
from services.feedback.schema import vacuum


class Tombstones:
    """Who was forgotten and when, as salted hashes, read and written inside the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._salt: bytes = connection.execute("SELECT value FROM meta WHERE key = 'salt'").fetchone()[0]

    def add(self, user: str, at: int) -> None:
        """Bury `user` at `at` (epoch ms); the later of two times stays."""
        self._connection.execute(
            "INSERT INTO forgotten VALUES (?, ?) ON CONFLICT (digest) DO UPDATE SET at = max(at, excluded.at)",
            (self._digest(user), at),
        )

    def times(self, users: Iterable[str]) -> dict[str, int]:
        """When (epoch ms) each of these users was forgotten, without those who were not."""
        if not self._connection.execute("SELECT EXISTS (SELECT 1 FROM forgotten)").fetchone()[0]:
            return {}
        found = {user: self._time(user) for user in users}
        return {user: at for user, at in found.items() if at is not None}

    def _time(self, user: str) -> int | None:
        row = self._connection.execute("SELECT at FROM forgotten WHERE digest = ?", (self._digest(user),)).fetchone()
        return None if row is None else int(row[0])

    def _digest(self, user: str) -> bytes:
        return blake2b(user.encode(), key=self._salt, digest_size=16).digest()


def wipe(connection: sqlite3.Connection, path: Path, user: str) -> None:
    """Clear what deleted rows left of `user` in the files of the database; call outside any transaction.

    Raises StorageError while another process reads the old state for longer than the busy timeout.
    """
    _empty_log(connection, path)
    # Pages that were split before the deletion may hold stale copies, which secure_delete does not reach.
    if _holds(path, user.encode()):
        vacuum(path)
        _empty_log(connection, path)


def _empty_log(connection: sqlite3.Connection, path: Path) -> None:
    busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise StorageError(
            f"{path}: the person's events are removed, but another process is still reading the old state of the file; "
            "forget the person again once it has ended"
        )


def _holds(path: Path, needle: bytes) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(needle) >= 0
