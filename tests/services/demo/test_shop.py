"""The demo shop's folder is written whole, repeatably, and without touching what is already right."""

from __future__ import annotations

import tomllib
from pathlib import Path

import polars as pl
import pytest

from graph.errors import StorageError
from services.demo.shop import write_shop

FILES = {"kerec.toml", "items.csv", "events.csv", "entities.csv", "verdicts.csv"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_shop(tmp_path_factory.mktemp("demo") / "new" / "shop").parent


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


def test_the_folder_holds_the_shop_and_nothing_else(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == FILES


def test_every_column_that_the_toml_names_is_in_its_file(folder: Path) -> None:
    settings = tomllib.loads((folder / "kerec.toml").read_text())
    assert settings["shop"] == {"id": "demo"}
    assert settings["judge"]["name"] == "recorded"
    assert settings["judge"]["unlisted"] == "unrelated"
    for section in (settings["items"], settings["events"][0], settings["dictionary"], settings["judge"]):
        header = pl.read_csv(folder / section["path"], n_rows=1).columns
        assert set(section["columns"].values()) <= set(header)


def test_writing_again_touches_nothing(folder: Path) -> None:
    before = state(folder)
    assert write_shop(folder) == folder / "kerec.toml"
    assert state(folder) == before


def test_a_damaged_file_is_written_again_and_only_that_one(folder: Path) -> None:
    before = state(folder)
    (folder / "items.csv").write_text("id,title\n")
    write_shop(folder)
    after = state(folder)
    assert after["items.csv"][0] == before["items.csv"][0]
    assert {name: after[name] for name in FILES - {"items.csv"}} == {
        name: before[name] for name in FILES - {"items.csv"}
    }


def test_another_seed_changes_the_events_alone(folder: Path, tmp_path: Path) -> None:
    write_shop(tmp_path, seed=8)
    different = {name for name in FILES if (tmp_path / name).read_bytes() != (folder / name).read_bytes()}
    assert different == {"events.csv"}


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StorageError, match=r"^the demo shop cannot be written to .*taken.*; choose a folder"):
        write_shop(tmp_path / "taken")
    assert (tmp_path / "taken").read_text() == "a file"


def test_a_failed_write_leaves_the_old_file_and_no_remains(tmp_path: Path) -> None:
    (tmp_path / "items.csv").mkdir()
    (tmp_path / "items.csv" / "kept").write_text("kept")
    with pytest.raises(StorageError, match="the demo shop cannot be written"):
        write_shop(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["items.csv"]
    assert (tmp_path / "items.csv" / "kept").read_text() == "kept"
