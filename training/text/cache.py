"""Text vectors kept on disk, each under a hash of the model's version and the text: nothing is encoded twice."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from graph.errors import StorageError
from graph.reconcile import Progress, silent
from training.text.port import TextEncoder, Vectors

_TABLE = "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
_ASKED = 500  # keys a query
_CHUNK = 256  # texts encoded between two commits: what a kill may cost
_BUSY_SECONDS = 60.0


class CachedEncoder:
    """A TextEncoder before another: it asks the other only for texts that the file at `path` does not hold yet.

    Every method raises StorageError where the file cannot be used.
    """

    def __init__(self, encoder: TextEncoder, path: Path, progress: Progress = silent) -> None:
        self._encoder = encoder
        self._path = path
        self._progress = progress

    @property
    def version(self) -> str:
        return self._encoder.version

    @property
    def dimensions(self) -> int:
        with self._opened() as connection:
            for (vector,) in connection.execute("SELECT vector FROM vectors WHERE key = ?", (self._key(""),)):
                return len(vector) // 4
        return int(self.encode([""]).shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        keys = {text: self._key(text) for text in texts}
        with self._opened() as connection:
            found = dict(_read(connection, list(keys.values())))
            missing = [text for text, key in keys.items() if key not in found]
            for chunk, vectors in self._encoded(missing):
                rows = [(keys[text], vector.tobytes()) for text, vector in zip(chunk, vectors, strict=True)]
                with connection:
                    connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
                found.update(rows)
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        return np.stack([np.frombuffer(found[keys[text]], dtype="<f4") for text in texts])

    def _encoded(self, texts: list[str]) -> Iterator[tuple[list[str], Vectors]]:
        ordered = sorted(texts, key=len)  # texts of like length make no padding for each other
        for start in range(0, len(ordered), _CHUNK):
            chunk = ordered[start : start + _CHUNK]
            yield chunk, self._encoder.encode(chunk).astype("<f4")
            self._progress("text vectors", start + len(chunk), len(ordered))

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self.version}\0{text}".encode()).digest()[:16]

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS)) as connection:
                connection.execute(_TABLE)
                yield connection
        except sqlite3.DatabaseError as error:
            raise StorageError(f"{self._path} cannot be used ({error}): free the disk, or delete it") from error
        except OSError as error:
            raise StorageError(f"{self._path} cannot be written: {error.strerror}") from error


def _read(connection: sqlite3.Connection, keys: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    for start in range(0, len(keys), _ASKED):
        part = keys[start : start + _ASKED]
        yield from connection.execute(
            f"SELECT key, vector FROM vectors WHERE key IN ({','.join('?' * len(part))})", part
        )
