"""What SQLite and the operating system say about a file, told as one line that a user can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import DataError, StorageError

_ADVICE = {
    sqlite3.SQLITE_BUSY: "is locked by another process; let it end or stop it, then try again",
    sqlite3.SQLITE_LOCKED: "is locked by another process; let it end or stop it, then try again",
    sqlite3.SQLITE_FULL: "cannot grow because the disk is full; free some space and try again",
    sqlite3.SQLITE_READONLY: "cannot be written; make the file, its folder and its file system writable",
    sqlite3.SQLITE_PERM: "cannot be written; make the file, its folder and its file system writable",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; make sure that its folder exists and that this user may write there",
    sqlite3.SQLITE_IOERR: "cannot be read or written; check the disk, its free space and this user's quota",
    sqlite3.SQLITE_CORRUPT: "is damaged; restore it from a backup, or move it away and load the events again",
    sqlite3.SQLITE_NOTADB: "is not a journal (or is damaged); move it away and load the events again",
}


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn what goes wrong with the SQLite file at `path` into StorageError, and unstorable values into DataError."""
    try:
        yield
    except (sqlite3.IntegrityError, OverflowError, UnicodeEncodeError) as error:
        raise DataError(f"{path}: an event holds a value that cannot be stored ({error}); correct it") from error
    except sqlite3.ProgrammingError:
        raise
    except sqlite3.DatabaseError as error:
        raise StorageError(f"{path} {_advice(error)} (SQLite: {error})") from error
    except OSError as error:
        raise StorageError(
            f"{path} cannot be used ({error.strerror or error}); make its folder writable for this user"
        ) from error


def _advice(error: sqlite3.DatabaseError) -> str:
    # Errors of the sqlite3 module itself carry no code.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return _ADVICE.get(code & 0xFF, "cannot be used; move it away and load the events again")
