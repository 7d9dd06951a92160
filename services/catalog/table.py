"""A user's file as a frame of texts with the line of every row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from graph.errors import DataError
from services.catalog.rejects import Reject
from services.settings.suggestion import suggestion

LINE = "line"


@dataclass(frozen=True, slots=True)
class Table:
    """What could be read of a file.

    `frame` has `line` (Int64) and one String column per mapped field, null where empty. Lines count from 1: physical
    lines where a record starts in csv, tsv (the header included) and jsonl, rows in parquet. `rejects` are the
    malformed ones, `total` counts both.
    """

    file: str
    frame: pl.DataFrame
    rejects: list[Reject]

    @property
    def total(self) -> int:
        """How many rows the file has, bad ones included."""
        return self.frame.height + len(self.rejects)


def text_frame(lines: Sequence[int], fields: Mapping[str, Sequence[str | None]]) -> pl.DataFrame:
    """Build the frame of a table from its columns; empty texts become null."""
    columns = [pl.Series(name, values, dtype=pl.String) for name, values in fields.items()]
    frame = pl.DataFrame([pl.Series(LINE, lines, dtype=pl.Int64), *columns])
    return frame.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)) for name in fields)


def check_rows(table: Table, what: str) -> None:
    """Refuse a file without a single row: what it replaces would be taken for gone. Raises DataError."""
    if not table.total:
        raise DataError(f"{table.file} holds no {what}: nothing was written; see what made the file end so early")


def check_columns(path: Path, columns: Mapping[str, str], existing: Iterable[str]) -> None:
    """Refuse a mapping to a column that the file lacks.

    Raises DataError naming the file, the column and the nearest one that exists.
    """
    names = list(existing)
    for field, column in columns.items():
        if column not in names:
            mapped = f" (mapped as {field})" if field != column else ""
            raise DataError(f"{path} has no column '{column}'{mapped}, {suggestion(column, names)}")
