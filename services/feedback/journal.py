"""The event journal: what happened in the shop, in order of arrival, from which counts and times are derived."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import DataError
from graph.records import EVENT_SCHEMA, Event, EventType
from services.feedback.connections import Connections
from services.feedback.forgotten import Tombstones, wipe
from services.feedback.intake import FIELDS, Row, absorb
from services.feedback.timeline import TIMELINE_SCHEMA, in_timeline_order

_FIELDS_OF = attrgetter(*EVENT_SCHEMA)
_LOOKUP = 1_000
_FETCH = 50_000


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of the events of one call.

    `conflicts` are the 0-based indexes of events whose id stands in the journal with other content; `forgotten`
    counts events from before their user was forgotten. Neither was stored.
    """

    accepted: int
    duplicate: int
    conflicts: tuple[int, ...] = ()
    forgotten: int = 0


@dataclass(frozen=True, slots=True)
class JournalState:
    """Equal exactly when the journal's content is: the latest `seq`, the events, and the people forgotten."""

    head: int
    events: int
    forgotten: int


class Journal:
    """The append-only journal in one SQLite file, which several processes and threads may use at once.

    An event counts once by its id. Any method raises StorageError where the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connections = Connections(path)

    def append(self, events: Sequence[Event]) -> Receipt:
        """Store events that happened now, all or none, on disk before this returns.

        An event dated before its user was forgotten is left out; one without a time is taken for new. Raises DataError
        for a value that cannot be stored.
        """
        with self._connections.writing() as connection:
            times = Tombstones(connection).times({event.user for event in events if event.user is not None})
            kept = [(n, *_FIELDS_OF(event)) for n, event in enumerate(events) if not _buried(event, times)]
            return _receipt(connection, kept, len(kept), len(events))

    def import_frame(self, frame: pl.DataFrame) -> Receipt:
        """Store a frame of EVENT_SCHEMA, all or none; rows without a time whose user was forgotten are left out too.

        Raises DataError for another schema or a missing id, type or item.
        """
        _check(frame)
        rows = frame.with_row_index("n")
        with self._connections.writing() as connection:
            times = Tombstones(connection).times(frame["user"].drop_nulls().unique())
            kept = _without_buried(rows, times) if times else rows
            return _receipt(connection, kept.iter_rows(), kept.height, frame.height)

    def state(self) -> JournalState:
        """A cheap fingerprint of the content."""
        with self._connections.reading() as connection:
            row = connection.execute(
                "SELECT coalesce((SELECT max(seq) FROM event), 0), (SELECT value FROM meta WHERE key = 'events'), "
                "(SELECT count(*) FROM forgotten)"
            ).fetchone()
        return JournalState(*row)

    def holds(self, state: JournalState) -> bool:
        """Whether all of an earlier content is still there, and nobody was forgotten since: `frame(until=state.head)`
        is then that content."""
        with self._connections.reading() as connection:
            row = connection.execute(
                "SELECT (SELECT count(*) FROM event WHERE seq <= ?), (SELECT count(*) FROM forgotten)", (state.head,)
            ).fetchone()
        return bool(row == (state.events, state.forgotten))

    def frame(
        self,
        users: Sequence[str] | None = None,
        type: EventType | None = None,  # noqa: A002 - as the column is called
        until: int | None = None,
    ) -> pl.DataFrame:
        """The events as a frame of TIMELINE_SCHEMA in timeline order; `users` limits it to these users' events, `type`
        to one type, `until` to those up to this `seq`."""
        limits = {"type = ?": None if type is None else type.value, "seq <= ?": until}
        wheres = [where for where, value in limits.items() if value is not None]
        values = [value for value in limits.values() if value is not None]
        with self._connections.reading() as connection:
            if users is None:
                chunks = list(_read(connection, wheres, values))
            else:
                chunks = [
                    chunk
                    for some in _slices(list(dict.fromkeys(users)))
                    for chunk in _read(connection, [f"user IN ({_marks(some)})", *wheres], [*some, *values])
                ]
        return in_timeline_order(pl.concat([TIMELINE_SCHEMA.to_frame(), *chunks]))

    def users_after(self, seq: int, limit: int) -> tuple[list[str], int]:
        """The distinct users of the next `limit` events after `seq`, in order of arrival, and the `seq` reached."""
        with self._connections.reading() as connection:
            rows = connection.execute(
                "SELECT seq, user FROM event WHERE seq > ? ORDER BY seq LIMIT ?", (seq, limit)
            ).fetchall()
        users = dict.fromkeys(user for _, user in rows if user is not None)
        return list(users), rows[-1][0] if rows else seq

    def users(self) -> list[str]:
        """The ids of all users with events, ascending by code point."""
        with self._connections.reading() as connection:
            rows = connection.execute("SELECT DISTINCT user FROM event WHERE user IS NOT NULL ORDER BY user")
            return [user for (user,) in rows]

    def latest_at(self) -> int | None:
        """The time of the latest event in epoch ms, None where no event has one."""
        with self._connections.reading() as connection:
            row = connection.execute("SELECT max(at) FROM event WHERE at IS NOT NULL").fetchone()
        return None if row[0] is None else int(row[0])

    def forget(self, user: str, at: int) -> int:
        """Remove a user's events, bury them at `at` (epoch ms) under a salted hash, and wipe the id from the files.

        Returns how many events were removed; calling it again finishes a wipe that was interrupted.
        """
        with self._connections.writing() as connection:
            removed = connection.execute("DELETE FROM event WHERE user = ?", (user,)).rowcount
            connection.execute("UPDATE meta SET value = value - ? WHERE key = 'events'", (removed,))
            Tombstones(connection).add(user, at)
        with self._connections.lent() as connection:
            wipe(connection, self._path, user)
        return removed

    def set_items(self, ids: Iterable[str]) -> None:
        """Add item ids to the local copy of the catalogue; those that were there stay."""
        with self._connections.writing() as connection:
            connection.executemany("INSERT INTO item VALUES (?) ON CONFLICT (id) DO NOTHING", ((id_,) for id_ in ids))

    def known_items(self, ids: Collection[str]) -> set[str]:
        """Those of the ids that the local copy of the catalogue holds."""
        with self._connections.reading() as connection:
            return {
                id_
                for some in _slices(list(ids))
                for (id_,) in connection.execute(f"SELECT id FROM item WHERE id IN ({_marks(some)})", some)
            }

    def times(self, ids: Collection[str]) -> dict[str, int]:
        """The times (epoch ms) of those of the events that the journal holds and that have one."""
        with self._connections.reading() as connection:
            return {
                id_: at
                for some in _slices(list(ids))
                for id_, at in connection.execute(
                    f"SELECT id, at FROM event WHERE at IS NOT NULL AND id IN ({_marks(some)})", some
                )
            }

    def close(self) -> None:
        """Close what this process holds open; the journal can be used again afterwards."""
        self._connections.close()


def _buried(event: Event, times: dict[str, int]) -> bool:
    return event.user in times and event.at is not None and event.at <= times[event.user]


def _without_buried(rows: pl.DataFrame, times: dict[str, int]) -> pl.DataFrame:
    forgotten = pl.col("user").replace_strict(times, default=None, return_dtype=pl.Int64)
    return rows.filter(forgotten.is_null() | (pl.col("at") > forgotten).fill_null(False))


def _receipt(connection: sqlite3.Connection, rows: Iterable[Row], kept: int, sent: int) -> Receipt:
    accepted, conflicts = absorb(connection, rows)
    return Receipt(accepted, kept - accepted - len(conflicts), tuple(conflicts), sent - kept)


def _check(frame: pl.DataFrame) -> None:
    if frame.schema != EVENT_SCHEMA:
        raise DataError(f"events to import need the columns {EVENT_SCHEMA}, not {frame.schema}")
    for name in ("id", "type", "item"):
        if frame[name].null_count():
            raise DataError(f"{frame[name].null_count()} events to import have no {name}; every event needs one")


def _read(connection: sqlite3.Connection, wheres: Sequence[str], values: Sequence[Any]) -> Iterator[pl.DataFrame]:
    where = f"WHERE {' AND '.join(wheres)}" if wheres else ""
    cursor = connection.execute(f"SELECT {FIELDS}, seq FROM event {where}", values)
    while rows := cursor.fetchmany(_FETCH):
        yield pl.DataFrame(rows, schema=TIMELINE_SCHEMA, orient="row")


def _slices(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + _LOOKUP] for start in range(0, len(values), _LOOKUP))


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))
