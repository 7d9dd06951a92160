"""The outcomes as a Markdown document: the same run, the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from services.measure.bad_input.case import Outcome

COMMAND = "python -m services.measure.bad_input --out docs/bad-input.md"
_TITLE = "# Bad input, and what the user sees"
_INTRODUCTION = """\
Made by `{command}`, which played all {cases} cases for this table: {failed} failed their checks, {skipped} could not be
tried. Each case was played on a copy of a small good shop, against real processes: the `kerec` command, `kerec serve`
with HTTP requests, the embedded graph server. `…` stands for the shop's folder, or for a port that was free.

Checked of every command: its exit code (1: a problem with the data or a server, 2: wrong usage), exactly one line on
standard error, no traceback. Of every refused request: `application/problem+json` with all its members, its
`request_id` equal to `X-Request-ID`, `Retry-After` with 503. Of both: graph (by its plain export), journal and ledger
equal before and after, or after the repair and a second try."""
_HEAD = "| case | what was done | answer | what the user saw | what was kept |\n|---|---|---|---|---|"


def document(outcomes: Sequence[Outcome]) -> str:
    """The whole document."""
    parts = [_TITLE, _introduction(outcomes)]
    for group, members in groupby(outcomes, key=lambda outcome: outcome.case.group):
        parts += [f"## {group}", "\n".join([_HEAD, *map(_row, members)])]
    return "\n\n".join(parts) + "\n"


def _introduction(outcomes: Sequence[Outcome]) -> str:
    failed = sum(bool(outcome.seen.faults) for outcome in outcomes)
    skipped = sum(outcome.seen.skipped is not None for outcome in outcomes)
    return _INTRODUCTION.format(command=COMMAND, cases=len(outcomes), failed=failed, skipped=skipped)


def _row(outcome: Outcome) -> str:
    case, seen = outcome.case, outcome.seen
    said = seen.text if not seen.faults else f"{seen.text} **failed: {'; '.join(seen.faults)}**"
    return f"| {_cell(case.name)} | {_cell(case.done)} | {seen.answer} | {_cell(_short(said))} | {_cell(seen.kept)} |"


def _short(text: str) -> str:
    return text if len(text) <= 420 else f"{text[:419]}…"


def _cell(text: str) -> str:
    visible = "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text)
    return visible.replace("|", "\\|").replace("<", "&lt;")
