"""Disks that are full or read-only, and kerec's own files damaged, locked or not what they should be."""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path

from services.measure.bad_input.bench import Bench
from services.measure.bad_input.case import Case, Seen
from services.measure.bad_input.command import Said
from services.measure.bad_input.plays import again, line_faults, loss, repaired, told, unless_possible
from services.measure.bad_input.rooms import Room, full, read_only
from services.settings.graph import ENVIRONMENT

GROUP = "Disks and kerec's own files"
_JOURNAL = ".kerec/events/journal.sqlite"
_LEDGER = ".kerec/ledger/verdicts.sqlite"
_CANDIDATES = ".kerec/ledger/candidates.parquet"
_EMBEDDED = dict.fromkeys(ENVIRONMENT.values(), "")


def _damaged(path: str, spoil: Callable[[Path], None], *arguments: str, name: str, says: str) -> Case:
    """A command on a file that was spoilt; what was spoilt stays as it is, and the good file brings all back."""

    def play(bench: Bench) -> Seen:
        folder = bench.copy()
        file = folder / path
        good = file.read_bytes()
        _alone(file)
        spoil(file)
        spoilt = file.read_bytes()
        said = bench.run(folder, *arguments)
        faults = line_faults(said, 1, says)
        if file.read_bytes() != spoilt:
            faults.append("the damaged file was touched")
        _alone(file)
        file.write_bytes(good)
        faults += again(bench, folder, arguments)
        return Seen(
            f"exit {said.code}",
            told(bench, said),
            "the damaged file untouched; with the good one as before",
            tuple(faults),
        )

    return Case(GROUP, name, f"`kerec {' '.join(arguments)}`", play)


def _alone(file: Path) -> None:
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _noise(file: Path) -> None:
    file.write_bytes(bytes(range(256)) * 32)


