"""What Prometheus reads: requests, their latency, the sizes of recall channels, and the fate of events."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
SIZES = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)


class Metrics:
    """The counters of one process; every worker has its own, and any of them answers for all (see `shared`)."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter("kerec_http_requests", "Requests answered.", labels, registry=registry)
        self._seconds = Histogram(
            "kerec_http_request_seconds", "Time to an answer.", ("method", "route"), buckets=SECONDS, registry=registry
        )
        self._recalled = Histogram(
            "kerec_recall_items", "Candidates of a channel.", ("channel",), buckets=SIZES, registry=registry
        )
        self._events = Counter("kerec_events", "Events received, by what became of them.", ("fate",), registry=registry)

    def observe_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request under its route's template."""
        known = method if method in METHODS else "other"  # a client may invent methods; labels must stay few
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(known, route).observe(seconds)

    def observe_recall(self, channel: str, size: int) -> None:
        """Count one recall of a channel that found `size` candidates."""
        self._recalled.labels(channel).observe(size)

    def count_events(self, accepted: int, duplicate: int, rejected: int) -> None:
        """Count the events of one call by what became of them."""
        for fate, count in (("accepted", accepted), ("duplicate", duplicate), ("rejected", rejected)):
            self._events.labels(fate).inc(count)

    def exposition(self) -> bytes:
        """The Prometheus text of this process, or of all that share its folder."""
        if SHARED_FOLDER not in os.environ:
            return generate_latest(self._registry)
        everyone = CollectorRegistry()
        MultiProcessCollector(everyone)
        return generate_latest(everyone)


@contextmanager
def shared(folder: Path) -> Iterator[None]:
    """Let the processes forked, and the metrics made, within answer for each other through a folder."""
    os.environ[SHARED_FOLDER] = str(folder)
    _choose_values()
    try:
        yield
    finally:
        del os.environ[SHARED_FOLDER]
        _choose_values()


def _choose_values() -> None:
    # prometheus_client reads the variable once, when it is imported, which is before a server knows its workers
    values.ValueClass = values.get_value_class()
