"""How the command speaks: tables and progress for people, JSON for programs, one line for an error."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from graph.reconcile import Progress as Report

_A_WHILE = 30.0  # seconds between two lines of progress where there is no terminal
# Without emoji: an id may well be written u:100:.
out = Console(soft_wrap=True, emoji=False)
err = Console(stderr=True, soft_wrap=True, emoji=False)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    out.print(json.dumps(value, ensure_ascii=False), markup=False, highlight=False, emoji=False)


def print_line(text: str) -> None:
    """One line on standard output."""
    out.print(text, markup=False, highlight=False, emoji=False)


def print_error(text: str) -> None:
    """One line on standard error."""
    err.print(f"[red]Error:[/red] {escape(' '.join(text.split()))}", highlight=False)


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table; numbers are set to the right."""
    table = Table(title=title or None, title_justify="left")
    for number, column in enumerate(columns):
        numeric = all(isinstance(row[number], int | float) for row in rows) and bool(rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(escape(_cell(value)) for value in row))
    Console(width=None if out.is_terminal else 160, emoji=False).print(table)


def print_facts(facts: Mapping[str, object]) -> None:
    """Names and values, one a line."""
    width = max(map(len, facts), default=0)
    for name, value in facts.items():
        print_line(f"{name:<{width}}  {_cell(value)}")


@contextmanager
def progress() -> Iterator[Report]:
    """Bars with rate and remaining time on standard error; where that is no terminal, now and then a line."""
    if not err.is_terminal:
        yield _Lines()
        return
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    )
    tasks: dict[str, TaskID] = {}

    def report(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = bars.add_task(what, total=total)
        bars.update(tasks[what], completed=done, total=total)

    with bars:
        yield report


class _Lines:
    """Progress for a log: what takes less than a while is not worth a line."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def __call__(self, what: str, done: int, total: int) -> None:
        if time.monotonic() - self._told >= _A_WHILE:
            self._told = time.monotonic()
            err.print(f"{what}: {done:,} of {total:,}", markup=False, highlight=False)


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        if not task.speed:
            return Text("")
        return Text(f"{task.speed:,.0f}/s" if task.speed >= 1 else f"{60 * task.speed:,.1f}/min")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
