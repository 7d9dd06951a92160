"""The evidence between items in the graph: that of the ranker which a release names."""

from __future__ import annotations

import time

from graph.reconcile import Change, current, reconcile_bunches
from graph.tables import ITEM, LEADS_TO
from services.pipeline.step import stamp_of
from services.workspace import Workspace
from training.ranker.shelf import evidence_of, has_evidence

_STAMP = "evidence"  # whose evidence the graph holds, noted as steps note what they did


def publish(workspace: Workspace, ranker: str) -> Change:
    """Brings the graph's evidence to what the ranker of this version was saved with, unless it is there already.

    A ranker that was not learned reads none: what is there stays for the readers of the release before, and for going
    back to it. So it does where the ranker's files are gone, whose release is served by the fixed fusion. Raises
    StorageError where its evidence is damaged.
    """
    folder = workspace.shop.rankers_dir
    if not has_evidence(folder, ranker) or stamp_of(workspace, _STAMP) == ranker:
        return Change(0, 0)
    items = current(workspace.client, ITEM).select("id")
    evidence = evidence_of(folder, ranker)
    for end in LEADS_TO.key:
        evidence = evidence.join(items, left_on=end, right_on="id", how="semi")
    workspace.client.run("load/step/delete", rows=[{"id": _STAMP}])
    change = reconcile_bunches(workspace.client, LEADS_TO, evidence, workspace.progress)
    stamp = {"id": _STAMP, "fingerprint": ranker, "summary": "{}", "finished_at": int(time.time() * 1000)}
    workspace.client.run("load/step/write", rows=[stamp])
    return change
