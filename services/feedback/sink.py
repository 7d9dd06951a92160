"""Where the API's events go: the journal, and then a nudge to whoever brings the graph up to date."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from graph.records import Event
from services.feedback.journal import Journal, Receipt


class JournalSink:
    """Appends to the journal; an event without a time happened when it was received first."""

    def __init__(self, journal: Journal, nudge: Callable[[], None]) -> None:
        self._journal = journal
        self._nudge = nudge

    def accept(self, events: Sequence[Event]) -> Receipt:
        """Stores the events, on disk before this returns; raises StorageError."""
        receipt = self._journal.append(self._dated(events))
        again = [n for n in receipt.conflicts if events[n].at is None]
        if again:
            receipt = self._repeated(events, again, receipt)
        self._nudge()
        return receipt

    def known_items(self, ids: Collection[str]) -> set[str]:
        """Those of the ids that the catalogue holds."""
        return self._journal.known_items(ids)

    def _repeated(self, events: Sequence[Event], again: Sequence[int], first: Receipt) -> Receipt:
        """The receipt once undated events that arrived twice at one moment took the time of the one that was first."""
        second = self._journal.append(self._dated([events[n] for n in again]))
        differing = {again[n] for n in second.conflicts}
        conflicts = tuple(n for n in first.conflicts if n not in again or n in differing)
        return replace(first, duplicate=first.duplicate + second.duplicate, conflicts=conflicts)

    def _dated(self, events: Sequence[Event]) -> list[Event]:
        undated = [event.id for event in events if event.at is None]
        if not undated:
            return list(events)
        # A retry must equal what it repeats, so it takes the time that its first sending was given.
        times = self._journal.times(undated)
        now = int(time.time() * 1000)
        return [replace(event, at=times.get(event.id, now)) if event.at is None else event for event in events]
