from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.errors import StorageError
from graph.records import Event, EventType
from services.feedback import schema
from services.feedback.journal import Journal, Receipt


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "journal.db")
    yield journal
    journal.close()


def _purchases(user: str, count: int) -> list[Event]:
    return [Event(f"{user}:{n}", EventType.PURCHASE, f"i{n}", user, f"{user}-b{n}", at=n) for n in range(count)]


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_a_forgotten_user_is_gone_from_the_bytes_of_the_files(journal: Journal, tmp_path: Path) -> None:
    # In random order and many, so that pages split around the person's rows.
    events = [event for n in range(3_000) for event in _purchases(f"person-{n:04}", 4)]
    random.Random(3).shuffle(events)
    for start in range(0, len(events), 1_500):
        journal.append(events[start : start + 1_500])
    everyone = [f"person-{n:04}" for n in range(0, 3_000, 100)]
    assert all(user.encode() in _bytes(tmp_path) for user in everyone)

    for user in everyone:
        assert journal.forget(user, at=10) == 4
        assert user.encode() not in _bytes(tmp_path)

    assert journal.state().events == len(journal.frame()) == len(events) - 4 * len(everyone)
    assert journal.frame(users=everyone).is_empty()


def test_the_stale_copy_of_a_split_page_is_wiped(journal: Journal, tmp_path: Path) -> None:
    journal.append(_purchases("person-x", 1))
    journal.close()
    # What a build of SQLite without secure_delete leaves behind: deleted, yet in the bytes.
    plain = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
    plain.execute("PRAGMA secure_delete = OFF")
    plain.execute("DELETE FROM event")
    plain.close()
    assert b"person-x" in _bytes(tmp_path)

    assert journal.forget("person-x", at=1) == 0

    assert b"person-x" not in _bytes(tmp_path)


def test_forgetting_twice_is_forgetting_once(journal: Journal) -> None:
    journal.append(_purchases("u", 3) + _purchases("v", 2))

    assert [journal.forget("u", at=5), journal.forget("u", at=5), journal.forget("nobody", at=5)] == [3, 0, 0]
    assert journal.users() == ["v"]
    assert journal.state().forgotten == 2


def test_what_came_before_does_not_come_back_and_what_comes_after_does(journal: Journal) -> None:
    journal.forget("u", at=5)

    assert journal.append(_purchases("u", 8)) == Receipt(accepted=2, duplicate=0, forgotten=6)
    assert journal.frame()["at"].to_list() == [6, 7]
    assert journal.append([Event("now", EventType.CLICK, "i", "u")]).accepted == 1


def test_the_tombstone_does_not_name_the_person(journal: Journal, tmp_path: Path) -> None:
    other = Journal(tmp_path / "other" / "journal.db")
    for each in (journal, other):
        each.forget("person-x", at=1)
        each.close()

    digests = {
        sqlite_row
        for path in (tmp_path / "journal.db", tmp_path / "other" / "journal.db")
        for sqlite_row in _digests(path)
    }

    assert len(digests) == 2
    assert b"person-x" not in (tmp_path / "journal.db").read_bytes()


def _digests(path: Path) -> list[bytes]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT digest FROM forgotten").fetchall()
    connection.close()
    return [digest for (digest,) in rows]


def test_a_reader_of_the_old_state_is_named_and_forgetting_again_finishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "BUSY_SECONDS", 0.1)
    journal = Journal(tmp_path / "journal.db")
    journal.append(_purchases("person-x", 2))
    reader = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM event").fetchone()

    with pytest.raises(StorageError, match="forget the person again"):
        journal.forget("person-x", at=3)
    assert journal.users() == []
    reader.close()

    assert journal.forget("person-x", at=3) == 0
    assert b"person-x" not in _bytes(tmp_path)
    journal.close()


def test_appends_go_on_while_people_are_forgotten(journal: Journal) -> None:
    journal.append([event for n in range(20) for event in _purchases(f"gone-{n}", 5)])
    stays = [_purchases(f"stays-{n}", 5) for n in range(40)]
    writer = threading.Thread(target=lambda: [journal.append(events) for events in stays])
    writer.start()
    for n in range(20):
        journal.forget(f"gone-{n}", at=10)
    writer.join()

    assert sorted(journal.users()) == sorted(f"stays-{n}" for n in range(40))
    assert journal.state().events == 200