def _cut_short(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def _other_program(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE song (title TEXT)")
        connection.commit()


def _newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _alone(file)


def _room(
    mounted: Callable[[Path], AbstractContextManager[Room]],
    place: str,
    *arguments: str,
    name: str,
    says: str,
    prepare: Callable[[Path], None] = lambda _folder: None,
) -> Case:
    """A command in a shop of which one folder lies on a full or a read-only disk, and again where it does not."""

    def play(bench: Bench) -> Seen:
        folder = bench.copy()
        prepare(folder)
        with mounted(folder / place) as room:
            said = bench.run(folder, *arguments, room=room)
        # What was mounted is gone with its room: the folder below it is what it was before.
        faults = [*line_faults(said, 1, says), *again(bench, folder, arguments)]
        return Seen(f"exit {said.code}", told(bench, said), "with a good disk as before", tuple(faults))

    return Case(GROUP, name, f"`kerec {' '.join(arguments)}`, `{place}` mounted so", unless_possible(play))


def _no_journal(folder: Path) -> None:
    shutil.rmtree(folder / ".kerec" / "events")


def _no_ledger(folder: Path) -> None:
    (folder / _LEDGER).unlink()


def _bad_row(folder: Path) -> None:
    """Rejects to write, on a share that is allowed."""
    toml = folder / "kerec.toml"
    toml.write_text(toml.read_text().replace("[items]", "[load]\nmax_bad_share = 0.2\n\n[items]"))
    with (folder / "items.csv").open("a") as items:
        items.write("i9,,,,\n")


def _other_weights(folder: Path) -> None:
    shutil.rmtree(folder / ".kerec" / "releases")


def _at_work(bench: Bench, folder: Path) -> Said:
    with (folder / ".kerec" / "run.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return bench.run(folder, "run")


def _held_journal(bench: Bench, folder: Path) -> Said:
    with closing(sqlite3.connect(folder / _JOURNAL)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        return bench.run(folder, "load")


def _file_for_folder(bench: Bench, folder: Path) -> Said:
    (folder / ".kerec").rename(folder / "aside")
    (folder / ".kerec").write_text("a file\n")
    return bench.run(folder, "load")


def _folder_back(folder: Path) -> None:
    (folder / ".kerec").unlink()
    (folder / "aside").rename(folder / ".kerec")


def _full_graph(bench: Bench) -> Seen:
    """The embedded server of a new shop has no space to start in."""
    folder = bench.copy()
    shutil.rmtree(folder / ".kerec")
    with full(folder / ".kerec") as room:
        said = bench.run(folder, "load", environ=_EMBEDDED, room=room)
    return Seen(
        f"exit {said.code}", told(bench, said), "nothing was made", tuple(line_faults(said, 1, "is the disk of"))
    )


def _read_only_graph(bench: Bench) -> Seen:
    folder = bench.copy()
    with read_only(folder / ".kerec") as room:
        said = bench.run(folder, "load", environ=_EMBEDDED, room=room)
    faults = [*line_faults(said, 1, "Read-only file system"), *loss(bench, folder)]
    return Seen(f"exit {said.code}", told(bench, said), "graph, journal and ledger as before", tuple(faults))


CASES = [
    _damaged(_JOURNAL, _noise, "load", name="journal: not a database", says="is not a journal"),
    _damaged(_JOURNAL, _cut_short, "load", name="journal: cut short", says="damaged"),
    _damaged(
        _JOURNAL, _other_program, "load", name="journal: another program's", says="not a journal that this version"
    ),
    _damaged(_JOURNAL, _newer, "load", name="journal: of a newer kerec", says="not a journal that this version"),
    _damaged(_LEDGER, _noise, "judge", name="ledger: not a database", says="this is no ledger"),
    _damaged(_LEDGER, _cut_short, "judge", name="ledger: cut short", says="damaged"),
    _damaged(_LEDGER, _newer, "judge", name="ledger: of a newer kerec", says="written by a newer kerec"),
    _damaged(_CANDIDATES, _noise, "judge", name="candidates: no Parquet", says="candidates.parquet"),
    repaired("another run at work", "run", trouble=_at_work, says="another kerec command is at work")(GROUP),
    repaired("journal: locked by another program", "load", trouble=_held_journal, says="is locked by another process")(
        GROUP
    ),
    repaired("a file in place of .kerec", "load", trouble=_file_for_folder, repair=_folder_back, says=".kerec")(GROUP),
    _room(full, ".kerec/events", "load", name="full disk: journal", says="disk is full", prepare=_no_journal),
    _room(full, ".kerec/ledger", "judge", name="full disk: ledger", says="free some space", prepare=_no_ledger),
    _room(full, ".kerec/ledger", "run", name="full disk: candidates", says="No space left"),
    _room(full, ".kerec/rejects", "load", name="full disk: rejects", says="No space left", prepare=_bad_row),
    _room(full, ".kerec/releases", "run", name="full disk: releases", says="No space left", prepare=_other_weights),
    _room(full, "out", "graph", "export", "--out", "out", name="full disk: export", says="No space left"),
    _room(full, "out", "recommend", "u1", "--out", "out/l.csv", name="full disk: lists", says="No space left"),
    _room(
        full,
        "out",
        "recommend",
        "u1",
        "--out",
        "out/l.parquet",
        name="full disk: lists as Parquet",
        says="No space left",
    ),
    _room(read_only, ".kerec", "run", name="read-only disk: .kerec", says="Read-only file system"),
    _room(read_only, ".kerec/events", "load", name="read-only disk: journal", says="journal.sqlite"),
    _room(read_only, ".kerec/ledger", "judge", name="read-only disk: ledger", says="writable"),
    _room(
        read_only, "out", "graph", "export", "--out", "out", name="read-only disk: export", says="Read-only file system"
    ),
    _room(
        read_only,
        "out",
        "recommend",
        "u1",
        "--out",
        "out/l.csv",
        name="read-only disk: lists",
        says="Read-only file system",
    ),
    Case(GROUP, "full disk: a new embedded graph", "`kerec load`, `.kerec` mounted so", unless_possible(_full_graph)),
    Case(
        GROUP,
        "read-only disk: the embedded graph",
        "`kerec load`, `.kerec` mounted so",
        unless_possible(_read_only_graph),
    ),
]
