"""The thread that keeps the graph up with the journal while the API runs."""

from __future__ import annotations

import threading

import structlog

from graph.errors import KerecError
from services.feedback.profiles import follow_journal
from services.workspace import Workspace, revive

_SECONDS = 1.0
_LONGEST_WAIT = 30.0

log = structlog.get_logger(__name__)


class Follower:
    """Follows the journal whenever it is nudged, and once a second for what other processes wrote.

    While the graph is away it waits longer and longer, and starts an embedded server that has ended.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._nudged = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)

    def start(self) -> None:
        """Begins to follow; to be called after a fork."""
        self._thread.start()

    def nudge(self) -> None:
        """Something was written: follow now."""
        self._nudged.set()

    def stop(self) -> None:
        """Ends the thread after the batch it is at."""
        self._stopping.set()
        self._nudged.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        wait = _SECONDS
        while not self._stopping.is_set():
            # While the graph is away no nudge shortens the wait: each would be a try in vain.
            (self._nudged if wait == _SECONDS else self._stopping).wait(wait)
            self._nudged.clear()
            wait = self._follow(wait)

    def _follow(self, waited: float) -> float:
        try:
            follow_journal(self._workspace, wait=False)
        except KerecError as error:
            log.warning("the graph does not follow the journal yet", reason=str(error))
            self._revive()
            return min(_LONGEST_WAIT, waited * 2)
        except Exception:  # the outermost frame of a thread that must go on following
            log.exception("following the journal failed")
            return min(_LONGEST_WAIT, waited * 2)
        return _SECONDS

    def _revive(self) -> None:
        try:
            revive(self._workspace.shop)
        except KerecError as error:
            log.warning("the embedded graph does not start again", reason=str(error))
