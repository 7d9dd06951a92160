"""All cases on one bench, as many at once as may be."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from services.measure.bad_input.bench import Bench
from services.measure.bad_input.case import Case, Lane, Outcome, Seen
from services.measure.bad_input.cases.servers import GROUP as SERVERS

COMMANDS = 14  # most wait for servers that do not answer


def play_all(bench: Bench, cases: Iterable[Case]) -> list[Outcome]:
    """Every case with what was seen, in the order of the cases."""
    given = list(cases)
    seen: dict[int, Future[Seen]] = {}
    with ThreadPoolExecutor(COMMANDS) as commands, ThreadPoolExecutor(1) as requests:
        pools = {Lane.COMMAND: commands, Lane.REQUEST: requests}
        # Those first that wait longest.
        for number, case in sorted(enumerate(given), key=lambda each: each[1].group != SERVERS):
            if case.lane in pools:
                seen[number] = pools[case.lane].submit(_played, case, bench)
    with ThreadPoolExecutor(1) as alone:
        for number, case in enumerate(given):
            if case.lane is Lane.ALONE:
                seen[number] = alone.submit(_played, case, bench)
    return [Outcome(case, seen[number].result()) for number, case in enumerate(given)]


def _played(case: Case, bench: Bench) -> Seen:
    try:
        return case.play(bench)
    except (OSError, ValueError, RuntimeError) as error:
        fault = f"it could not be played: {type(error).__name__}: {error}"
        return Seen("none", "nothing", "", (bench.shortened(fault),))
