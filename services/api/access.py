"""One id, one log line and one count for every request."""

from __future__ import annotations

import os
import re
from functools import cache
from time import perf_counter

import structlog
from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from services.api.metrics import Metrics

HEADER = "X-Request-ID"
UNMATCHED = "unmatched"
LOG = structlog.stdlib.get_logger("kerec.access")
_USABLE = re.compile(r"[\x21-\x7e]{1,128}")
_CONVERTER = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


def init_app(app: Flask, metrics: Metrics) -> None:
    """Give every request an id, and log and count its answer; to be called before any other hook is set."""

    def end(response: Response) -> Response:
        return _end(response, metrics)

    app.before_request(_begin)
    app.after_request(end)


def request_id(sent: str | None) -> str:
    """The client's own id where it is 1 to 128 visible ASCII characters, else a new one."""
    return sent if sent and _USABLE.fullmatch(sent) else os.urandom(16).hex()


@cache
def template(rule: str) -> str:
    """A route as the contract writes it: `/v1/users/{id}`."""
    return _CONVERTER.sub(r"{\1}", rule)


def _begin() -> None:
    g.started = perf_counter()
    g.request_id = request_id(request.headers.get(HEADER))
    clear_contextvars()
    bind_contextvars(request_id=g.request_id)


def _end(response: Response, metrics: Metrics) -> Response:
    seconds = perf_counter() - g.started
    # never the path itself: it holds a person's id
    route = template(request.url_rule.rule) if request.url_rule else UNMATCHED
    response.headers[HEADER] = g.request_id
    metrics.observe_request(request.method, route, response.status_code, seconds)
    LOG.info(
        "request",
        method=request.method,
        route=route,
        status=response.status_code,
        ms=round(seconds * 1000, 3),
    )
    return response
