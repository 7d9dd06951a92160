from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from graph.errors import DataError, StorageError
from services.catalog.rejects import Reject, check_share, write_rejects

ROWS = [Reject("i.csv", 3, "no id"), Reject("i.csv", 7, 'a "strange", price', "2,5\nEUR"), Reject("i.csv", 9, "no id")]


def test_rejects_are_written_as_csv_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / ".kerec" / "rejects" / "load.csv"
    write_rejects(path, [*ROWS, Reject("e.csv", 1, "old")])
    write_rejects(path, ROWS)
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["file", "line", "reason", "value"],
            ["i.csv", "3", "no id", ""],
            ["i.csv", "7", 'a "strange", price', "2,5\nEUR"],
            ["i.csv", "9", "no id", ""],
        ]
    assert os.listdir(path.parent) == ["load.csv"]


def test_without_rejects_the_old_file_goes(tmp_path: Path) -> None:
    path = tmp_path / "rejects" / "load.csv"
    write_rejects(path, [])
    assert not path.parent.exists()
    write_rejects(path, ROWS)
    write_rejects(path, [])
    assert not path.exists()


def test_long_values_are_cut(tmp_path: Path) -> None:
    write_rejects(tmp_path / "r.csv", [Reject("f", 1, "long", "x" * 10_000)])
    assert (tmp_path / "r.csv").stat().st_size < 300


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "rejects").write_text("a file stands here")
    with pytest.raises(StorageError, match=r"load\.csv cannot be written: "):
        write_rejects(tmp_path / "rejects" / "load.csv", ROWS)


def test_the_share_is_of_each_file_and_may_be_reached() -> None:
    check_share(ROWS, {"i.csv": 60, "e.csv": 1}, 0.05, Path("r.csv"))
    check_share(ROWS, {"i.csv": 3}, 1.0, Path("r.csv"))
    check_share([], {"i.csv": 0}, 0.0, Path("r.csv"))


def test_above_the_share_the_error_says_all() -> None:
    with pytest.raises(DataError) as caught:
        check_share(ROWS, {"e.csv": 10_000, "i.csv": 59}, 0.05, Path("rejects/load.csv"))
    assert str(caught.value) == (
        "i.csv: 3 of 59 rows are bad (5.1%, allowed 5.0%), nothing was written: "
        'no id (2, first in line 3), a "strange", price (1, first in line 7); '
        "see rejects/load.csv, correct the file or the columns, or raise load.max_bad_share"
    )
