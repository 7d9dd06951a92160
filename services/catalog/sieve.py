"""Separating the rows that can be used from those that cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from services.catalog.rejects import Reject
from services.catalog.table import LINE


@dataclass(frozen=True, slots=True)
class Check:
    """Rows where `bad` holds are refused for `reason`; `value` names the column that is shown, if any may be."""

    bad: pl.Expr
    reason: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Distinct:
    """Rows of distinct ids, the rows that repeat one with other content, and how many repeated one exactly."""

    rows: pl.DataFrame
    conflicts: pl.DataFrame
    duplicates: int


def sift(frame: pl.DataFrame, file: str, checks: Sequence[Check]) -> tuple[pl.DataFrame, list[Reject]]:
    """Split off the rows that fail a check; each is refused for the first one that it fails."""
    failed = pl.coalesce(pl.when(check.bad).then(pl.lit(number, pl.Int32)) for number, check in enumerate(checks))
    judged = frame.with_columns(failed.alias("failed"))
    refused = judged.filter(pl.col("failed").is_not_null())
    rejects = [_reject(row, file, checks) for row in refused.iter_rows(named=True)]
    return judged.filter(pl.col("failed").is_null()).drop("failed"), rejects


def _reject(row: dict[str, object], file: str, checks: Sequence[Check]) -> Reject:
    check = checks[int(str(row["failed"]))]
    value = row[check.value] if check.value else None
    return Reject(file, int(str(row[LINE])), check.reason, "" if value is None else str(value))


def distinct(frame: pl.DataFrame, keys: Sequence[str], content: Sequence[str]) -> Distinct:
    """Keep the first row of each key; later ones with the same `content` are duplicates, others conflict."""
    rows = frame.unique(keys, keep="first", maintain_order=True)
    if rows.height == frame.height:
        return Distinct(frame, frame.clear(), 0)
    later = frame.filter(~pl.struct(keys).is_first_distinct())
    first = rows.select(*keys, *(pl.col(name).alias(f"first {name}") for name in content))
    compared = later.join(first, on=keys, maintain_order="left")
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"first {name}")) for name in content)
    conflicts = compared.filter(differs).select(frame.columns)
    return Distinct(rows, conflicts, later.height - conflicts.height)
