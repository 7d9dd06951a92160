"""Where posted events go: stored before they are acknowledged, the same retry twice counted once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graph.records import Event, EventType
from services.feedback.journal import Journal, Receipt
from services.feedback.sink import JournalSink

THREADS = 4
EVENTS = 25


def click(number: int, at: int | None = None, item: str = "i1") -> Event:
    return Event(f"e{number}", EventType.CLICK, item, "u1", at=at)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.sqlite")


def test_an_event_without_a_time_happened_when_it_came_first(journal: Journal) -> None:
    nudges: list[int] = []
    sink = JournalSink(journal, lambda: nudges.append(1))

    assert sink.accept([click(1), click(2, at=7), click(1)]) == Receipt(2, 1)
    first = journal.times(["e1"])
    assert sink.accept([click(1)]) == Receipt(0, 1)

    assert journal.times(["e1"]) == first
    assert journal.times(["e2"]) == {"e2": 7}
    assert len(nudges) == 2


def test_other_content_is_a_conflict_with_and_without_a_time(journal: Journal) -> None:
    sink = JournalSink(journal, lambda: None)
    sink.accept([click(1), click(2, at=7)])

    receipt = sink.accept([click(1, item="i2"), click(2, at=8), click(3)])

    assert receipt == Receipt(1, 0, (0, 1))


def test_one_event_sent_by_many_at_one_moment_is_never_a_conflict(journal: Journal) -> None:
    sink = JournalSink(journal, lambda: None)
    together = threading.Barrier(THREADS)

    def send(_: int) -> list[Receipt]:
        receipts = []
        for number in range(EVENTS):
            together.wait(10)
            receipts.append(sink.accept([click(number)]))
        return receipts

    with ThreadPoolExecutor(THREADS) as pool:
        rounds = list(zip(*pool.map(send, range(THREADS)), strict=True))

    assert not [receipt for receipts in rounds for receipt in receipts if receipt.conflicts]
    assert [sum(receipt.accepted for receipt in receipts) for receipts in rounds] == [1] * EVENTS
    assert [sum(receipt.duplicate for receipt in receipts) for receipts in rounds] == [THREADS - 1] * EVENTS
    assert journal.state().events == EVENTS
