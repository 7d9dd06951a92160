"""What a measurement leaves behind: a section of docs/measurements.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Section:
    """One section: what was asked, the command that gives it, and a table."""

    title: str
    asked: str
    command: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    notes: Sequence[str] = ()

    def markdown(self) -> str:
        """The section as Markdown."""
        lines = [f"## {self.title}", "", f"Asked: {self.asked}", "", f"    {self.command}", ""]
        lines += [_line(self.columns), _line(["---"] * len(self.columns)), *map(_line, self.rows)]
        lines += [part for note in self.notes for part in ("", note)]
        return "\n".join(lines) + "\n"


def milliseconds(seconds: Sequence[float], percent: float) -> float:
    """A percentile of times given in seconds, in milliseconds, rounded to 0.01."""
    return round(float(np.percentile(np.array(seconds), percent)) * 1000, 2)


def _line(cells: Sequence[object]) -> str:
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value).replace("|", "\\|")
