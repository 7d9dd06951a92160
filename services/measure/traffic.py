"""Visitors who buy, click and look without a pause, and remember which of their events were acknowledged."""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from types import TracebackType
from typing import Any, Self

from graph.records import EventType

USERS = tuple(f"visitor {number}" for number in range(40))
_PAUSE_SECONDS = 0.01
_AWAY_SECONDS = 0.1
_REPEATED = 0.1  # of the batches are sent again though they were acknowledged
_RETRIED = 0.5  # of the batches that were not acknowledged; the others are given up

Sent = dict[str, Any]


class Traffic:
    """A thread that posts batches of events to one address until the block ends.

    `sent` are all events by id, `acknowledged` the ids of those that were answered with 202.
    """

    def __init__(self, address: str, items: Sequence[str], seed: int) -> None:
        self._address = address
        self._items = items
        self._random = random.Random(seed)
        self._batches: list[list[Sent]] = []
        self._retries: list[list[Sent]] = []
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.sent: dict[str, Sent] = {}
        self.acknowledged: set[str] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.wait(_PAUSE_SECONDS):
            batch = self._next()
            if self._post(batch):
                self._batches.append(batch)
                self.acknowledged |= {event["event_id"] for event in batch}
            else:
                self._ending.wait(_AWAY_SECONDS)
                self._retries += [batch] if self._random.random() < _RETRIED else []

    def _next(self) -> list[Sent]:
        if self._retries:
            return self._retries.pop()
        if self._batches and self._random.random() < _REPEATED:
            return self._random.choice(self._batches)
        return [self._event() for _ in range(self._random.randint(1, 4))]

    def _event(self) -> Sent:
        event = {
            "event_id": f"traffic {len(self.sent)}",
            "user_id": self._random.choice(USERS),
            "item_id": self._random.choice(self._items),
            "type": self._random.choice(list(EventType)).value,
        }
        if self._random.random() < 1 / 2:  # the others happened when they are received
            event["at"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.sent[event["event_id"]] = event
        return event

    def _post(self, batch: Sequence[Sent]) -> bool:
        body = json.dumps({"events": batch}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self._address}/v1/events", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                told = json.load(answer)
        except (urllib.error.URLError, OSError, HTTPException, ValueError):
            return False
        return bool(told["accepted"] + told["duplicate"] == len(batch))
