import os
import sqlite3
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from graph.errors import StorageError
from graph.records import Label, Verdict
from services.judging.ledger import Ledger


def verdict(head: str = "a", tail: str = "b", label: Label = Label.COMPLEMENT, prompt: str = "p1") -> Verdict:
    return Verdict(head, tail, label, "because", "judge", prompt, 0.8, 2, 3, 1_700_000_000_000)


def test_what_is_appended_is_read_back_whole(tmp_path: Path) -> None:
    plain = Verdict("c", "d", Label.UNRELATED, "", "judge", "p1")
    with Ledger(tmp_path / "new" / "folder" / "l.sqlite") as ledger:
        assert ledger.append([verdict(), plain]) == 2
    with Ledger(tmp_path / "new" / "folder" / "l.sqlite") as again:
        assert again.verdicts() == (verdict(), plain)


def test_the_newest_verdict_wins_and_the_older_stays_on_file(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.append([verdict("b", "c"), verdict()])
        ledger.append([verdict(label=Label.SUBSTITUTE, prompt="p2")])
        latest = ledger.verdicts()
        assert [(each.head, each.label) for each in latest] == [("a", Label.SUBSTITUTE), ("b", Label.COMPLEMENT)]
        assert ledger.judged("p1") == {("a", "b"), ("b", "c")}
        assert ledger.judged("p2") == {("a", "b")}
        assert ledger.judged("p3") == frozenset()


def test_the_state_follows_content_and_not_the_clock_or_the_order(tmp_path: Path) -> None:
    states = []
    first, second = verdict(), verdict("c", "d")
    for number, rows in enumerate(([first, second], [replace(second, judged_at=5), first], [first])):
        with Ledger(tmp_path / f"{number}.sqlite") as ledger:
            empty = ledger.state()
            ledger.append(rows)
            states.append(ledger.state())
            ledger.append([])
            assert ledger.state() == states[-1]
    assert states[0] == states[1]
    assert len({empty, *states}) == 3
    assert states[0].startswith("2-")


@pytest.mark.parametrize("table", ["verdicts", "calls", "outcomes"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET rowid = 77"])
def test_rows_can_neither_change_nor_go(tmp_path: Path, table: str, statement: str) -> None:
    Ledger(tmp_path / "l.sqlite").close()
    connection = sqlite3.connect(tmp_path / "l.sqlite")
    connection.executescript(
        "INSERT INTO verdicts VALUES (1, 'a', 'b', 'x', '', 'j', 'p', NULL, NULL, 1, 0);"
        "INSERT INTO calls VALUES (1, 'k', 'm', 'p', '[]', 1.0, 'USD', 0);"
        "INSERT INTO outcomes VALUES (1, 't', 'end_turn', 1, 1, 1.0, 0);"
    )
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement.format(table))
    connection.close()


def test_a_transaction_is_stored_whole_or_not_at_all(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        broken = replace(verdict("c", "d"), reason=None)  # type: ignore[arg-type]
        with pytest.raises(StorageError, match="NOT NULL"):
            ledger.append([verdict(), broken])
        assert ledger.verdicts() == ()
        assert ledger.append([verdict()]) == 1


def test_many_threads_may_append(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        threads = [
            Thread(target=lambda n=n: [ledger.append([verdict(f"h{n}", f"t{i}")]) for i in range(20)]) for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(ledger.verdicts()) == 80


def test_a_file_that_is_no_ledger_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    path.write_text("head,tail\na,b\n" * 100)
    with pytest.raises(StorageError) as caught:
        Ledger(path)
    assert str(caught.value) == (
        f"{path}: file is not a database: this is no ledger: restore it from a backup, or move it away to start anew"
    )


def test_a_damaged_file_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger(path) as ledger:
        ledger.append(verdict(f"h{n}", "t") for n in range(2_000))
    content = bytearray(path.read_bytes())
    content[4096:-4096] = os.urandom(len(content) - 8192)
    path.write_bytes(content)
    with (
        pytest.raises(StorageError, match=r"^.*l\.sqlite: .*malformed: the file is damaged: restore it"),
        Ledger(path) as ledger,
    ):
        ledger.verdicts()


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"file: File exists: check that this can be a writable folder$"):
        Ledger(tmp_path / "file" / "l.sqlite")
    with pytest.raises(StorageError, match=r"unable to open database file: check that the folder exists"):
        Ledger(tmp_path)


def test_a_full_disk_is_one_line_and_loses_nothing(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.append([verdict()])
        ledger._database.rows("PRAGMA max_page_count = 12")
        with pytest.raises(StorageError, match="full: free some space on the disk and run the command again"):
            ledger.append(verdict(f"h{n}", "t" * 500) for n in range(500))
        assert ledger.verdicts() == (verdict(),)
        ledger._database.rows("PRAGMA max_page_count = 100000")
        assert ledger.append([verdict("c", "d")]) == 1


def test_a_read_only_file_is_one_line(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger._database.rows("PRAGMA query_only = ON")
        with pytest.raises(StorageError, match=r"readonly database: make the file and its folder writable$"):
            ledger.append([verdict()])


def test_a_ledger_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StorageError, match=r"written by a newer kerec \(ledger version 99\): update kerec"):
        Ledger(path)
