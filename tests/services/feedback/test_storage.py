from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph.errors import KerecError, StorageError
from graph.records import Event, EventType
from services.feedback import schema
from services.feedback.journal import Journal

_CLICK = Event("e", EventType.CLICK, "i", "u", at=1)

# As an ordinary user, because root may write anywhere.
_UNPRIVILEGED = """
import os, sys
from pathlib import Path
from graph.errors import StorageError
from graph.records import Event, EventType
from services.feedback.journal import Journal

if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    Journal(Path(sys.argv[1])).append([Event("e2", EventType.CLICK, "i", "u", at=1)])
except StorageError as error:
    print(error)
"""

_FILE_SIZE_LIMIT = """
import resource, sys
from pathlib import Path
from graph.errors import StorageError
from graph.records import Event, EventType
from services.feedback.journal import Journal

path = Path(sys.argv[1])
journal = Journal(path)
resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, resource.RLIM_INFINITY))
acknowledged = 0
try:
    while True:
        journal.append([Event(f"e{acknowledged}", EventType.CLICK, "i" * 1_000, "u", at=1)])
        acknowledged += 1
except StorageError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(acknowledged, journal.state().events, journal.frame()["id"].n_unique())
print(journal.append([Event("later", EventType.CLICK, "i", "u", at=1)]).accepted)
"""


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that every user of the machine can reach, which pytest's own is not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def _one_line(error: pytest.ExceptionInfo[KerecError]) -> str:
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("content", [b"user,item\n" * 200, b"SQLite format 3\0" + b"\xff" * 5_000])
def test_a_file_that_is_no_journal(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(content)

    with pytest.raises(StorageError, match="move it away and load the events again") as error:
        Journal(path).append([_CLICK])

    assert str(path) in _one_line(error)
    assert path.read_bytes() == content


def test_a_damaged_page(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    journal = Journal(path)
    journal.append([Event(f"e{n}", EventType.CLICK, "i" * 100, f"u{n}") for n in range(1_000)])
    journal.close()
    content = bytearray(path.read_bytes())
    content[8_192:] = b"\xa5" * (len(content) - 8_192)
    path.write_bytes(content)

    with pytest.raises(StorageError, match=r"journal\.db is damaged; restore it") as error:
        journal.frame()

    assert str(path) in _one_line(error)
    journal.close()


def test_a_database_of_another_program_or_version(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE other (x)")
    connection.close()

    with pytest.raises(StorageError, match=r"not a journal that this version .* found 0\); move it away") as error:
        Journal(path).state()

    _one_line(error)
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 9")
    newer.close()
    with pytest.raises(StorageError, match="found 9"):
        Journal(path).state()


def test_a_lock_that_is_not_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "BUSY_SECONDS", 0.1)
    journal = Journal(tmp_path / "journal.db")
    journal.append([_CLICK])
    other = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageError, match=r"journal\.db is locked by another process") as error:
        journal.append([Event("e2", EventType.CLICK, "i", "u")])

    _one_line(error)
    assert journal.state().events == 1
    other.close()
    assert journal.append([Event("e2", EventType.CLICK, "i", "u")]).accepted == 1
    journal.close()


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "events").write_text("")

    with pytest.raises(StorageError, match="cannot be used") as error:
        Journal(tmp_path / "events" / "journal.db").append([_CLICK])

    assert str(tmp_path / "events" / "journal.db") in _one_line(error)


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "journal.db").mkdir()

    with pytest.raises(StorageError, match=r"journal\.db cannot be opened; make sure") as error:
        Journal(tmp_path / "journal.db").append([_CLICK])

    _one_line(error)


def test_a_folder_that_this_user_may_not_write(public: Path, output: Callable[..., str]) -> None:
    public.chmod(0o555)

    said = output(_UNPRIVILEGED, public / "journal.db")

    assert said.count("\n") == 1
    assert str(public / "journal.db") in said
    assert "cannot be opened; make sure that its folder exists and that this user may write there" in said
    assert list(public.iterdir()) == []


def test_a_journal_that_this_user_may_not_write(public: Path, output: Callable[..., str]) -> None:
    journal = Journal(public / "journal.db")
    journal.append([_CLICK])
    journal.close()
    for file in public.iterdir():
        os.chmod(file, 0o444)
    public.chmod(0o555)

    said = output(_UNPRIVILEGED, public / "journal.db")

    assert said.count("\n") == 1
    assert str(public / "journal.db") in said
    assert "writ" in said
    public.chmod(0o755)
    assert journal.state().events == 1
    journal.close()


def test_a_file_that_may_not_grow_loses_nothing_acknowledged(tmp_path: Path, output: Callable[..., str]) -> None:
    said, counts, later = output(_FILE_SIZE_LIMIT, tmp_path / "journal.db").splitlines()

    assert str(tmp_path / "journal.db") in said
    assert "check the disk, its free space" in said or "the disk is full" in said
    acknowledged, events, unique = map(int, counts.split())
    assert acknowledged == events == unique > 5
    assert later == "1"
