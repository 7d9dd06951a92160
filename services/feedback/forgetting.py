"""Forgetting a person: out of the graph first, then out of the journal, from which the graph is made."""

from __future__ import annotations

from graph.errors import GraphUnavailableError
from services.workspace import Workspace, feedback_lock

_WAIT_SECONDS = 10.0


def forget(workspace: Workspace, user: str, at: int) -> int:
    """Removes a user's node and all their events at `at` (epoch ms); returns how many events were removed.

    Killed in between, it is finished by calling it again. Lists and weights lose the person's purchases at the next
    weigh. Raises GraphUnavailableError while the graph is away, or while a load writes users for longer than a caller
    waits.
    """
    with feedback_lock(workspace.shop, seconds=_WAIT_SECONDS) as held:
        if not held:
            raise GraphUnavailableError("the users are being written by a load: try again when it has ended")
        workspace.client.run("load/user/delete", rows=[{"id": user}])
        return workspace.journal.forget(user, at)
