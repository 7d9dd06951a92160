"""One text form for what CSV, JSON and Parquet hold, so that a row means the same in each of them."""

from __future__ import annotations

import math
from collections.abc import Callable

import polars as pl

EXACT = 2.0**53
LIST_SEPARATOR = "|"


def float_text(number: float) -> str | None:
    """Write a float as Python does, whole numbers as integers (17850.0 is "17850"), not-a-number as missing."""
    if math.isnan(number):
        return None
    return str(int(number)) if number.is_integer() and abs(number) < EXACT else repr(number)


def json_text(value: object) -> str | None:
    """Write a JSON value; lists are joined by `|`, an empty text is missing.

    Raises TypeError for an object.
    """
    match value:
        case str():
            return value or None
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return float_text(value)
        case list():
            return LIST_SEPARATOR.join(text for text in map(json_text, value) if text) or None
        case _:
            raise TypeError("an object stands where a text or a number should")


def series_text(series: pl.Series) -> pl.Series:
    """Write a typed column as String; datetimes as ISO 8601, without a zone taken as UTC; empty texts are missing.

    Raises TypeError for types that have no text, such as structs.
    """
    text = _writer(series.dtype)(series)
    return text.set(text == "", None)


def floats_text(series: pl.Series) -> pl.Series:
    """Write a float column by `float_text`, each distinct value once."""
    distinct = series.unique().drop_nulls().cast(pl.Float64)
    texts = pl.Series([float_text(number) for number in distinct], dtype=pl.String)
    return series.cast(pl.Float64).replace_strict(distinct, texts, default=None, return_dtype=pl.String)


def _writer(dtype: pl.DataType) -> Callable[[pl.Series], pl.Series]:
    if isinstance(dtype, pl.String | pl.Categorical | pl.Enum | pl.Boolean | pl.Null) or dtype.is_integer():
        return lambda series: series.cast(pl.String)
    if dtype == pl.Float32 or dtype == pl.Float64:
        return floats_text
    if dtype.is_decimal():
        return lambda series: series.cast(pl.String)
    if isinstance(dtype, pl.Date):
        return lambda series: series.dt.strftime("%Y-%m-%d")
    if isinstance(dtype, pl.Datetime):
        return _datetimes_text
    if isinstance(dtype, pl.List | pl.Array):
        return _lists_text
    raise TypeError(f"its type is {dtype}; use text, numbers, dates or lists")


def _datetimes_text(series: pl.Series) -> pl.Series:
    zoned = isinstance(series.dtype, pl.Datetime) and series.dtype.time_zone
    utc = series.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if zoned else series
    return utc.dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ")


def _lists_text(series: pl.Series) -> pl.Series:
    lists = series.to_frame("cell").with_row_index("row")
    cells = lists.explode("cell", empty_as_null=True)
    cells = cells.with_columns(series_text(cells["cell"]).alias("cell"))
    joined = cells.group_by("row", maintain_order=True).agg(pl.col("cell").drop_nulls().str.join(LIST_SEPARATOR))
    return joined.sort("row")["cell"]
