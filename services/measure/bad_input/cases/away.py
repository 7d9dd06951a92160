"""The API while its graph, or its disk, is away: nothing that it acknowledged is lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.client import GraphClient
from services.measure.bad_input.api import Answer, Api, api
from services.measure.bad_input.bench import Bench
from services.measure.bad_input.case import Case, Lane, Seen
from services.measure.bad_input.changes import Change
from services.measure.bad_input.ground import graph_digest
from services.measure.bad_input.plays import loss, unless_possible
from services.measure.bad_input.requests import EVENT, problem_faults, seen
from services.measure.bad_input.rooms import roomy
from services.measure.bad_input.sockets import Mode

GROUP = "The API while something is away"
_UNACKNOWLEDGED = "not acknowledged; sent again, it counts once"
_BACK = "as before when it is back"
_EVENTS = ".kerec/events"
_JOURNAL = "journal.sqlite"
_ASKED = "/v1/users/u1/recommendations"
_SECONDS = 40.0
_SLOWEST = 30.0


@contextmanager
def _graph(bench: Bench, mode: Mode) -> Iterator[None]:
    bench.api.proxy.turn(mode)
    try:
        yield
    finally:
        bench.api.proxy.turn(Mode.PASSING)


def _away(name: str, method: str, path: str, body: bytes | None = None, mode: Mode = Mode.CUT) -> Case:
    """A request while the graph is away: a problem that says when to come again, and all well afterwards."""

    def play(bench: Bench) -> Seen:
        started = time.monotonic()
        with _graph(bench, mode):
            answer = bench.api.send(method, path, body)
        faults = problem_faults(answer, 503, "the graph server")
        if time.monotonic() - started > _SLOWEST:
            faults.append(f"it took longer than {_SLOWEST:.0f} s")
        _wait_until(lambda: bench.api.send("GET", _ASKED).status == 200, faults)
        return seen(bench, answer, [*faults, *loss(bench, bench.api.folder)], _BACK)

    return Case(GROUP, name, f"`{method} {path}`", play, Lane.REQUEST)


def _wait_until(come: Callable[[], bool], faults: list[str]) -> None:
    deadline = time.monotonic() + _SECONDS
    while not come():
        if time.monotonic() > deadline:
            faults.append(f"it was not well again within {_SECONDS:.0f} s")
            return
        time.sleep(0.1)


def _send_event(api: Api, event_id: str) -> Answer:
    event = {**EVENT, "event_id": event_id, "type": "exposure"}
    return api.send("POST", "/v1/events", json.dumps({"events": [event]}).encode())


def _times_shown(bench: Bench) -> int:
    return sum(row["count"] for row in bench.client.rows("load/saw/read"))


def _counted(bench: Bench, before: int, faults: list[str]) -> None:
    """Exactly one more exposure in the graph, retries or not."""
    _wait_until(lambda: _times_shown(bench) > before, faults)
    if _times_shown(bench) != before + 1:
        faults.append("the event was not counted exactly once")


def _event_while_away(bench: Bench) -> Seen:
    before = _times_shown(bench)
    faults: list[str] = []
    with _graph(bench, Mode.CUT):
        answer = _send_event(bench.api, "while-away")
        again = _send_event(bench.api, "while-away")
    if (answer.status, answer.document.get("accepted")) != (202, 1):
        faults.append("it was not accepted")
    if (again.status, again.document.get("duplicate")) != (202, 1):
        faults.append("the retry was not known")
    _counted(bench, before, faults)
    return Seen(str(answer.status), answer.body.decode(), "in the graph once, when it was back", tuple(faults))


def _refused(bench: Bench, api: Api, trouble: Change, repair: Change, says: str) -> Seen:
    """An event that cannot be stored is not acknowledged; sent again after the repair, it counts once."""
    before, name = _times_shown(bench), f"while-{says}"
    trouble(api.folder)
    try:
        answer = _send_event(api, name)
    finally:
        repair(api.folder)
    faults = problem_faults(answer, 503, says)
    if _send_event(api, name).document.get("accepted") != 1:
        faults.append("the retry was not accepted")
    _counted(bench, before, faults)
    return seen(bench, answer, faults, _UNACKNOWLEDGED)


def _full_disk(bench: Bench) -> Seen:
    folder = bench.copy()
    place = folder / _EVENTS
    with roomy(place) as room, api(bench, room, folder) as served:
        _send_event(served, "before")
        room.fill(place)
        answer = _send_event(served, "after")
        room.free(place)
        retries = [_send_event(served, "after").document for _ in range(2)]
    faults = problem_faults(answer, 503, "disk is full")
    if [retry.get("accepted") for retry in retries] != [1, 0]:
        faults.append("sent again, it did not count once")
    return seen(bench, answer, faults, _UNACKNOWLEDGED)


def _spoil(folder: Path) -> None:
    shutil.copytree(folder / _EVENTS, folder / "aside")
    for file in (folder / _EVENTS).glob(f"{_JOURNAL}*"):
        file.unlink()
    (folder / _EVENTS / _JOURNAL).write_bytes(bytes(range(256)) * 32)


def _mend(folder: Path) -> None:
    for file in (folder / _EVENTS).glob(f"{_JOURNAL}*"):
        file.unlink()
    shutil.copytree(folder / "aside", folder / _EVENTS, dirs_exist_ok=True)


def _damaged(bench: Bench) -> Seen:
    return _refused(bench, bench.api, _spoil, _mend, "is not a journal")


def _alive(bench: Bench) -> Seen:
    with _graph(bench, Mode.CUT):
        answer = bench.api.send("GET", "/healthz")
    faults = [] if answer.status == 200 else ["it is not alive"]
    return Seen(str(answer.status), answer.body.decode(), "says nothing about the graph", tuple(faults))


def _killed(bench: Bench) -> Seen:
    """SIGKILL ends the graph server; the next lease starts it on its port, and all is there."""
    before = graph_digest(bench.client)
    state = json.loads((bench.server.folder / "server.json").read_text())
    os.kill(state["pid"], signal.SIGKILL)
    answer = bench.api.send("GET", _ASKED)
    faults = problem_faults(answer, 503, "the graph server")
    with bench.server.lease() as address, GraphClient(address) as client:
        _wait_until(lambda: bench.api.send("GET", _ASKED).status == 200, faults)
        if graph_digest(client) != before:
            faults.append("the graph is not as before")
    return seen(bench, answer, faults, "the server started again: graph as before")


def _case(name: str, done: str, play: Callable[[Bench], Seen], lane: Lane = Lane.ALONE) -> Case:
    return Case(GROUP, name, done, unless_possible(play), lane)


CASES = [
    _away("graph away: recommendations", "GET", _ASKED),
    _away("graph away: basket", "POST", "/v1/baskets/recommendations", b'{"items": ["i1"]}'),
    _away("graph away: complements", "GET", "/v1/items/i1/complements"),
    _away("graph away: substitutes", "GET", "/v1/items/i1/substitutes"),
    _away("graph away: explanations", "GET", "/v1/explanations?from=i1&to=i3"),
    _away("graph away: readiness", "GET", "/readyz"),
    _away("graph away: forgetting a user", "DELETE", "/v1/users/u1"),
    _away("graph frozen: recommendations", "GET", _ASKED, mode=Mode.SILENT),
    _case("graph away: health", "`GET /healthz`", _alive, Lane.REQUEST),
    _case("graph away: an event, sent twice", "`POST /v1/events`", _event_while_away),
    _case("journal damaged: an event", "`POST /v1/events`", _damaged),
    _case("journal on a full disk: an event", "`POST /v1/events`", _full_disk),
    _case("graph server killed with SIGKILL", f"`GET {_ASKED}`", _killed),
]
