"""Logs of the serving process: one JSON object a line on stderr, from kerec, the server and its libraries alike."""

from __future__ import annotations

import logging
import sys

import structlog
from gunicorn.glogging import Logger
from structlog.typing import Processor

_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)


def configure_logs() -> None:
    """Send all logs of this process and of those forked from it to stderr as JSON; for the process's entry only."""
    structlog.configure(
        processors=[*_SHARED, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_SHARED, structlog.stdlib.add_logger_name],
            processors=[remove, structlog.processors.JSONRenderer()],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


class ServerLog(Logger):
    """gunicorn's own messages, through the process's handlers; the access lines are kerec's."""

    def setup(self, cfg: object) -> None:
        """Write no files and keep no format of its own."""
        self.cfg = cfg
        self._access_log_enabled = False
        self.error_log.propagate = True
