"""Rolling back: an older release served again.

It is held: the weigh step counts as done until its inputs change, or until it is forced. What is rolled back are
weights, views and the ranker with its evidence; popularity, shortlists and co-purchase lists are facts and stay.
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
from services.pipeline.step import Summary, stamp_of
from services.shop import Shop
from services.workspace import Workspace, single_run

_STEP = "weigh"
_HELD = "held "
_STAYS = "stays until inputs change, or kerec weigh --force"


@dataclass(frozen=True, slots=True)
class Published:
    """What is served now, what was before, and the rows of the graph that changed."""

    release: str
    before: str
    change: Change


def roll_back(workspace: Workspace, release: str | None = None) -> Published:
    """Serves a kept release again: the named one, else the one made before the served one.

    Raises NotFoundError where there is none, GraphError where no release is served.
    """
    with single_run(workspace.shop):
        before = served(workspace)
        if before is None:
            raise GraphError("no release is served on this graph: run kerec weigh first")
        chosen = read_release(workspace.shop, _before(workspace.shop, before) if release is None else release)
        return Published(chosen.id, before, _serve(workspace, chosen))


def _before(shop: Shop, now: str) -> str:
    ids = [manifest.id for manifest in manifests(shop)]
    place = ids.index(now) if now in ids else len(ids)
    if place == 0:
        raise NotFoundError(f"no release was made before {now}: name one, see kerec releases")
    return ids[place - 1]


def _serve(workspace: Workspace, release: Release) -> Change:
    """Where the weigh step counts as done it does so in the end; else it has something to do, and makes a release."""
    done = _weighed(workspace)
    summary: Summary = {"edges": release.weights.height, "release": release.id, "set by": f"rollback ({_STAYS})"}
    stamp = {"id": _STEP, "summary": json.dumps(summary), "finished_at": int(time.time() * 1000)}
    if done is not None:
        # Until all is written the weigh step has something to do, also if this is killed and never repeated.
        workspace.client.run("load/step/write", rows=[{**stamp, "fingerprint": f"{_HELD}{done}"}])
    change = apply(workspace, release)

    def switch(tx: Transaction) -> None:
        tx.rows("load/shop/release", release=release.id)
        if done is not None:
            tx.rows("load/step/write", rows=[{**stamp, "fingerprint": done}])

    workspace.client.write(switch)
    return change


def _weighed(workspace: Workspace) -> str | None:
    """The fingerprint of the last weigh, also while another release takes its place; None where it is to be done."""
    stamp = stamp_of(workspace, _STEP)
    return stamp.removeprefix(_HELD) if stamp is not None else None
