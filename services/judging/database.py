"""The SQLite file of the ledger: append-only tables, durable commits, errors in one line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from graph.errors import StorageError

VERSION = 1
BUSY_SECONDS = 30.0
TABLES = """
CREATE TABLE IF NOT EXISTS verdicts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, head TEXT NOT NULL, tail TEXT NOT NULL, label TEXT NOT NULL,
    reason TEXT NOT NULL, judge TEXT NOT NULL, prompt TEXT NOT NULL, probability REAL, strength INTEGER,
    votes INTEGER NOT NULL, judged_at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS verdicts_pair ON verdicts (head, tail, id);
CREATE INDEX IF NOT EXISTS verdicts_prompt ON verdicts (prompt, head, tail);
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, model TEXT NOT NULL, prompt TEXT NOT NULL,
    pairs TEXT NOT NULL, worst_cost REAL NOT NULL, currency TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS calls_key ON calls (key);
CREATE TABLE IF NOT EXISTS outcomes (
    call INTEGER PRIMARY KEY REFERENCES calls (id), answer TEXT, stop TEXT NOT NULL, input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL, cost REAL NOT NULL, at INTEGER NOT NULL);
"""
FROZEN = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
"""
ADVICE = {
    "SQLITE_FULL": "free some space on the disk and run the command again",
    "SQLITE_READONLY": "make the file and its folder writable",
    "SQLITE_CANTOPEN": "check that the folder exists and is writable",
    "SQLITE_PERM": "check the permissions of the file and its folder",
    "SQLITE_BUSY": "another run holds the file: wait for it to end",
    "SQLITE_IOERR": "check the disk",
    "SQLITE_NOTADB": "this is no ledger: restore it from a backup, or move it away to start anew",
    "SQLITE_CORRUPT": "the file is damaged: restore it from a backup, or move it away to start anew",
}


class Database:
    """One open ledger file, used from any thread; every failure is a StorageError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = RLock()
        with self._translated():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare()
            except (sqlite3.Error, StorageError):
                self._connection.close()
                raise

    def close(self) -> None:
        """Close the file; nothing can be read or written afterwards."""
        with self._lock, self._translated():
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is on disk together or not at all, and no other writer comes between."""
        with self._lock, self._translated():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def insert(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one INSERT for every row; only inside `transaction`."""
        self._connection.executemany(statement, rows)

    def insert_one(self, statement: str, row: Sequence[Any]) -> int:
        """Run one INSERT and give the new row's id; only inside `transaction`."""
        return int(self._connection.execute(statement, row).lastrowid or 0)

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._lock, self._translated():
            return self._connection.execute(query, parameters).fetchall()

    def _prepare(self) -> None:
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise StorageError(f"{self.path}: written by a newer kerec (ledger version {version}): update kerec")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        if version < VERSION:
            frozen = [(table, verb) for table in ("verdicts", "calls", "outcomes") for verb in ("UPDATE", "DELETE")]
            triggers = "".join(FROZEN.format(table=table, verb=verb) for table, verb in frozen)
            script = f"BEGIN IMMEDIATE; {TABLES} {triggers} PRAGMA user_version = {VERSION}; COMMIT;"
            self._connection.executescript(script)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "")
            known = (advice for code, advice in ADVICE.items() if name.startswith(code))
            advice = next(known, "check the file, or move it away to start anew")
            raise StorageError(f"{self.path}: {error}: {advice}") from error
        except OSError as error:
            folder = self.path.parent
            raise StorageError(f"{folder}: {error.strerror}: check that this can be a writable folder") from error
