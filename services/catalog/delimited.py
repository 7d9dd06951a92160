"""CSV and TSV: quoted fields may hold separators and line ends."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from graph.errors import DataError
from services.catalog.rejects import Reject
from services.catalog.table import Table, check_columns, text_frame

_UNDECODED = re.compile("[\udc80-\udcff]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_REASONS = {
    "unexpected end of data": "a quote is opened and never closed",
    "new-line character seen in unquoted field": "a carriage return stands inside a field",
    "field larger than field limit": "a field is too long: a quote may be opened and never closed",
    "expected after": "text follows a closing quote: write a quote inside quotes twice",
}


class _Lines(Iterator[str]):
    """Physical lines with their line ends, that a reader can be sent back on."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="\n").readlines()
        self._undecoded = {number for number, line in enumerate(self._lines) if _UNDECODED.search(line)}
        self.position = 0

    def __next__(self) -> str:
        if self.ended:
            raise StopIteration
        self.position += 1
        return self._lines[self.position - 1]

    @property
    def ended(self) -> bool:
        return self.position >= len(self._lines)

    def decoded_since(self, start: int) -> bool:
        return not self._undecoded or self._undecoded.isdisjoint(range(start, self.position))


def read_csv(path: Path, columns: Mapping[str, str]) -> Table:
    """Read a comma-separated file with a header line."""
    return _read(path, columns, ",")


def read_tsv(path: Path, columns: Mapping[str, str]) -> Table:
    """Read a tab-separated file with a header line."""
    return _read(path, columns, "\t")


def _read(path: Path, columns: Mapping[str, str], separator: str) -> Table:
    records = _records(_Lines(_text(path)), separator)
    header = _header(path, records)
    check_columns(path, columns, header)
    lines: list[int] = []
    rows: list[list[str]] = []
    rejects: list[Reject] = []
    for line, record in records:
        if isinstance(record, str):
            rejects.append(Reject(str(path), line, record))
        elif len(record) == len(header):
            lines.append(line)
            rows.append(record)
        else:
            rejects.append(Reject(str(path), line, f"{len(record)} fields where the header has {len(header)}"))
    places = {field: header.index(column) for field, column in columns.items()}
    fields = {field: [row[place] for row in rows] for field, place in places.items()}
    return Table(str(path), text_frame(lines, fields), rejects)


def _text(path: Path) -> str:
    data = path.read_bytes()
    if data.startswith(_UTF16):
        raise DataError(f"{path} is UTF-16: save it as UTF-8")
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="surrogateescape")


def _header(path: Path, records: Iterator[tuple[int, list[str] | str]]) -> list[str]:
    _, header = next(records, (0, []))
    if isinstance(header, str):
        raise DataError(f"{path}: the header line cannot be read: {header}")
    if not header:
        raise DataError(f"{path} is empty: its first line must name the columns")
    if any("\0" in name for name in header):
        raise DataError(f"{path} is not a text file: save it as UTF-8 text, or give its own format's extension")
    for name in header:
        if header.count(name) > 1:
            raise DataError(f"{path} names the column '{name}' twice: rename one of them")
    return header


def _records(lines: _Lines, separator: str) -> Iterator[tuple[int, list[str] | str]]:
    """Yield the line where each record starts with its fields, or with the reason why it cannot be read."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while not lines.ended:
        start = lines.position
        try:
            record = next(reader)
        except csv.Error as error:
            lines.position = start + 1  # an open quote swallows good lines: only its own is refused
            yield start + 1, _reason(error)
            continue
        if not lines.decoded_since(start):
            yield start + 1, "not UTF-8"
        elif len(record) > 1 or "".join(record).strip():
            yield start + 1, record


def _reason(error: csv.Error) -> str:
    return next((reason for part, reason in _REASONS.items() if part in str(error)), str(error))
