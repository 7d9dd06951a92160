from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.errors import StorageError
from services.feedback.connections import Connections

_FORK = """
import os, sys
from pathlib import Path
from graph.records import Event, EventType
from services.feedback.journal import Journal

def click(name):
    return [Event(name, EventType.CLICK, "i", "u")]

path = Path(sys.argv[1])
journal = Journal(path)
journal.append(click("parent before"))
opened = [os.path.realpath(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")]
assert any("journal.db" in name for name in opened), opened
child = os.fork()
if child == 0:
    inherited = [os.path.realpath(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")]
    assert not any("journal.db" in name for name in inherited), inherited
    for n in range(100):
        journal.append(click(f"child {n}"))
    sys.exit(0)
for n in range(100):
    journal.append(click(f"parent {n}"))
_, status = os.waitpid(child, 0)
assert status == 0
journal.append(click("parent after"))
print(journal.state().events)
"""

_FORK_IN_USE = """
import os, sys
from pathlib import Path
from services.feedback.connections import Connections

connections = Connections(Path(sys.argv[1]))
with connections.writing() as connection:
    connection.execute("INSERT INTO item VALUES ('parent')")
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
with connections.reading() as connection:
    print(connection.execute("SELECT count(*) FROM item").fetchone()[0])
"""


def _insert(connections: Connections, id_: str) -> None:
    with connections.writing() as connection:
        connection.execute("INSERT INTO item VALUES (?)", (id_,))


def _insert_and_err(connections: Connections) -> None:
    with connections.writing() as connection:
        connection.execute("INSERT INTO item VALUES ('undone')")
        connection.execute("INSERT INTO item VALUES (?)", ())


def _fill(connections: Connections) -> None:
    with connections.writing() as connection:
        connection.execute("PRAGMA max_page_count = 40")
        connection.executemany("INSERT INTO item VALUES (?)", ((f"{n:0500}",) for n in range(1_000)))


def _items(connections: Connections) -> list[str]:
    with connections.reading() as connection:
        return [id_ for (id_,) in connection.execute("SELECT id FROM item ORDER BY id")]


def test_a_connection_is_used_again(tmp_path: Path) -> None:
    connections = Connections(tmp_path / "journal.db")
    with connections.lent() as first:
        pass
    with connections.lent() as again, connections.lent() as second:
        assert again is first
        assert second is not first
    connections.close()


def test_what_is_written_is_durable_and_waits_for_locks(tmp_path: Path) -> None:
    connections = Connections(tmp_path / "journal.db")
    with connections.lent() as connection:
        pragmas = [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "busy_timeout")
        ]
    connections.close()

    assert pragmas == ["wal", 2, 10_000]


def test_an_error_undoes_the_transaction_and_frees_the_lock(tmp_path: Path) -> None:
    connections = Connections(tmp_path / "journal.db")
    _insert(connections, "kept")
    with pytest.raises(sqlite3.ProgrammingError):
        _insert_and_err(connections)

    _insert(connections, "next")

    assert _items(connections) == ["kept", "next"]
    connections.close()


def test_threads_share_one_journal(tmp_path: Path) -> None:
    connections = Connections(tmp_path / "journal.db")

    def insert(name: str) -> None:
        for n in range(25):
            _insert(connections, f"{name}{n}")

    threads = [threading.Thread(target=insert, args=(name,)) for name in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(_items(connections)) == 200
    connections.close()


def test_a_replaced_file_is_opened_anew(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    connections = Connections(path)
    _insert(connections, "old")
    for file in tmp_path.iterdir():
        file.unlink()

    _insert(connections, "new")

    assert _items(connections) == ["new"]
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT id FROM item").fetchall() == [("new",)]
    other.close()
    connections.close()


def test_a_full_disk_undoes_the_write_and_what_was_there_stays(tmp_path: Path) -> None:
    connections = Connections(tmp_path / "journal.db")
    _insert(connections, "before")
    with pytest.raises(StorageError, match=r"journal\.db cannot grow because the disk is full"):
        _fill(connections)

    _insert(connections, "after")

    assert _items(connections) == ["after", "before"]
    connections.close()


def test_parent_and_child_of_a_fork_both_write(tmp_path: Path, output: Callable[..., str]) -> None:
    path = tmp_path / "journal.db"

    assert output(_FORK, path) == "202\n"

    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def test_a_fork_during_a_write_leaves_the_write_to_the_parent(tmp_path: Path, output: Callable[..., str]) -> None:
    assert output(_FORK_IN_USE, tmp_path / "journal.db") == "1\n"
