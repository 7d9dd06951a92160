"""JSONL: one object per line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from services.catalog.rejects import Reject
from services.catalog.table import Table, check_columns, text_frame
from services.catalog.text import json_text


class _BadLineError(ValueError):
    """Why one line is refused."""


def read(path: Path, columns: Mapping[str, str]) -> Table:
    """Read the mapped keys of a file of JSON objects; a key that a line lacks is null there."""
    lines: list[int] = []
    fields: dict[str, list[str | None]] = {field: [] for field in columns}
    rejects: list[Reject] = []
    keys: dict[str, None] = {}
    for line, raw in _lines(path):
        try:
            record = _object(raw)
            keys.update(dict.fromkeys(record))
            row = _row(record, columns)
        except _BadLineError as error:
            rejects.append(Reject(str(path), line, str(error)))
            continue
        lines.append(line)
        for field, value in row.items():
            fields[field].append(value)
    if keys:
        check_columns(path, columns, keys)
    return Table(str(path), text_frame(lines, fields), rejects)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    for number, raw in enumerate(data.split(b"\n"), start=1):
        if stripped := raw.strip():
            yield number, stripped


def _object(raw: bytes) -> dict[str, Any]:
    try:
        record = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise _BadLineError("not UTF-8") from None
    except (ValueError, RecursionError):
        raise _BadLineError("not valid JSON") from None
    if not isinstance(record, dict):
        raise _BadLineError("not a JSON object")
    return record


def _row(record: dict[str, Any], columns: Mapping[str, str]) -> dict[str, str | None]:
    row = {}
    for field, column in columns.items():
        try:
            text = row[field] = json_text(record.get(column))
            if text is not None and not text.isascii():
                text.encode("utf-8")
        except TypeError:
            raise _BadLineError(f"'{column}' is an object: a text or a number should stand there") from None
        except UnicodeEncodeError:
            raise _BadLineError(f"'{column}' holds half of a character (a lone surrogate)") from None
    return row
