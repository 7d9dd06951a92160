"""The worker processes, and the parent that forks them: gunicorn's own, where they fall short."""

from __future__ import annotations

import signal
from http import HTTPStatus
from socket import socket
from typing import Any

import structlog
from gunicorn import util
from gunicorn.arbiter import Arbiter
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from services.api.access import HEADER, request_id
from services.api.problems import CRASH, MEDIA_TYPE, problem

LOG = structlog.stdlib.get_logger("kerec.api")
STATUSES: dict[type[Exception], HTTPStatus] = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}


class ApiWorker(ThreadWorker):
    """Answers what is not HTTP, and what no view could answer, as the views do: problem+json with a request id."""

    def init_signals(self) -> None:
        """Take the signals that waited since the fork (see ApiArbiter)."""
        super().init_signals()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, Arbiter.SIGNALS)

    def handle_error(self, req: Any, client: socket, addr: Any, exc: Exception) -> None:
        """Answer a request that could not be read or that broke outside the application."""
        named = request_id(None)
        refused = isinstance(exc, errors.ParseException)
        status = STATUSES.get(type(exc), HTTPStatus.BAD_REQUEST) if refused else HTTPStatus.INTERNAL_SERVER_ERROR
        if refused:
            LOG.warning("refused", request_id=named, status=status.value, error=type(exc).__name__)
        else:
            LOG.error("crashed", request_id=named, exc_info=exc)
        detail = f"The request could not be read: {exc}" if refused else CRASH
        _send(client, status, problem(status, detail, "about:blank", named), named)


class ApiArbiter(Arbiter):
    """Loses no signal to a worker that is being born.

    Between the fork and its own set-up, a worker runs its parent's signal handlers: a SIGTERM that arrives then would
    be swallowed, and the server would hang until its graceful timeout. So signals wait until the worker can take them.
    """

    def spawn_worker(self) -> None:
        """Fork one worker."""
        signal.pthread_sigmask(signal.SIG_BLOCK, self.SIGNALS)
        try:
            super().spawn_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, self.SIGNALS)


def _send(client: socket, status: HTTPStatus, body: bytes, named: str) -> None:
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\nContent-Type: {MEDIA_TYPE}\r\n"
        f"Content-Length: {len(body)}\r\n{HEADER}: {named}\r\n\r\n"
    )
    try:
        util.write_nonblock(client, head.encode("ascii") + body)
    except OSError:
        LOG.info("client gone", request_id=named)
