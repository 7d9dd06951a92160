"""Times as users write them, to epoch milliseconds in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from graph.errors import DataError
from services.settings import TimeUnit

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_NUMBER = r"^\s*[+-]?\d+(\.\d*)?([eE][+-]?\d+)?\s*$"
_NUMERIC = re.compile(_NUMBER)
_FIRST, _LAST = -62_135_596_800_000, 253_402_300_799_999  # the years 1 to 9999
_SCALE = {"s": 1000, "ms": 1}


def iso_milliseconds(text: str) -> int | None:
    """Read an ISO 8601 time, UTC where it names no zone; None where it is none (a bare number is none)."""
    if _NUMERIC.match(text):
        return None
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (time.replace(tzinfo=time.tzinfo or UTC) - _EPOCH) // _MILLISECOND


def milliseconds(texts: pl.Series, unit: TimeUnit | None) -> pl.Series:
    """Read times as Int64 epoch milliseconds, null where unreadable: epochs in `unit`, ISO 8601 without one."""
    if unit is None:
        known = texts.unique().drop_nulls()
        read = pl.Series([iso_milliseconds(text) for text in known], dtype=pl.Int64)
        return texts.replace_strict(known, read, default=None, return_dtype=pl.Int64)
    whole = texts.str.strip_chars().cast(pl.Int64, strict=False)
    scaled = pl.select(
        pl.coalesce(
            pl.when(whole.abs() <= _LAST).then(whole) * _SCALE[unit],
            (texts.str.strip_chars().cast(pl.Float64, strict=False) * _SCALE[unit])
            .round()
            .cast(pl.Int64, strict=False),
        )
    ).to_series()
    return scaled.set(~scaled.is_between(_FIRST, _LAST), None)


def unreadable(unit: TimeUnit | None) -> str:
    """Say why a time could not be read."""
    if unit is None:
        return "the time is not ISO 8601"
    return f"the time is not a number of {'seconds' if unit == 's' else 'milliseconds'} before the year 10000"


def check_unit(path: Path, column: str, texts: pl.Series, unit: TimeUnit | None) -> None:
    """Refuse a column of numbers whose unit is not said.

    Raises DataError where most times are numbers and `unit` is None.
    """
    given = texts.drop_nulls()
    if unit is None and 2 * given.str.contains(_NUMBER).sum() > given.len():
        raise DataError(
            f"{path}: the times in column '{column}' are numbers: "
            'say time_unit = "s" or time_unit = "ms" beside its columns in kerec.toml'
        )
