from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from services.feedback.journal import Journal

_APPEND = """
import json, sys
from pathlib import Path
from graph.records import Event, EventType
from services.feedback.journal import Journal

journal, name = Journal(Path(sys.argv[1])), int(sys.argv[2])
totals = [0, 0, 0]
print("ready", flush=True)
for n in range(200):
    # Every second event is sent by all processes, every tenth with other content by each.
    own, disputed = n % 2 == 1, n % 10 == 0
    event = Event(f"{name}-{n}" if own else f"all-{n}", EventType.CLICK, f"i{name}" if disputed else "i", "u", at=n)
    receipt = journal.append([event])
    totals = [totals[0] + receipt.accepted, totals[1] + receipt.duplicate, totals[2] + len(receipt.conflicts)]
print(json.dumps(totals))
"""

_KILLED = """
import itertools, os, random, signal, sys, time
from pathlib import Path
from graph.records import Event, EventType
from services.feedback.journal import Journal

def append_for_ever(path, round_, name, acknowledged):
    journal = Journal(path)
    for n in itertools.count():
        events = [Event(f"{round_}.{name}.{n}.{k}", EventType.CLICK, "i" * 500, "u", at=n) for k in range(3)]
        journal.append(events)
        os.write(acknowledged, "".join(f"{event.id}\\n" for event in events).encode())

def round_of(path, round_, delay):
    read, write = os.pipe()
    children = []
    for name in "ab":
        children.append(os.fork())
        if children[-1] == 0:
            append_for_ever(path, round_, name, write)
    os.close(write)
    time.sleep(delay)
    for child in children:
        os.kill(child, signal.SIGKILL)
    for child in children:
        assert os.waitpid(child, 0)[1] == signal.SIGKILL
    with os.fdopen(read) as acknowledged:
        sys.stdout.write(acknowledged.read())

chance = random.Random(7)
for round_ in range(20):
    round_of(Path(sys.argv[1]), round_, chance.uniform(0, 0.02) if round_ < 5 else chance.uniform(0.02, 0.12))
"""


def test_processes_that_send_the_same_events_count_each_once(tmp_path: Path, start: Callable[..., object]) -> None:
    path = tmp_path / "journal.db"
    processes = [start(_APPEND, path, name) for name in range(4)]
    results = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0], results
    accepted, duplicate, conflicts = (
        sum(counts) for counts in zip(*(_totals(printed) for printed, _ in results), strict=True)
    )

    # 100 shared ids, 20 of them disputed, and 4 x 100 own ones.
    assert (accepted, duplicate, conflicts) == (100 + 400, 3 * 80, 3 * 20)
    journal = Journal(path)
    assert journal.state().events == len(journal.frame()) == journal.frame()["id"].n_unique() == 500
    assert journal.users_after(0, 1_000) == (["u"], journal.state().head)
    journal.close()


def _totals(printed: str) -> list[int]:
    ready, totals = printed.splitlines()
    assert ready == "ready"
    return [int(number) for number in totals.strip("[]").split(",")]


def test_what_was_acknowledged_survives_sigkill_exactly_once(tmp_path: Path, output: Callable[..., str]) -> None:
    path = tmp_path / "journal.db"
    acknowledged = output(_KILLED, path).split()
    assert len(acknowledged) > 300

    journal = Journal(path)
    stored = journal.frame()["id"].to_list()
    assert len(stored) == len(set(stored)) == journal.state().events
    assert set(acknowledged) <= set(stored)
    # Per kill at most one call of three events was stored and not yet acknowledged: all of it or nothing.
    assert (len(stored) - len(acknowledged)) % 3 == 0
    assert len(stored) - len(acknowledged) <= 20 * 2 * 3
    journal.close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
