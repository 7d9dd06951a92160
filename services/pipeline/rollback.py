"""Rolling back: an older release served again.

It is held: the weigh step counts as done until its inputs change, or until it is forced. What is rolled back are
weights and views; popularity, shortlists and co-purchase lists are facts and stay.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from graph.client import Transaction
from graph.errors import GraphError, NotFoundError
from graph.reconcile import Change
from services.pipeline.archive import Release, manifests, read_release
from services.pipeline.release import apply, served
from services.pipeline.step import Summary
from services.workspace import Workspace, single_run

VIEWS = ("substitutable", "complementary")
_STEP = "weigh"
_HELD = "held "
_STAYS = "stays until inputs change, or kerec weigh --force"


@dataclass(frozen=True, slots=True)
class Published:
    """What is served now, what was before, and the rows of the graph that changed."""

    release: str
    before: str | None
    change: Change


def roll_back(workspace: Workspace, release: str | None = None) -> Published:
    """Serves a kept release again: the named one, else the one made before the served one.

    Raises NotFoundError where there is none, GraphError where the weigh step was never finished.
    """
    with single_run(workspace.shop):
        _done_once(workspace)
        chosen = read_release(workspace.shop, release or _previous(workspace))
        return _hold(workspace, chosen, f"rollback ({_STAYS})")


def _previous(workspace: Workspace) -> str:
    now = served(workspace)
    ids = [manifest.id for manifest in manifests(workspace.shop)]
    place = ids.index(now) if now in ids else len(ids)
    if place == 0:
        raise NotFoundError(f"no release was made before {now}: name one, see kerec releases")
    return ids[place - 1]


def _done_once(workspace: Workspace) -> None:
    if _stamp(workspace) is None:
        raise GraphError("the weigh step was never finished on this graph: run kerec weigh first")


def _stamp(workspace: Workspace) -> str | None:
    """The fingerprint of the last weigh, also while another release takes its place."""
    rows = workspace.client.rows("load/step/read")
    return next((str(row["fingerprint"]).removeprefix(_HELD) for row in rows if row["id"] == _STEP), None)


def _hold(workspace: Workspace, release: Release, by: str) -> Published:
    before, fingerprint = served(workspace), _stamp(workspace)
    summary: Summary = {"edges": release.weights.height, "release": release.id, "set by": by}
    stamp = {"id": _STEP, "summary": json.dumps(summary), "finished_at": int(time.time() * 1000)}
    # Until all is written the weigh step has something to do, also if this is killed and never repeated.
    workspace.client.run("load/step/write", rows=[{**stamp, "fingerprint": f"{_HELD}{fingerprint}"}])
    change = apply(workspace, release)

    def switch(tx: Transaction) -> None:
        tx.rows("load/shop/release", release=release.id)
        tx.rows("load/step/write", rows=[{**stamp, "fingerprint": fingerprint}])

    workspace.client.write(switch)
    return Published(release.id, before, change)
