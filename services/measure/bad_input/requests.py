"""HTTP requests as cases: what they must answer, and that they lose nothing."""

from __future__ import annotations

import json
from typing import Any

from services.measure.bad_input.api import Answer
from services.measure.bad_input.bench import Bench
from services.measure.bad_input.case import Case, Lane, Seen
from services.measure.bad_input.plays import KEPT, loss, plain

MEMBERS = ("type", "title", "status", "detail", "instance", "request_id")
PROBLEM = "application/problem+json"
EVENT: dict[str, Any] = {
    "event_id": "e1",
    "user_id": "u1",
    "item_id": "i1",
    "type": "click",
    "at": "2026-03-01T00:00:00Z",
}
_NEEDED = {401: "www-authenticate", 405: "allow", 503: "retry-after"}


def request(
    group: str,
    name: str,
    method: str,
    path: str,
    *,
    status: int,
    says: str,
    body: Any = None,
    headers: dict[str, str] | None = None,
    done: str | None = None,
) -> Case:
    """A request that must be answered by a problem whose detail holds `says`; a body is bytes or sent as JSON."""
    sent = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()

    def play(bench: Bench) -> Seen:
        answer = bench.api.send(method, path, sent, headers)
        return seen(bench, answer, [*problem_faults(answer, status, says), *loss(bench, bench.api.folder)])

    return Case(group, name, done or _shown(method, path, sent), play, Lane.REQUEST)


def event(group: str, name: str, says: str, **fields: Any) -> Case:
    """One event with other fields (None leaves one out) that must be refused by itself."""
    sent = {key: value for key, value in (EVENT | fields).items() if value is not None}
    return events(group, name, says, sent)


def events(group: str, name: str, says: str, *sent: Any) -> Case:
    """Events none of which may be accepted; the reason of the first one holds `says`."""

    def play(bench: Bench) -> Seen:
        answer = bench.api.send("POST", "/v1/events", json.dumps({"events": list(sent)}).encode())
        faults = [] if answer.status == 202 else [f"status {answer.status} instead of 202"]
        rejected = answer.document.get("rejected") or [{"reason": ""}]
        if answer.document.get("accepted") != 0 or len(rejected) != len(sent):
            faults.append("it was not rejected by itself")
        if says not in rejected[0]["reason"]:
            faults.append(f"it does not say {says!r}")
        text = f"rejected: {rejected[0]['reason']}"
        return Seen(str(answer.status), plain(bench, text), KEPT, (*faults, *loss(bench, bench.api.folder)))

    return Case(group, name, "`POST /v1/events`", play, Lane.REQUEST)


def problem_faults(answer: Answer, status: int, says: str) -> list[str]:
    """What is wrong with a problem document."""
    document = answer.document
    faults = [] if answer.status == status else [f"status {answer.status} instead of {status}"]
    if answer.headers.get("content-type") != PROBLEM:
        faults.append(f"the answer is {answer.headers.get('content-type')}, not {PROBLEM}")
    faults += [f"the member {name} is missing" for name in MEMBERS if name not in document]
    if document.get("status") != answer.status:
        faults.append("its status is not the answer's")
    if not document.get("request_id") or document.get("request_id") != answer.headers.get("x-request-id"):
        faults.append("its request_id is not the X-Request-ID")
    if b"Traceback" in answer.body or b"Errno" in answer.body:
        faults.append("it shows kerec's inside")
    if says not in str(document.get("detail")):
        faults.append(f"it does not say {says!r}")
    if (needed := _NEEDED.get(status)) and needed not in answer.headers:
        faults.append(f"the header {needed} is missing")
    return faults


def seen(bench: Bench, answer: Answer, faults: list[str], kept: str = KEPT) -> Seen:
    """What the client saw of a problem."""
    text = f"{answer.document.get('title')}: {answer.document.get('detail')}"
    return Seen(str(answer.status), plain(bench, text), kept, tuple(faults))


def _shown(method: str, path: str, body: bytes | None) -> str:
    shown = f"{method} {path if len(path) <= 60 else path[:40] + '…'}"
    if body is None:
        return f"`{shown}`"
    text = body[:60].decode("utf-8", errors="replace")
    return f"`{shown}` with `{text}{'…' if len(body) > 60 else ''}`"
