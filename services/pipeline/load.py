"""The load step: the user's files become items, entities, links, the journal, and what users did."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from graph.reconcile import Change, reconcile
from graph.records import Entity
from graph.tables import ENTITY, IS_A, ITEM, SHOP
from services.catalog.dictionary import read_dictionary
from services.catalog.events import read_events
from services.catalog.items import read_items
from services.catalog.rejects import Reject, check_share, write_rejects
from services.entities.linker import Linker
from services.feedback.profiles import refresh_users
from services.pipeline.catalogue import earlier_items, remember, with_withdrawn
from services.pipeline.step import Done, Step, Summary, digest, file_digest
from services.workspace import Workspace

_VERSION = 1
EXTRACTOR = "dictionary-1"  # the linker's rules; a change of them changes every link


@dataclass(frozen=True, slots=True)
class Files:
    """What the user's files hold, good rows only, with the rejects of all of them; `earlier` are items known before."""

    items: pl.DataFrame
    earlier: pl.DataFrame
    entities: tuple[Entity, ...]
    events: pl.DataFrame
    rejects: list[Reject]


def _fingerprint(workspace: Workspace) -> str:
    return digest(_inputs(workspace), workspace.journal.state())


def _inputs(workspace: Workspace) -> str:
    settings = workspace.shop.settings
    paths = [settings.items.path, *(table.path for table in settings.events)]
    if settings.dictionary:
        paths.append(settings.dictionary.path)
    mappings = (settings.items, settings.events, settings.dictionary, settings.interests)
    return digest(_VERSION, EXTRACTOR, [file_digest(path) for path in paths], *mappings)


def _work(workspace: Workspace) -> Done:
    inputs = _inputs(workspace)
    files = _read(workspace)
    journal = workspace.journal
    journal.set_items(files.items["id"])
    receipt = journal.import_frame(files.events)
    _note_conflicts(workspace, files, receipt.conflicts)
    items = with_withdrawn(files.items, files.earlier)
    remember(workspace.shop, items)
    change = reconcile(workspace.client, ITEM, items, workspace.progress)
    change += _write_entities(workspace, files.entities)
    links = _links(items, files.entities)
    change += reconcile(workspace.client, IS_A, links, workspace.progress)
    change += _write_shop(workspace)
    events = journal.state()
    change += refresh_users(workspace)
    linked = links.filter("main").join(files.items, left_on="item", right_on="id", how="semi").height
    summary: Summary = {
        "items": files.items.height,
        "entities": len(files.entities),
        "linked": linked,
        "events": events.events,
        "new events": receipt.accepted,
        "forgotten": receipt.forgotten,
        "rejected": len(files.rejects) + len(receipt.conflicts),
        "rows written": change.written,
        "rows deleted": change.deleted,
    }
    return Done(summary, digest(inputs, events))


LOAD = Step("load", _fingerprint, _work)


def _read(workspace: Workspace) -> Files:
    """All files, before anything is written; raises DataError where one of them has too many bad rows."""
    settings = workspace.shop.settings
    items = read_items(settings.items)
    earlier = earlier_items(workspace)
    events = read_events(settings.events, {*items.content["id"], *earlier["id"]})
    dictionary = read_dictionary(settings.dictionary) if settings.dictionary else None
    rejects = [*items.rejects, *events.rejects, *(dictionary.rejects if dictionary else ())]
    totals = {**items.totals, **events.totals, **(dictionary.totals if dictionary else {})}
    where = workspace.shop.rejects_dir / "load.csv"
    write_rejects(where, rejects)
    check_share(rejects, totals, settings.load.max_bad_share, where)
    entities = dictionary.content if dictionary else ()
    return Files(items.content, earlier, entities, events.content, rejects)


def _note_conflicts(workspace: Workspace, files: Files, conflicts: tuple[int, ...]) -> None:
    """Adds to the rejects what the journal holds already under the same id with other content."""
    if conflicts:
        reason = "the journal holds an event of this id with other content"
        ids = files.events["id"]
        later = [Reject("events", number + 1, reason, ids[number]) for number in conflicts]
        write_rejects(workspace.shop.rejects_dir / "load.csv", [*files.rejects, *later])


def _write_entities(workspace: Workspace, entities: tuple[Entity, ...]) -> Change:
    rows = [{name: _value(entity, name) for name in ENTITY.columns} for entity in entities]
    return reconcile(workspace.client, ENTITY, pl.DataFrame(rows, schema=ENTITY.schema), workspace.progress)


def _value(entity: Entity, name: str) -> object:
    value = getattr(entity, name)
    return list(value) if isinstance(value, tuple) else value


def _links(items: pl.DataFrame, entities: tuple[Entity, ...]) -> pl.DataFrame:
    """IS_A rows: the main entity of each linked item, and the further ones that its title names."""
    linker = Linker(entities)
    links = linker.link_all(items.select("title", "brand", "category").iter_rows())
    rows = []
    for item, link in zip(items["id"], links, strict=True):
        if link.entity is not None:
            rows.append((item, link.entity, link.confidence, True, link.source))
            rows += [
                (item, other, link.confidence, False, link.source) for other in link.secondary if other != link.entity
            ]
    return pl.DataFrame(rows, schema=IS_A.schema, orient="row")


def _write_shop(workspace: Workspace) -> Change:
    settings = workspace.shop.settings
    journal = workspace.journal
    row = {
        "id": workspace.shop.id,
        "dictionary": file_digest(settings.dictionary.path) if settings.dictionary else None,
        "extractor": EXTRACTOR,
        "clock": settings.clock,
        "now": journal.latest_at(),
    }
    return reconcile(workspace.client, SHOP, pl.DataFrame([row], schema=SHOP.schema), workspace.progress)
