"""What is written is there whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.atomic import replacing
from graph.errors import StorageError


def test_a_file_takes_the_place_of_the_old_one_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.txt"
    with replacing(path) as part:
        part.write_text("first")
        assert not path.exists()
    with replacing(path) as part:
        part.write_text("second")
        assert path.read_text() == "first"
    assert path.read_text() == "second"
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_appears_with_all_its_files(tmp_path: Path) -> None:
    path = tmp_path / "releases" / "r1"
    (tmp_path / "releases" / ".r1.part").mkdir(parents=True)  # of a killed process
    (tmp_path / "releases" / ".r1.part" / "old").touch()
    with replacing(path) as part:
        part.mkdir()
        (part / "one").write_text("1")
        (part / "inner").mkdir()
        (part / "inner" / "two").write_text("2")
        assert not path.exists()
    assert {str(each.relative_to(path)) for each in path.rglob("*")} == {"one", "inner", "inner/two"}
    assert list(path.parent.iterdir()) == [path]


def broken_off(path: Path, error: Exception) -> None:
    with replacing(path) as part:
        part.write_text("half")
        raise error


def test_what_fails_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError):
        broken_off(path, ZeroDivisionError())
    with pytest.raises(StorageError, match=r"^\S+/file\.txt cannot be written: No space left on device$"):
        broken_off(path, OSError(28, "No space left on device"))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(StorageError, match=r"^\S+/file/x cannot be written: File exists$"),
        replacing(tmp_path / "file/x"),
    ):
        pass
    (tmp_path / "folder" / "full").mkdir(parents=True)
    with pytest.raises(StorageError, match=r"folder cannot be written: "), replacing(tmp_path / "folder") as part:
        part.write_text("a file")
