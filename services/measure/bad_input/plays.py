"""Commands as cases: what they must answer, and that they lose nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from services.cli.main import UNFORESEEN
from services.measure.bad_input.bench import Bench
from services.measure.bad_input.case import CannotTryError, Case, Seen
from services.measure.bad_input.changes import Change, nothing
from services.measure.bad_input.command import Said

KEPT = "graph, journal and ledger as before"
LONGEST = 600
_PORT = re.compile(r"(127\.0\.0\.1:|[Pp]ort )(?!7687|7474|99999)\d{4,5}")  # the others are free ones, taken by chance
_SECONDS = re.compile(r"\b\d+\.\d s\b")
_REPORT = re.compile(r"\S*kerec-\w+\.log")
_COPY = re.compile(r"…/\d+/shop")


def command(
    name: str,
    *arguments: str,
    says: str,
    code: int = 1,
    change: Change = nothing,
    environ: dict[str, str] | None = None,
    done: str | None = None,
) -> Callable[[str], Case]:
    """A command on a copy of the good shop that was changed; `says` stands in the line that it must show."""

    def play(bench: Bench) -> Seen:
        folder = bench.copy()
        change(folder)
        port = bench.address.uri.rpartition(":")[2]  # of the bench's server, in place of {port}
        given = {key: value.replace("{port}", port) for key, value in (environ or {}).items()}
        said = bench.run(folder, *(part.replace("{port}", port) for part in arguments), environ=given)
        faults = [*line_faults(said, code, says), *loss(bench, folder)]
        return Seen(f"exit {said.code}", told(bench, said, says), KEPT, tuple(faults))

    return lambda group: Case(group, name, done or shown(arguments), play)


def repaired(
    name: str,
    *arguments: str,
    says: str,
    trouble: Callable[[Bench, Path], Said],
    repair: Callable[[Path], None] = nothing,
    done: str | None = None,
) -> Callable[[str], Case]:
    """A command that fails under `trouble`, and after `repair` ends in the state of the good shop."""

    def play(bench: Bench) -> Seen:
        folder = bench.copy()
        said = trouble(bench, folder)
        repair(folder)
        faults = [*line_faults(said, 1, says), *again(bench, folder, arguments)]
        return Seen(f"exit {said.code}", told(bench, said), "repaired and run again: as before", tuple(faults))

    return lambda group: Case(group, name, done or shown(arguments), play)


def again(bench: Bench, folder: Path, arguments: tuple[str, ...]) -> list[str]:
    """What is wrong with a second try of the command, or with what it ends in."""
    retry = bench.run(folder, *arguments)
    if retry.code:
        return [f"the repaired shop fails: {bench.shortened(retry.err)}"]
    return loss(bench, folder)


def line_faults(said: Said, code: int, says: str) -> list[str]:
    """What is wrong with how a command ended."""
    faults = [] if said.code == code else [f"exit {said.code} instead of {code}"]
    lines = [line for line in said.err.splitlines() if line.strip()]
    if code and len(lines) != 1:
        faults.append(f"{len(lines)} lines on standard error instead of one")
    if code and not all(line.startswith("Error: ") for line in lines):
        faults.append("the line does not begin with Error:")
    if any(word in said.err + said.out for word in ("Traceback", UNFORESEEN, "Errno", " object at 0x")):
        faults.append("it shows kerec's inside")
    if max(map(len, lines), default=0) > LONGEST:
        faults.append(f"the line is longer than {LONGEST} characters")
    if says not in said.err + said.out:
        faults.append(f"it does not say {says!r}")
    return faults


def loss(bench: Bench, folder: Path) -> list[str]:
    """What differs from the good shop."""
    now = bench.standing(folder)
    names = ("graph", "journal", "ledger")
    return [f"the {name} is not as before" for name in names if getattr(now, name) != getattr(bench.good, name)]


def told(bench: Bench, said: Said, says: str = "") -> str:
    """What the user saw, without what differs from run to run; of a command that was done, the line with `says`."""
    lines = said.err.splitlines() or [line for line in said.out.splitlines() if says in line]
    return plain(bench, " ".join(" ".join(lines).split()))


def plain(bench: Bench, text: str) -> str:
    """A text without what differs from run to run: the folder of the case, ports that were free by chance, seconds."""
    text = _REPORT.sub("….log", _SECONDS.sub("… s", text))
    return _PORT.sub(lambda match: f"{match[1]}…", _COPY.sub("…", bench.shortened(text)))


def shown(arguments: tuple[str, ...]) -> str:
    """The command as it was typed."""
    return f"`kerec {' '.join(arguments)}`" if arguments else "`kerec`"


def unless_possible(play: Callable[[Bench], Seen]) -> Callable[[Bench], Seen]:
    """The play, skipped with its reason where the machine does not allow it."""

    def tried(bench: Bench) -> Seen:
        try:
            return play(bench)
        except CannotTryError as error:
            return Seen("skipped", str(error), "", skipped=str(error))

    return tried
