"""Reading a user's file in any of the known formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from graph.errors import DataError
from services.catalog import delimited, json_lines, parquet
from services.catalog.table import Table

READERS: dict[str, Callable[[Path, Mapping[str, str]], Table]] = {
    ".csv": delimited.read_csv,
    ".tsv": delimited.read_tsv,
    ".jsonl": json_lines.read,
    ".parquet": parquet.read,
}


def read_table(path: Path, columns: Mapping[str, str]) -> Table:
    """Read the mapped `columns` (field → column of the file) of a csv, tsv, jsonl or parquet file.

    Raises DataError where the file is missing, is not what its extension says, or lacks a column.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise DataError(f"{path} is of no known format: use {', '.join(READERS)}")
    try:
        return reader(path, columns)
    except FileNotFoundError:
        raise DataError(f"{path} does not exist: correct the path, or make the file") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from error
