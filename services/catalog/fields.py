"""Fields of a table's texts, as expressions: ids, numbers, yes and no."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

YES = ("true", "1", "yes")
NO = ("false", "0", "no")


def with_fields(frame: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """Add the fields that the user's file does not have, as null texts."""
    return frame.with_columns(pl.lit(None, pl.String).alias(name) for name in names if name not in frame.columns)


def blank(name: str) -> pl.Expr:
    """Where a text is missing or only spaces."""
    return pl.col(name).is_null() | (pl.col(name).str.strip_chars() == "")


def number(name: str) -> pl.Expr:
    """A finite or infinite Float64, null where the text is no number."""
    return pl.col(name).str.strip_chars().cast(pl.Float64, strict=False)


def whole(name: str) -> pl.Expr:
    """An Int64, null where the text is no whole number; "3.0" is one."""
    return pl.col(name).str.strip_chars().str.replace(r"\.0*$", "").cast(pl.Int64, strict=False)


def truth(name: str) -> pl.Expr:
    """A Boolean from true/false, 1/0 or yes/no, null where the text is none of them."""
    text = pl.col(name).str.strip_chars().str.to_lowercase()
    return pl.when(text.is_in(YES)).then(True).when(text.is_in(NO)).then(False)


def unread(text: str, read: pl.Expr) -> pl.Expr:
    """Where something was written that could not be read."""
    return ~blank(text) & read.is_null()
