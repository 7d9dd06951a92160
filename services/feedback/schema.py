"""The journal's SQLite file: its tables, and how one connection to it is opened."""

from __future__ import annotations

import os
import secrets
import sqlite3
from pathlib import Path

from filelock import FileLock, Timeout

from graph.errors import StorageError

VERSION = 1
BUSY_SECONDS = 10.0

_FIELDS = """
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    item TEXT NOT NULL,
    user TEXT,
    basket TEXT,
    at INTEGER,
    "order" INTEGER,
    price REAL,
    position INTEGER,
    request TEXT
"""
_TABLES = (
    f"CREATE TABLE event (seq INTEGER PRIMARY KEY AUTOINCREMENT, {_FIELDS})",
    "CREATE UNIQUE INDEX event_id ON event (id)",
    "CREATE INDEX event_user ON event (user) WHERE user IS NOT NULL",
    "CREATE INDEX event_at ON event (at) WHERE at IS NOT NULL",
    "CREATE TABLE forgotten (digest BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE item (id TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID",
    "INSERT INTO meta VALUES ('events', 0)",
)
_SESSION = (
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -65536",
    "PRAGMA journal_size_limit = 16777216",
    f"CREATE TEMP TABLE staged (n INTEGER PRIMARY KEY, {_FIELDS})",
)


def open_database(path: Path) -> sqlite3.Connection:
    """One connection in autocommit mode to the journal at `path`, which is made where it is missing.

    Raises sqlite3.Error and OSError as they come, and StorageError for a file of another version or program.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = _connect(path)
    try:
        _prepare(connection, path)
        for statement in _SESSION:
            connection.execute(statement)
    except (sqlite3.Error, OSError, StorageError):
        connection.close()
        raise
    return connection


def file_identity(path: Path) -> tuple[int, int]:
    """The device and inode of the file now at `path`, (0, 0) where there is none."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return (0, 0)
    return (found.st_dev, found.st_ino)


def vacuum(path: Path) -> None:
    """Write the whole file anew, so that nothing of deleted rows is left in its pages."""
    connection = _connect(path)
    try:
        connection.execute("VACUUM")
    finally:
        connection.close()


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection) == VERSION:
        return
    # Several processes that turn a new file to WAL at once would answer each other "locked" without waiting.
    try:
        with FileLock(f"{path}.lock", timeout=BUSY_SECONDS):
            if _version(connection) != VERSION:
                _create(connection, path)
    except Timeout as error:
        raise StorageError(
            f"{path}: another process has been making this journal for {BUSY_SECONDS:.0f} s; stop it and try again"
        ) from error


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _create(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection) or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise StorageError(
            f"{path}: this SQLite file is not a journal that this version of kerec can read (expected version "
            f"{VERSION}, found {_version(connection)}); move it away, or use the kerec that wrote it"
        )
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StorageError(f"{path}: this file system cannot hold a journal in WAL mode; put the shop on a local disk")
    connection.execute("BEGIN IMMEDIATE")
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('salt', ?)", (secrets.token_bytes(16),))
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")
