"""How a board is shown: as a table, as Markdown, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from services.cli.output import print_line, print_table
from training.evaluation.bootstrap import Interval
from training.evaluation.ranking_metrics import CUTS
from training.evaluation.table import Comparison, Line, Table

_MAIN = 10  # the cut whose figures are shown with intervals


def print_board(table: Table, title: str) -> None:
    """The table, the figures over each slice, and the comparisons at the main cut."""
    names = [f"{short}@{cut}" for short in ("R", "NDCG") for cut in CUTS]
    columns, made_of = lists_made_of(table)
    rows = [
        (line.method, *_figures(line), *made, line.seconds) for line, made in zip(table.lines, made_of, strict=True)
    ]
    print_table(title, ("method", *names, *columns, "seconds"), rows)
    _print_comparisons(table, None, ("recall", "ndcg"))
    for name, cases in table.slices.items():
        parts = [(line.method, line.slices[name]) for line in table.lines if name in line.slices]
        sliced = [(method, part.recall[_MAIN], _span(part.recall_interval[_MAIN])) for method, part in parts]
        print_table(f"{name}, {cases:,} cases", ("method", f"R@{_MAIN}", "95 %"), sliced)
        _print_comparisons(table, name, ("recall",))


def _print_comparisons(table: Table, part: str | None, names: Sequence[str]) -> None:
    metrics = {f"{name}@{_MAIN}" for name in names}
    compared = [_compared(each) for each in table.comparisons if each.part == part and each.metric in metrics]
    if compared:
        title = "paired comparisons" + (f", {part}" if part else "")
        print_table(title, ("method", "against", "metric", "difference", "95 %", "ratio"), compared)


def print_markdown(table: Table) -> None:
    """The lines as a Markdown table, with intervals at the main cut."""
    names = [f"{short}@{cut} [95 %]" if cut == _MAIN else f"{short}@{cut}" for short in ("R", "NDCG") for cut in CUTS]
    columns, made_of = lists_made_of(table)
    print_line(_row(("method", *names, *columns, "seconds")))
    print_line(_row(("---", *["---:"] * (len(names) + len(columns) + 1))))
    for line, made in zip(table.lines, made_of, strict=True):
        figures = line.figures
        cells = [
            *(_figure(figures.recall[cut], figures.recall_interval[cut] if cut == _MAIN else None) for cut in CUTS),
            *(_figure(figures.ndcg[cut], figures.ndcg_interval[cut] if cut == _MAIN else None) for cut in CUTS),
        ]
        shown = ["" if value is None else f"{value:.{digits}f}" for value, digits in zip(made, (2, 1), strict=False)]
        print_line(_row((line.method, *cells, *shown, f"{line.seconds:,.0f}")))


def board_json(table: Table, cases: str) -> dict[str, Any]:
    """The table as JSON values; `cases` is what its cases are called."""
    lines = [_flat(asdict(line)) for line in table.lines]
    comparisons = [asdict(each) for each in table.comparisons]
    return {cases: table.cases, "lines": lines, "slices": table.slices, "comparisons": comparisons}


def _flat(line: dict[str, Any]) -> dict[str, Any]:
    return {"method": line.pop("method"), **line.pop("figures"), **line}


def _figures(line: Line) -> tuple[float, ...]:
    return (*(line.figures.recall[cut] for cut in CUTS), *(line.figures.ndcg[cut] for cut in CUTS))


def lists_made_of(table: Table) -> tuple[tuple[str, ...], list[tuple[float | None, ...]]]:
    """The names and the lines of the columns that say what lists are made of; none where no entity is known."""
    if all(line.leak is None for line in table.lines):
        return (), [() for _ in table.lines]
    return ("leak", "entities"), [(line.leak, line.diversity) for line in table.lines]


def _compared(each: Comparison) -> Sequence[object]:
    return (each.method, each.against, each.metric, each.difference, _span(each.difference_interval), each.ratio)


def _span(interval: Interval) -> str:
    return f"{interval.low:.4f} to {interval.high:.4f}"


def _figure(value: float, interval: Interval | None) -> str:
    return f"{value:.4f}" + (f" [{interval.low:.4f}, {interval.high:.4f}]" if interval else "")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
