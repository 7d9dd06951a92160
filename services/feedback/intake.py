"""Taking rows into the journal: each event id once, the first content wins."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from graph.records import EVENT_SCHEMA

Row = tuple[Any, ...]

FIELDS = ", ".join(f'"{name}"' for name in EVENT_SCHEMA)
_STAGE = f"INSERT INTO staged (n, {FIELDS}) VALUES ({', '.join('?' * (len(EVENT_SCHEMA) + 1))})"
_MERGE = f"INSERT INTO event ({FIELDS}) SELECT {FIELDS} FROM staged WHERE true ORDER BY n ON CONFLICT (id) DO NOTHING"
_SAME = " AND ".join(f'event."{name}" IS staged."{name}"' for name in EVENT_SCHEMA if name != "id")
_CONFLICTS = f"SELECT n FROM staged CROSS JOIN event ON event.id = staged.id WHERE NOT ({_SAME}) ORDER BY n"
_CHUNK = 50_000


def absorb(connection: sqlite3.Connection, rows: Iterable[Row]) -> tuple[int, list[int]]:
    """Add rows (n, then the fields of EVENT_SCHEMA; n ascending) inside the open write transaction.

    Returns how many were new, and the n of those whose id stands in the journal with other content.
    """
    accepted, conflicts = 0, []
    for chunk in _chunks(rows):
        connection.execute("DELETE FROM staged")
        connection.executemany(_STAGE, chunk)
        new = connection.execute(_MERGE).rowcount
        if new < len(chunk):
            conflicts += [n for (n,) in connection.execute(_CONFLICTS)]
        accepted += new
    connection.execute("DELETE FROM staged")
    connection.execute("UPDATE meta SET value = value + ? WHERE key = 'events'", (accepted,))
    return accepted, conflicts


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk
