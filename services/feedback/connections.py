"""Connections to one SQLite file, shared by threads in turn and never by processes."""

from __future__ import annotations

import os
import sqlite3
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.feedback.schema import file_identity, open_database
from services.feedback.storage import storage_errors


@dataclass(frozen=True, slots=True)
class _Open:
    connection: sqlite3.Connection
    process: int
    file: tuple[int, int]


class Connections:
    """Lends a connection per use, opening them as needed and keeping the idle ones.

    Safe with threads and with forks: SQLite's locks do not survive a fork, so idle connections are closed before one,
    and one that was lent during it stays with the parent.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: deque[_Open] = deque()
        _LIVE.add(self)
        weakref.finalize(self, _close, self._idle)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection inside a read transaction: all statements see one state. Raises StorageError."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection inside a write transaction, durable once this returns, undone by any error.

        Raises StorageError, and DataError for a value that SQLite cannot hold.
        """
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def lent(self) -> Iterator[sqlite3.Connection]:
        """A connection outside any transaction; one that met an error is not used again. Raises StorageError."""
        with storage_errors(self._path):
            taken = self._take()
            sound = False
            try:
                yield taken.connection
                sound = True
            finally:
                if sound:
                    self._idle.append(taken)
                elif taken.process == os.getpid():
                    taken.connection.close()

    def close(self) -> None:
        """Close the idle connections; the next use opens a new one."""
        _close(self._idle)

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self.lent() as connection:
            connection.execute(begin)
            yield connection
            connection.execute("COMMIT")

    def _take(self) -> _Open:
        current = (os.getpid(), file_identity(self._path))
        while self._idle:
            try:
                taken = self._idle.pop()
            except IndexError:  # another thread was quicker
                break
            if (taken.process, taken.file) == current:
                return taken
            # A file that was replaced would swallow what is written to it.
            _close(deque([taken]))
        connection = open_database(self._path)
        return _Open(connection, os.getpid(), file_identity(self._path))


_LIVE: weakref.WeakSet[Connections] = weakref.WeakSet()
_INHERITED: list[_Open] = []


def _close(idle: deque[_Open]) -> None:
    while idle:
        try:
            taken = idle.pop()
        except IndexError:
            return
        if taken.process == os.getpid():
            taken.connection.close()
        else:
            # Closing a parent's connection here could remove the parent's write-ahead log.
            _INHERITED.append(taken)


def _close_before_fork() -> None:
    for connections in list(_LIVE):
        connections.close()


os.register_at_fork(before=_close_before_fork)
