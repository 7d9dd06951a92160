"""The embed step: titles become vectors, items get the items whose titles read alike, entities the vectors of names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from graph.ordering import natural_order
from graph.reconcile import current, reconcile
from graph.tables import ENTITY, ENTITY_TEXT, ITEM, RESEMBLES
from graph.vectors import vector_column
from graph.vocabulary import TEXT_DIMENSIONS
from services.encoder import build_encoder
from services.pipeline.step import Done, Step, Summary, digest, frame_digest
from services.settings.text import OFF
from services.workspace import Workspace
from training.text.neighbours import nearest
from training.text.port import TextEncoder
from training.text.sentence import missing_extra

_VERSION = 1
_NEIGHBOURS = 20


@dataclass(frozen=True, slots=True)
class _Texts:
    """What is encoded: titles of available items (id, title) in natural order, names of entities (id, name) by id."""

    items: pl.DataFrame
    entities: pl.DataFrame


def _fingerprint(workspace: Workspace) -> str:
    """Of the texts themselves, so that what else a load changes makes nothing to do here."""
    if _reason(workspace):
        return digest(_VERSION, str(workspace.shop.settings.text.model), "nothing to do")
    return _stamped(build_encoder(workspace.shop), _texts(workspace))


def _stamped(encoder: TextEncoder | None, texts: _Texts) -> str:
    version = encoder.version if encoder else None
    return digest(_VERSION, version, frame_digest(texts.items), frame_digest(texts.entities))


def _work(workspace: Workspace) -> Done:
    reason = _reason(workspace)
    if reason:
        return Done({"skipped": reason}, _fingerprint(workspace))
    encoder = build_encoder(workspace.shop, workspace.progress)
    texts = _texts(workspace)
    alike = _alike(encoder, texts.items) if encoder else RESEMBLES.schema.to_frame()
    change = reconcile(workspace.client, RESEMBLES, alike, workspace.progress)
    named = _named(encoder, texts.entities)
    change += reconcile(workspace.client, ENTITY_TEXT, named, workspace.progress)
    summary: Summary = {
        "model": encoder.version if encoder else OFF,
        "titles": texts.items.height if encoder else 0,
        "names": named["text"].count(),
        "neighbours": alike.height,
        "rows written": change.written,
        "rows deleted": change.deleted,
    }
    return Done(summary, _stamped(encoder, texts))


EMBED = Step("embed", _fingerprint, _work)


def _reason(workspace: Workspace) -> str | None:
    """Why nothing can be done here: a graph that was made with the extra is then left as it is."""
    model = workspace.shop.settings.text.model
    return None if model == OFF else missing_extra(model)


def _texts(workspace: Workspace) -> _Texts:
    if workspace.shop.settings.text.model == OFF:
        return _Texts(pl.DataFrame(), current(workspace.client, ENTITY_TEXT).select("id").sort("id"))
    items = current(workspace.client, ITEM).filter("available").drop_nulls("title")
    return _Texts(
        items.select("id", "title").sort(natural_order("id")),
        current(workspace.client, ENTITY).select("id", "name").sort("id"),
    )


def _alike(encoder: TextEncoder, items: pl.DataFrame) -> pl.DataFrame:
    """RESEMBLES rows: the nearest titles of each title by cosine, ties by the natural order of ids."""
    ids = items["id"].to_numpy()
    places, cosines = nearest(encoder.encode(items["title"].to_list()), _NEIGHBOURS)
    rows, kept = places.shape
    columns = {
        "item": np.repeat(ids, kept),
        "other": ids[places.ravel()],
        "similarity": cosines.ravel(),
        "rank": np.tile(np.arange(1, kept + 1), rows),
    }
    return pl.DataFrame(columns, schema=RESEMBLES.schema)


def _named(encoder: TextEncoder | None, entities: pl.DataFrame) -> pl.DataFrame:
    """The name vector of each entity; null where the model's vectors do not fit the graph's index."""
    if encoder is None or entities.is_empty() or encoder.dimensions != TEXT_DIMENSIONS:
        return entities.select("id", text=pl.lit(None, ENTITY_TEXT.schema["text"]))
    return entities.select("id", text=vector_column(encoder.encode(entities["name"].to_list())))
