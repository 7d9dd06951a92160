"""Plain tables for commands that read one file and write another: format by extension, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from graph.atomic import replacing
from graph.errors import DataError, StorageError, UsageError
from services.catalog.tables import read_table

_FORMATS = (".csv", ".tsv", ".jsonl", ".parquet")


def read_columns(path: Path, columns: dict[str, str]) -> pl.DataFrame:
    """The columns (field → column of the file) as text, one row a row; raises DataError where a row is malformed."""
    return read_rows(path, columns).select(list(columns))


def read_rows(path: Path, columns: dict[str, str]) -> pl.DataFrame:
    """What `read_columns` gives, after a column `line` with each row's own; raises as that does."""
    table = read_table(path, columns)
    if table.rejects:
        first = table.rejects[0]
        raise DataError(f"{path}, line {first.line}: {first.reason} ({len(table.rejects)} such rows)")
    return table.frame


def column_names(path: Path) -> list[str]:
    """The names of a file's columns; raises DataError where it cannot be read."""
    if path.is_dir():  # polars would look for files in it
        raise DataError(f"{path} is a folder: give a file")
    try:
        return _scan(path).collect_schema().names()
    except FileNotFoundError:
        raise DataError(f"{path} does not exist: correct the path, or make the file") from None
    except (OSError, pl.exceptions.PolarsError) as error:
        raise DataError(f"{path} cannot be read: {str(error).splitlines()[0]}") from error


def _scan(path: Path) -> pl.LazyFrame:
    match path.suffix.lower():
        case ".csv":
            return pl.scan_csv(path)
        case ".tsv":
            return pl.scan_csv(path, separator="\t")
        case ".jsonl":
            return pl.scan_ndjson(path)
        case ".parquet":
            return pl.scan_parquet(path)
    raise DataError(f"{path} is of no known format: use {', '.join(_FORMATS)}")


def write_table(path: Path, frame: pl.DataFrame) -> None:
    """Writes a frame in the format of the extension, by atomic rename; raises StorageError or UsageError."""
    check_writable(path)
    writers: dict[str, Callable[[Path], object]] = {
        ".csv": frame.write_csv,
        ".tsv": lambda part: frame.write_csv(part, separator="\t"),
        ".jsonl": frame.write_ndjson,
        ".parquet": frame.write_parquet,
    }
    with replacing(path) as part:
        writers[path.suffix.lower()](part)


def check_writable(path: Path) -> None:
    """Raises UsageError for an extension of no known format, StorageError for a folder that is not there."""
    if path.suffix.lower() not in _FORMATS:
        raise UsageError(f"{path} is of no known format: use {', '.join(_FORMATS)}")
    if not path.absolute().parent.is_dir():
        raise StorageError(f"{path} cannot be written: the folder {path.absolute().parent} does not exist")
