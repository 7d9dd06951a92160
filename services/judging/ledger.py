"""The ledger: every verdict and every paid answer, append-only; the graph can be rebuilt from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from graph.records import Label, Verdict
from services.judging.calls import Calls
from services.judging.database import Database
from services.judging.port import PairKey

COLUMNS = "head, tail, label, reason, judge, prompt, probability, strength, votes, judged_at"
INSERT = f"INSERT INTO verdicts ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
LATEST = f"SELECT {COLUMNS} FROM verdicts WHERE id IN (SELECT max(id) FROM verdicts GROUP BY head, tail)"


class Ledger:
    """Verdicts in the order in which they were given, rejections too, and the calls that they cost.

    Every method raises StorageError where the file cannot be read or written. A ledger may be used from any thread.
    """

    def __init__(self, path: Path) -> None:
        self._database = Database(path)
        self.calls = Calls(self._database)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def append(self, verdicts: Iterable[Verdict]) -> int:
        """Store verdicts, all or none, and give their number; they are on disk on return."""
        rows = [_row(verdict) for verdict in verdicts]
        if rows:
            with self._database.transaction():
                self._database.insert(INSERT, rows)
        return len(rows)

    def verdicts(self) -> tuple[Verdict, ...]:
        """The latest verdict of every ordered pair, ordered by head and tail."""
        rows = self._database.rows(f"{LATEST} ORDER BY head, tail")
        return tuple(_verdict(row) for row in rows)

    def verdicts_of(self, prompt: str) -> tuple[Verdict, ...]:
        """The latest verdict of every ordered pair under one prompt, ordered by head and tail."""
        rows = self._database.rows(
            f"SELECT {COLUMNS} FROM verdicts WHERE id IN "
            "(SELECT max(id) FROM verdicts WHERE prompt = ? GROUP BY head, tail) ORDER BY head, tail",
            [prompt],
        )
        return tuple(_verdict(row) for row in rows)

    def judged(self, prompt: str) -> frozenset[PairKey]:
        """The ordered pairs that have a verdict under this prompt."""
        rows = self._database.rows("SELECT DISTINCT head, tail FROM verdicts WHERE prompt = ?", [prompt])
        return frozenset((head, tail) for head, tail in rows)

    def state(self) -> str:
        """Number and hash of the latest verdicts; equal verdicts give equal states, whenever they were given."""
        digest = hashlib.sha256()
        rows = self._database.rows(f"{LATEST} ORDER BY head, tail")
        for row in rows:
            digest.update(json.dumps(row[:-1]).encode())
        return f"{len(rows)}-{digest.hexdigest()[:16]}"


def _row(verdict: Verdict) -> tuple[Any, ...]:
    judged = verdict.head, verdict.tail, verdict.label.value, verdict.reason, verdict.judge, verdict.prompt
    return *judged, verdict.probability, verdict.strength, verdict.votes, verdict.judged_at


def _verdict(row: tuple[Any, ...]) -> Verdict:
    head, tail, label, *rest = row
    return Verdict(head, tail, Label(label), *rest)
