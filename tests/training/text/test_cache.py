"""Nothing is encoded twice: not a text given twice, not one that an earlier run encoded, nor one before a kill."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from graph.errors import StorageError
from training.text import cache
from training.text.cache import CachedEncoder
from training.text.port import Vectors


class Hashing:
    """A TextEncoder whose vectors are made of a text's hash, and which remembers what it was asked."""

    def __init__(self, version: str = "hash-1", fails_on: str | None = None) -> None:
        self.version = version
        self.dimensions = 4
        self.asked: list[str] = []
        self._fails_on = fails_on

    def encode(self, texts: Sequence[str]) -> Vectors:
        if self._fails_on in texts:
            raise KeyboardInterrupt
        self.asked += texts
        numbers = [list(hashlib.sha256(f"{self.version}{text}".encode()).digest()[:4]) for text in texts]
        vectors = np.array(numbers, dtype=np.float32).reshape(len(texts), 4)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


TEXTS = ["a tent", "", "a tent", "日本語 🛒", "x" * 5000, "it's"]


def test_vectors_are_those_of_the_encoder_row_by_row(tmp_path: Path) -> None:
    encoder = Hashing()
    found = CachedEncoder(encoder, tmp_path / "models" / "text.sqlite").encode(TEXTS)
    assert found.dtype == np.float32
    assert np.array_equal(found, Hashing().encode(TEXTS))
    assert sorted(encoder.asked) == sorted(set(TEXTS))


def test_a_second_run_encodes_nothing_and_a_new_title_alone(tmp_path: Path) -> None:
    CachedEncoder(Hashing(), tmp_path / "text.sqlite").encode(TEXTS)
    again = Hashing()
    found = CachedEncoder(again, tmp_path / "text.sqlite").encode([*TEXTS, "new"])
    assert again.asked == ["new"]
    assert np.array_equal(found, Hashing().encode([*TEXTS, "new"]))


def test_another_version_has_vectors_of_its_own(tmp_path: Path) -> None:
    CachedEncoder(Hashing("one"), tmp_path / "text.sqlite").encode(TEXTS)
    other = CachedEncoder(Hashing("other"), tmp_path / "text.sqlite")
    assert np.array_equal(other.encode(TEXTS), Hashing("other").encode(TEXTS))
    assert other.version == "other"


def test_what_was_encoded_before_a_kill_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_CHUNK", 2)
    texts = [letter * length for length, letter in enumerate("abcdef", 1)]
    killed = Hashing(fails_on="eeeee")
    with pytest.raises(KeyboardInterrupt):
        CachedEncoder(killed, tmp_path / "text.sqlite").encode(texts)
    again = Hashing()
    CachedEncoder(again, tmp_path / "text.sqlite").encode(texts)
    assert (killed.asked, again.asked) == (texts[:4], texts[4:])


def test_progress_counts_what_is_encoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_CHUNK", 2)
    seen: list[tuple[str, int, int]] = []
    encoder = CachedEncoder(Hashing(), tmp_path / "text.sqlite", lambda *told: seen.append(told))
    encoder.encode(["a", "b", "c"])
    encoder.encode(["a", "b", "c", "d"])
    assert seen == [("text vectors", 2, 3), ("text vectors", 3, 3), ("text vectors", 1, 1)]


def test_the_dimensions_are_known_without_texts(tmp_path: Path) -> None:
    encoder = CachedEncoder(Hashing(), tmp_path / "text.sqlite")
    assert encoder.encode([]).shape == (0, 4)
    assert encoder.dimensions == 4
    asked = Hashing()
    assert CachedEncoder(asked, tmp_path / "text.sqlite").dimensions == 4
    assert asked.asked == []


def test_a_damaged_file_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "text.sqlite"
    path.write_bytes(b"no database at all, and longer than a header of one hundred bytes" * 3)
    with pytest.raises(StorageError, match=r"text\.sqlite cannot be used \(file is not a database\): .* delete it$"):
        CachedEncoder(Hashing(), path).encode(["a"])
    with pytest.raises(StorageError, match=r"cannot be written"):
        CachedEncoder(Hashing(), path / "below").encode(["a"])
