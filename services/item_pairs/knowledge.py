"""All that a shop knows of its items, as frames: from its graph and journal, or from its files."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from graph.errors import DataError, SettingsError
from graph.records import EventType, Label, Verdict
from graph.snapshot import read_snapshot
from services.catalog.dictionary import read_dictionary
from services.catalog.items import read_items
from services.catalog.rejects import check_share, write_rejects
from services.catalog.relations import read_relations
from services.catalog.verdicts import RECORDED, read_verdicts
from services.entities.linker import Linker
from services.evaluating.held_out import shop_events
from services.judging.ledger import Ledger
from services.judging.prior import Decision, decide, prior
from services.pipeline import facts
from services.shop import Shop
from services.workspace import Workspace
from training.weights.timelines import timelines

_ITEM = ("id", "title", "brand", "category", "entity")
_EDGE = {"head": pl.String, "tail": pl.String, "probability": pl.Float64, "strength": pl.Int64}


@dataclass(frozen=True, slots=True)
class Knowledge:
    """`items`: id, title, brand, category, entity. `complements`, `substitutes`: head, tail, probability, strength.

    `timelines`: purchases [training.weights.timelines]. `relations`: src, dst and three ranks, None without a file.
    """

    items: pl.DataFrame
    complements: pl.DataFrame
    substitutes: pl.DataFrame
    timelines: pl.DataFrame
    relations: pl.DataFrame | None


def graph_knowledge(workspace: Workspace) -> Knowledge:
    """What the graph and the journal hold, and the shop's relations; raises DataError for a graph without items."""
    snapshot = read_snapshot(workspace.client)
    if snapshot.items.is_empty():
        raise DataError("the graph holds no items yet: run `kerec run` first")
    return Knowledge(
        snapshot.items.select(_ITEM),
        snapshot.complements,
        snapshot.substitutes,
        facts.purchases(workspace),
        shop_relations(workspace.shop),
    )


def file_knowledge(shop: Shop) -> Knowledge:
    """What the shop's files and its ledger of verdicts hold; needs no graph."""
    settings = shop.settings
    items = read_items(settings.items).content.sort("id")
    entities = read_dictionary(settings.dictionary).content if settings.dictionary else ()
    links = Linker(entities).link_all(items.select("title", "brand", "category").iter_rows())
    entity = pl.Series("entity", [link.entity for link in links], dtype=pl.String)
    known = {each.id for each in entities}
    verdicts = [verdict for verdict in _verdicts(shop) if verdict.head in known and verdict.tail in known]
    accepted = [verdict for verdict in verdicts if decide(verdict) is Decision.ACCEPTED]
    events = shop_events(shop).filter(pl.col("type") == EventType.PURCHASE)
    return Knowledge(
        items.with_columns(entity).select(_ITEM),
        _edges([(each.head, each.tail, prior(each), each.strength) for each in accepted]),
        _edges([(each.head, each.tail, None, each.strength) for each in verdicts if each.label is Label.SUBSTITUTE]),
        timelines(events, steps=settings.clock != "time"),
        shop_relations(shop),
    )


def shop_relations(shop: Shop) -> pl.DataFrame | None:
    """The relations of `[relations]`, None where the shop has none; refused rows go to `rejects/relations.csv`.

    They stay in their file: recall reads no such edge, and a graph would only copy them.
    """
    table = shop.settings.relations
    if table is None:
        return None
    found = read_relations(table)
    where = shop.rejects_dir / "relations.csv"
    write_rejects(where, found.rejects)
    check_share(found.rejects, found.totals, shop.settings.load.max_bad_share, where)
    return found.content


def needed_relations(knowledge: Knowledge) -> pl.DataFrame:
    """The relations; raises SettingsError where the shop has none."""
    if knowledge.relations is None:
        raise SettingsError("this needs [relations] in kerec.toml: known item-item relations to measure against")
    return knowledge.relations


def _verdicts(shop: Shop) -> tuple[Verdict, ...]:
    judge = shop.settings.judge
    if judge is not None and judge.name == RECORDED:
        return read_verdicts(judge).content
    if not shop.ledger_path.exists():
        return ()
    with Ledger(shop.ledger_path) as ledger:
        return ledger.verdicts()


def _edges(rows: list[tuple[str, str, float | None, int | None]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=_EDGE, orient="row").sort("head", "tail")
