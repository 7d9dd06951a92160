"""What users did, in the graph: all of them anew in a run, and those with new events as they arrive."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from graph.client import Transaction
from graph.reconcile import Change, reconcile
from graph.tables import BATCH, BOUGHT, CLICKED, INTERESTED_IN, SAW, USER
from services.feedback.interest import Fading
from services.feedback.projection import MAIN_ENTITY_SCHEMA, Clock, Projection, project
from services.settings import ShopSettings
from services.workspace import Workspace, feedback_lock

_EVENTS_AT_ONCE = 2000


def refresh_users(workspace: Workspace) -> Change:
    """Makes users, what they did and their interests equal to the journal, and notes how far it was read.

    The clock of interests is the shop's latest event, so this also fades the interests of users without new events.
    """
    with feedback_lock(workspace.shop):
        journal, client, progress = workspace.journal, workspace.client, workspace.progress
        state = journal.state()
        events = journal.frame()
        main = pl.DataFrame(
            client.read(lambda tx: tx.tuples("load/main_entities")), schema=MAIN_ENTITY_SCHEMA, orient="row"
        )
        now = journal.latest_at()
        projection = _project(events, main, workspace.shop.settings, now)
        change = reconcile(client, USER, pl.DataFrame({"id": journal.users()}, schema=USER.schema), progress)
        change += reconcile(client, BOUGHT, projection.bought, progress)
        change += reconcile(client, CLICKED, projection.clicked, progress)
        change += reconcile(client, SAW, projection.saw, progress)
        change += reconcile(client, INTERESTED_IN, projection.interests, progress)
        client.run("feedback/advance", watermark=state.head, now=now)
    return change


def follow_journal(workspace: Workspace, *, wait: bool = True) -> int:
    """Brings users with events that the graph has not seen up to date; returns how many events were followed.

    Counts are set from the journal, never added to, so an event counts once however often this is killed or repeated.
    Without `wait` it does nothing while another process is at it. A graph that was never loaded is left alone.
    """
    followed = 0
    with feedback_lock(workspace.shop, seconds=-1 if wait else 0) as held:
        while held and (step := _follow(workspace)) > 0:
            followed += step
    return followed


def _follow(workspace: Workspace) -> int:
    rows = workspace.client.rows("feedback/watermark")
    if not rows:
        return 0
    journal, since = workspace.journal, rows[0]["watermark"]
    users, head = journal.users_after(since, _EVENTS_AT_ONCE)
    if head == since:
        return 0
    events = journal.frame(users)
    now = journal.latest_at()

    def work(tx: Transaction) -> None:
        items = events["item"].unique().to_list()
        main = pl.DataFrame(tx.tuples("feedback/main_entities", items=items), schema=MAIN_ENTITY_SCHEMA, orient="row")
        _write_users(tx, users, _project(events, main, workspace.shop.settings, now))
        tx.rows("feedback/advance", watermark=head, now=now)

    workspace.client.write(work)
    return int(head - since)


def _write_users(tx: Transaction, users: Sequence[str], projection: Projection) -> None:
    tx.rows("load/user/write", rows=[{"id": user} for user in users])
    tx.rows("feedback/drop_interests", users=list(users))
    for view, rows in (
        (BOUGHT, projection.bought),
        (CLICKED, projection.clicked),
        (SAW, projection.saw),
        (INTERESTED_IN, projection.interests),
    ):
        for part in rows.iter_slices(BATCH):
            tx.rows(f"load/{view.name}/write", rows=part.to_dicts())


def _project(events: pl.DataFrame, main: pl.DataFrame, settings: ShopSettings, now: int | None) -> Projection:
    return project(events, main, Clock(now if settings.clock == "time" else None), fading(settings))


def fading(settings: ShopSettings) -> Fading:
    """How interests fade in a shop: by days where its events have times, else by steps."""
    tuned = settings.interests
    if settings.clock == "time":
        return Fading(tuned.rho, tuned.window_days, tuned.timescale_days)
    return Fading(tuned.rho, tuned.window_steps, tuned.timescale_steps)
