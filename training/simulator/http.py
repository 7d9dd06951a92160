"""The service by HTTP: lists from `/v1/users/{id}/recommendations`, events to `/v1/events`."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import quote

from graph.errors import GraphUnavailableError, KerecError
from training.simulator.log import Sent
from training.simulator.port import Shown

_BATCH = 1000
_SECONDS = 30.0
_AT_ONCE = 4


class RefusedError(KerecError):
    """The service took what was sent, or asked, for wrong."""


@dataclass(frozen=True, slots=True)
class HttpService:
    """A service at an address such as http://127.0.0.1:8000.

    Raises RefusedError where it refuses a request or an event, GraphUnavailableError where it does not answer.
    """

    address: str

    def lists(self, users: Sequence[str], k: int) -> list[list[Shown]]:
        """At most k items for each user, best first."""
        paths = [f"/v1/users/{quote(user, safe='')}/recommendations?k={k}" for user in users]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return [[_shown(row) for row in answer["items"]] for answer in pool.map(self._call, paths)]

    def post(self, events: Sequence[Sent]) -> None:
        """Sends events, the latest first: whatever part of them the graph knows, its clock is that of them all."""
        ordered = sorted(events, key=lambda event: -event.at)
        for start in range(0, len(ordered), _BATCH):
            sent = [_body(event) for event in ordered[start : start + _BATCH]]
            answer = self._call("/v1/events", json.dumps({"events": sent}).encode())
            if answer["rejected"]:
                first = answer["rejected"][0]
                raise RefusedError(f"{self.address} refused the event {sent[first['index']]}: {first['reason']}")

    def _call(self, path: str, body: bytes | None = None) -> dict[str, Any]:
        request = urllib.request.Request(f"{self.address}{path}", body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            raise RefusedError(f"{self.address}{path} answered {error.code}: {error.read(300).decode()}") from error
        except (urllib.error.URLError, OSError, HTTPException) as error:
            raise GraphUnavailableError(f"the service at {self.address} does not answer: {error}") from error


def _body(event: Sent) -> dict[str, Any]:
    body: dict[str, Any] = {
        "event_id": event.id,
        "user_id": event.user,
        "item_id": event.item,
        "type": event.type.value,
        "at": event.time().strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if event.request is not None:
        body |= {"position": event.position, "request_id": event.request}
    return body


def _shown(row: dict[str, Any]) -> Shown:
    because = row["because"]
    head = because["source"]["id"] if because["source"] else None
    tail = because["target"]["id"] if because["target"] else None
    return Shown(row["item_id"], row["channel"], head, tail, because["weight"])
