"""docs/measurements.md: for each measurement what it makes, and under it the notes that people write, which stay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_PART = re.compile(r"^<!-- ([a-z-]+) -->\n", re.MULTILINE)
_NOTES = "<!-- notes on {name}: what stands below stays when it is measured again -->"


@dataclass(frozen=True, slots=True)
class Part:
    """What a measurement made, and the notes on it; both Markdown, perhaps empty."""

    made: str
    notes: str = ""


def parts(text: str) -> dict[str, Part]:
    """The parts of a document by the name of their measurement.

    Raises ValueError for a part without its line of notes: what is prose there could not be told from what was made.
    """
    found = _PART.split(text)[1:]
    return {name: _part(name, body) for name, body in zip(found[::2], found[1::2], strict=True)}


def document(head: str, found: Mapping[str, Part], order: Iterable[str]) -> str:
    """The parts that there are, in order, below the head."""
    return "\n\n".join([head.strip(), *(_written(name, found[name]) for name in order if name in found)]) + "\n"


def _part(name: str, body: str) -> Part:
    made, line, notes = body.partition(_NOTES.format(name=name))
    if not line:
        raise ValueError(f"the part {name!r} has no line {_NOTES.format(name=name)!r}: put it above the notes")
    return Part(made.strip(), notes.strip())


def _written(name: str, part: Part) -> str:
    body = "\n\n".join(filter(None, [part.made, _NOTES.format(name=name), part.notes]))
    return f"<!-- {name} -->\n{body}"
