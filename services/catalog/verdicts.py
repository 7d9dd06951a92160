"""Recorded verdicts from a shop's file."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from graph.errors import DataError
from graph.records import Label, Verdict
from services.catalog.fields import blank, unread, whole, with_fields
from services.catalog.reading import Reading
from services.catalog.sieve import Check, distinct, sift
from services.catalog.table import check_rows
from services.catalog.tables import read_table
from services.settings import JudgeSettings
from services.settings.judge import VerdictColumns

RECORDED = "recorded"
STRONGEST = 3
_CONTENT = ("label", "strength", "reason")
_OTHER_CONTENT = Check(pl.lit(True), "the pair stands before with another verdict", "pair")


def read_verdicts(judge: JudgeSettings, entities: Iterable[str] | None = None) -> Reading[tuple[Verdict, ...]]:
    """Read the verdicts of `[judge]` in the file's order, without probabilities; `entities` are the dictionary's ids.

    A pair that names an entity out of `entities` is refused; None checks nothing.
    Raises DataError where the file cannot be used at all, or the settings name none.
    """
    if judge.path is None or judge.columns is None:
        raise DataError("kerec.toml: [judge] names no file of verdicts: give path and columns")
    source = read_table(judge.path, judge.columns.mapping())
    check_rows(source, "verdict")
    good, rejects = sift(_parsed(source.frame), source.file, _checks(entities))
    found = distinct(good, ["head", "tail"], _CONTENT)
    _, conflicts = sift(found.conflicts, source.file, [_OTHER_CONTENT])
    return Reading(
        content=tuple(_verdict(row) for row in found.rows.iter_rows(named=True)),
        rejects=sorted([*source.rejects, *rejects, *conflicts], key=lambda reject: reject.line),
        totals={source.file: source.total},
        duplicates=found.duplicates,
    )


def _parsed(frame: pl.DataFrame) -> pl.DataFrame:
    return with_fields(frame, VerdictColumns.model_fields).with_columns(
        label=pl.col("label").str.strip_chars().str.to_lowercase(),
        strength_read=whole("strength"),
        pair=pl.concat_str("head", pl.lit(" → "), "tail"),
    )


def _checks(entities: Iterable[str] | None) -> list[Check]:
    strength = pl.col("strength_read")
    checks = [
        Check(blank("head"), "no head"),
        Check(blank("tail"), "no tail"),
        Check(pl.col("head") == pl.col("tail"), "head and tail are the same entity", "pair"),
        Check(
            ~pl.col("label").is_in(list(Label)).fill_null(False), f"the label is none of {', '.join(Label)}", "label"
        ),
        Check(
            unread("strength", strength) | ~strength.is_between(0, STRONGEST),
            f"the strength is not a whole number from 0 to {STRONGEST}",
            "strength",
        ),
    ]
    if entities is not None:
        known = pl.Series(list(entities), dtype=pl.String).implode()
        checks += [
            Check(~pl.col(name).is_in(known), f"the {name} is not in the dictionary", name) for name in ("head", "tail")
        ]
    return checks


def _verdict(row: dict[str, str | int | None]) -> Verdict:
    strength = row["strength_read"]
    return Verdict(
        head=str(row["head"]),
        tail=str(row["tail"]),
        label=Label(str(row["label"])),
        reason=str(row["reason"] or ""),
        judge=RECORDED,
        prompt=RECORDED,
        strength=None if strength is None else int(strength),
    )
