"""Parquet: typed columns, read as texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from graph.errors import DataError
from services.catalog.table import LINE, Table, check_columns
from services.catalog.text import series_text


def read(path: Path, columns: Mapping[str, str]) -> Table:
    """Read the mapped columns of a Parquet file; a row's line is its number, from 1."""
    try:
        check_columns(path, columns, pl.read_parquet_schema(path))
        source = pl.read_parquet(path, columns=sorted(set(columns.values())))
    except PolarsError as error:
        raise DataError(f"{path} is not a readable Parquet file: {str(error).splitlines()[0]}") from error
    lines = pl.int_range(1, source.height + 1, dtype=pl.Int64, eager=True).alias(LINE)
    return Table(str(path), pl.DataFrame([lines, *(_text(path, source, *pair) for pair in columns.items())]), [])


def _text(path: Path, source: pl.DataFrame, field: str, column: str) -> pl.Series:
    try:
        return series_text(source[column]).alias(field)
    except TypeError as error:
        raise DataError(f"{path}: the column '{column}' cannot be read: {error}") from None
