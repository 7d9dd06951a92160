"""Forgetting a person: out of the journal first, then out of the graph."""

from __future__ import annotations

from services.workspace import Workspace, feedback_lock


def forget(workspace: Workspace, user: str, at: int) -> int:
    """Removes a user's events (up to `at`, epoch ms) and node; returns how many events were removed.

    Killed in between, it is finished by calling it again, or by the next load, which deletes users whom the journal
    does not know. Lists and weights lose the person's purchases at the next weigh.
    """
    with feedback_lock(workspace.shop):
        # The graph first, so that nobody is told "done" by a journal that the graph did not follow.
        workspace.client.check()
        removed = workspace.journal.forget(user, at)
        workspace.client.run("load/user/delete", rows=[{"id": user}])
    return removed
