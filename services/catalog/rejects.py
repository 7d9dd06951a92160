"""Rows that were refused: where they stood and why."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.atomic import replacing
from graph.errors import DataError, StorageError

HEADER = ("file", "line", "reason", "value")
SHOWN_LENGTH = 200
FIRST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Reject:
    """A refused row: `line` counts the file's own lines from 1, `value` is the offending field, never a user's id."""

    file: str
    line: int
    reason: str
    value: str = ""


def write_rejects(path: Path, rejects: Sequence[Reject]) -> None:
    """Replace the rejects file at once by these rows; without any, remove it.

    Raises StorageError where the disk refuses.
    """
    if rejects:
        with replacing(path) as part:
            _write(part, rejects)
    else:
        _remove(path)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"{path} cannot be removed: {error.strerror}") from error


def _write(path: Path, rejects: Iterable[Reject]) -> None:
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows((r.file, r.line, r.reason, r.value[:SHOWN_LENGTH]) for r in rejects)


def check_share(rejects: Iterable[Reject], totals: Mapping[str, int], limit: float, where: Path) -> None:
    """Stop a load of which one file has more than the share `limit` in [0, 1] of bad rows.

    `totals` maps each file to its number of rows; `where` is the rejects file that was written.
    Raises DataError with the count, the share, the limit and the most frequent reasons.
    """
    by_file: dict[str, list[Reject]] = {}
    for reject in rejects:
        by_file.setdefault(reject.file, []).append(reject)
    for file, refused in by_file.items():
        total = max(totals.get(file, 0), len(refused))
        if len(refused) > limit * total:
            raise DataError(
                f"{file}: {len(refused):,} of {total:,} rows are bad ({len(refused) / total:.1%}, allowed "
                f"{limit:.1%}), nothing was written: {_reasons(refused)}; see {where}, "
                "correct the file or the columns, or raise load.max_bad_share"
            )


def _reasons(rejects: Iterable[Reject]) -> str:
    first: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for reject in rejects:
        counts[reject.reason] += 1
        first.setdefault(reject.reason, reject.line)
    return ", ".join(
        f"{reason} ({count:,}, first in line {first[reason]})" for reason, count in counts.most_common(FIRST_REASONS)
    )
