"""Commands from file to file: link, judge --pairs, recommend --users."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from graph.errors import DataError, SettingsError, UsageError
from graph.records import Verdict
from services.catalog.dictionary import read_dictionary
from services.catalog.tabular import check_writable, column_names, read_columns, write_table
from services.entities.linker import Linker
from services.entities.linkfile import link_table
from services.judging.judging import judge_pairs
from services.judging.port import PairKey
from services.judging.prior import probability
from services.pipeline.judge import build_judge, entity_pairs
from services.recall.port import Recommendations
from services.settings import JudgeSettings
from services.settings.suggestion import suggestion
from services.shop import Shop
from services.workspace import open_workspace

_LINK_FIELDS = ("id", "title", "brand", "category")
_NEEDED = ("id", "title")
_VERDICT = ("head", "tail", "label", "probability", "strength", "reason", "judge")


def parse_columns(text: str) -> dict[str, str]:
    """`id=item_id,category=path` as field → column; raises UsageError naming what cannot be read."""
    columns: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        field, sign, column = part.partition("=")
        if not sign or not column:
            raise UsageError(f"--columns: {part!r} should read field=column")
        if field not in _LINK_FIELDS:
            raise UsageError(f"--columns: unknown field {field!r}, {suggestion(field, _LINK_FIELDS)}")
        columns[field] = column
    return columns


def link_file(shop: Shop, source: Path, out: Path, renamed: dict[str, str]) -> int:
    """Links every title of a file and returns the number of rows; raises a KerecError before anything is written."""
    check_writable(out)
    if shop.settings.dictionary is None:
        raise SettingsError("kerec link needs [dictionary] in kerec.toml")
    there = column_names(source)
    columns = {
        field: renamed.get(field, field)
        for field in _LINK_FIELDS
        if field in _NEEDED or field in renamed or field in there
    }
    titles = read_columns(source, columns)
    entities = read_dictionary(shop.settings.dictionary).content
    write_table(out, link_table(titles, Linker(entities), {entity.id: entity.name for entity in entities}))
    return titles.height


def judge_file(shop: Shop, source: Path, judge_name: str | None, out: Path) -> int:
    """Has the pairs of a file judged, and writes one row a pair in the file's order; returns their number.

    Verdicts go to the ledger as well, so that nothing is paid twice. A pair without a verdict has nulls.
    """
    check_writable(out)
    pairs: list[PairKey] = list(read_columns(source, {"head": "head", "tail": "tail"}).iter_rows())
    settings = _judge_settings(shop, judge_name)
    with open_workspace(shop) as workspace, workspace.ledger as ledger:
        judge = build_judge(workspace, settings, ledger)
        judge_pairs(judge, entity_pairs(workspace, pairs), ledger)
        given = {(verdict.head, verdict.tail): verdict for verdict in ledger.verdicts_of(judge.prompt)}
    write_table(out, verdict_table(pairs, given))
    return len(pairs)


def verdict_table(pairs: Sequence[PairKey], given: Mapping[PairKey, Verdict]) -> pl.DataFrame:
    """One row a pair, in their order: null where there is no verdict."""
    rows = []
    for pair in pairs:
        verdict = given.get(pair)
        answer: tuple[object, ...] = (None,) * 5
        if verdict:
            answer = (verdict.label.value, probability(verdict), verdict.strength, verdict.reason, verdict.judge)
        rows.append((*pair, *answer))
    schema = dict.fromkeys(_VERDICT, pl.String) | {"probability": pl.Float64, "strength": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def read_users(path: Path) -> list[str]:
    """User ids from column user_id of a table, else one id a line; raises DataError where there are none."""
    users = _column(path) if path.suffix.lower() in (".parquet", ".jsonl") else _read_text(path)
    if not users:
        raise DataError(f"{path} names no users: give a column user_id, or one id a line")
    return users


def _read_text(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8: save it as UTF-8") from error
    separator = {".csv": ",", ".tsv": "\t"}.get(path.suffix.lower())
    if separator and "user_id" in next(csv.reader(lines[:1], delimiter=separator), []):
        return _column(path)
    return [line.strip() for line in lines if line.strip() and line.strip() != "user_id"]


def write_recommendations(path: Path, lists: Iterable[Recommendations]) -> int:
    """Writes one row an item, user after user; returns the number of rows."""
    rows = [row for each in lists for row in recommendation_rows(each)]
    write_table(path, pl.DataFrame(rows, schema=_SCHEMA, orient="row"))
    return len(rows)


def recommendation_rows(given: Recommendations) -> Iterator[tuple[object, ...]]:
    """The columns of `kerec recommend --out`, one tuple an item."""
    for item in given.items:
        why = item.because
        source, target = why.source, why.target
        yield (
            given.user_id,
            item.rank,
            item.item_id,
            item.score,
            item.channel,
            why.bought,
            source.id if source else None,
            target.id if target else None,
            why.reason,
        )


_SCHEMA = {
    "user_id": pl.String,
    "rank": pl.Int64,
    "item_id": pl.String,
    "score": pl.Float64,
    "channel": pl.String,
    "trigger_item": pl.String,
    "source_entity": pl.String,
    "target_entity": pl.String,
    "reason": pl.String,
}


def _column(path: Path) -> list[str]:
    users = read_columns(path, {"user_id": "user_id"})["user_id"].drop_nulls().to_list()
    return [str(user) for user in users]


def _judge_settings(shop: Shop, name: str | None) -> JudgeSettings:
    settings = shop.settings.judge
    if name is None and settings is None:
        raise UsageError("say which judge: --judge recorded or --judge claude")
    known = ("recorded", "claude")
    if name is not None and name not in known:
        raise UsageError(f"unknown judge {name!r}, {suggestion(name, known)}")
    chosen = name or (settings.name if settings else "")
    if settings is None:
        if chosen == "recorded":
            raise SettingsError("the recorded judge needs [judge] with path and columns in kerec.toml")
        return JudgeSettings(name="claude")
    if chosen == "recorded" and (settings.path is None or settings.columns is None):
        raise SettingsError("the recorded judge needs [judge] with path and columns in kerec.toml")
    return settings.model_copy(update={"name": chosen})
