"""The order of ids: how ties are broken everywhere."""

from __future__ import annotations

import polars as pl

_DIGITS = 18  # what fits a 64-bit integer; longer numbers are ordered as text


def natural(identity: str) -> tuple[int, int, str]:
    """A sort key by which decimal ids stand in the order of their numbers, before all others."""
    if identity.isascii() and identity.isdecimal() and len(identity) <= _DIGITS:
        return (0, int(identity), identity)
    return (1, 0, identity)


def natural_order(column: str) -> list[pl.Expr]:
    """The same key as expressions to sort a frame by."""
    number = pl.when(pl.col(column).str.contains(rf"^[0-9]{{1,{_DIGITS}}}$")).then(pl.col(column)).cast(pl.Int64)
    return [number.is_null(), number.fill_null(0), pl.col(column)]
