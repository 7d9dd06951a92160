"""What the graph holds, as tables: one a label or relationship type, each with its key, columns and statements.

A table may be made by several steps of a run. Each such part is a view: the columns that one step owns, with statements
`cypher/load/VIEW/read|write|delete.cypher`. A view with `owns_rows` also creates and deletes the rows; the others
only set columns of rows that are there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import polars as pl

from graph.vocabulary import EdgeType, NodeLabel

_TEXT, _REAL, _WHOLE, _FLAG = pl.String(), pl.Float64(), pl.Int64(), pl.Boolean()
_TEXTS, _VECTOR = pl.List(pl.String()), pl.List(pl.Float64())
BATCH = 2000  # rows a transaction: a Bolt message to the embedded server may hold 16 MiB


@dataclass(frozen=True, slots=True)
class View:
    """The columns of a table that one step owns; `key` columns come first in `schema`. `batch` rows go to the server
    at a time."""

    name: str
    key: tuple[str, ...]
    schema: pl.Schema
    owns_rows: bool = True
    batch: int = BATCH

    @property
    def columns(self) -> list[str]:
        """All columns, the key first."""
        return self.schema.names()


@dataclass(frozen=True, slots=True)
class Table:
    """A label or relationship type.

    `clock` are the columns that hold the run's own time, left out of a plain export; a `run_only` table is left out
    whole.
    """

    name: str
    views: tuple[View, ...]
    clock: frozenset[str] = frozenset()
    run_only: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that identify a row."""
        return self.views[0].key


def _node(name: str, owns_rows: bool = True, /, **columns: pl.DataType) -> View:
    return View(name, ("id",), pl.Schema({"id": _TEXT, **columns}), owns_rows)


def _vectors(name: str, /, **columns: pl.DataType) -> View:
    return replace(_node(name, False, **columns), batch=500)


def _edge(name: str, source: str, target: str, owns_rows: bool = True, /, **columns: pl.DataType) -> View:
    return View(name, (source, target), pl.Schema({source: _TEXT, target: _TEXT, **columns}), owns_rows)


def _events(name: str) -> View:
    return _edge(name, "user", "item", at=_WHOLE, count=_WHOLE, position=_WHOLE)


_JUDGED = {"reason": _TEXT, "judge": _TEXT, "prompt": _TEXT, "votes": _WHOLE, "judged_at": _WHOLE}

SHOP = _node("shop", dictionary=_TEXT, extractor=_TEXT, clock=_TEXT, now=_WHOLE)
SHOP_STATE = _node("shop_state", False, release=_TEXT, watermark=_WHOLE)
ITEM = _node("item", title=_TEXT, brand=_TEXT, category=_TEXT, price=_REAL, created_at=_WHOLE, available=_FLAG)
ITEM_POPULARITY = _node("item_popularity", False, popularity=_WHOLE, popularity_rank=_WHOLE, appeal=_REAL, share=_REAL)
ENTITY = _node(
    "entity", name=_TEXT, aliases=_TEXTS, categories=_TEXTS, definition=_TEXT, kind=_TEXT, durable=_FLAG, parent=_TEXT
)
ENTITY_SEGMENT = _node("entity_segment", False, segment=_TEXT, popularity=_REAL)
# Vectors are exact in 32 bits [graph.vectors.vector_column], so that they come back from either server as they went.
ENTITY_VIEWS = _vectors("entity_views", substitutable=_VECTOR, complementary=_VECTOR, views=_TEXT)
ENTITY_TEXT = _vectors("entity_text", text=_VECTOR)
USER = _node("user")
RELEASE = _node(
    "release",
    dictionary=_TEXT,
    extractor=_TEXT,
    prompt=_TEXT,
    verdicts=_TEXT,
    weights=_TEXT,
    views=_TEXT,
    ranker=_TEXT,
    metrics=_TEXT,
    created_at=_WHOLE,
)
STEP = _node("step", fingerprint=_TEXT, summary=_TEXT, finished_at=_WHOLE)
TRAINING_RUN = _node(
    "training_run",
    model=_TEXT,
    samples=_WHOLE,
    positives=_WHOLE,
    edges=_WHOLE,
    epochs=_WHOLE,
    loss=_REAL,
    auc=_REAL,
    prior_auc=_REAL,
    counters_auc=_REAL,
    ndcg=_REAL,
    evidence_ndcg=_REAL,
    calibration_error=_REAL,
    settings=_TEXT,
    started_at=_WHOLE,
    finished_at=_WHOLE,
)
IS_A = _edge("is_a", "item", "entity", confidence=_REAL, main=_FLAG, source=_TEXT)
BOUGHT, CLICKED, SAW = _events("bought"), _events("clicked"), _events("saw")
INTERESTED_IN = _edge("interested_in", "user", "entity", weight=_REAL, last_at=_WHOLE)
COMPLEMENTS = _edge("complements", "head", "tail", probability=_REAL, strength=_WHOLE, **_JUDGED)
# How strong an edge is, and how many times as much as its share of the tail's purchases each of some items takes by it.
COMPLEMENTS_WEIGHT = _edge(
    "complements_weight",
    "head",
    "tail",
    False,
    weight=_REAL,
    rank=_WHOLE,
    items=_TEXTS,
    pulls=_VECTOR,
    affinity=_REAL,
    release=_TEXT,
)
SUBSTITUTES = _edge("substitutes", "head", "tail", strength=_WHOLE, **_JUDGED)
REJECTED = _edge("rejected", "head", "tail", label=_TEXT, **_JUDGED)
BOUGHT_BEFORE = _edge("bought_before", "item", "next", weight=_REAL, rank=_WHOLE)
# What the learned ranker reads: the columns are those of training.ranker.evidence.
LEADS_TO = _edge(
    "leads_to",
    "item",
    "next",
    pull=_REAL,
    followed=_REAL,
    preceded=_REAL,
    cosine=_REAL,
    title=_REAL,
    kind=_REAL,
    brand=_REAL,
    shelf=_REAL,
    rank=_WHOLE,
)
OFFERS = _edge("offers", "entity", "item", rank=_WHOLE)
RESEMBLES = _edge("resembles", "item", "other", similarity=_REAL, rank=_WHOLE)

_JUDGING_TIME = frozenset({"judged_at"})

# In the order that an import writes them: nodes before the relationships between them.
TABLES = MappingProxyType(
    {
        table.name: table
        for table in (
            Table(NodeLabel.SHOP, (SHOP, SHOP_STATE), frozenset({"watermark"})),
            Table(NodeLabel.ITEM, (ITEM, ITEM_POPULARITY)),
            Table(NodeLabel.ENTITY, (ENTITY, ENTITY_SEGMENT, ENTITY_VIEWS, ENTITY_TEXT)),
            Table(NodeLabel.USER, (USER,)),
            Table(NodeLabel.RELEASE, (RELEASE,), frozenset({"created_at"})),
            Table(NodeLabel.STEP, (STEP,), run_only=True),
            Table(NodeLabel.TRAINING_RUN, (TRAINING_RUN,), run_only=True),
            Table(EdgeType.IS_A, (IS_A,)),
            Table(EdgeType.BOUGHT, (BOUGHT,)),
            Table(EdgeType.CLICKED, (CLICKED,)),
            Table(EdgeType.SAW, (SAW,)),
            Table(EdgeType.INTERESTED_IN, (INTERESTED_IN,)),
            Table(EdgeType.COMPLEMENTS, (COMPLEMENTS, COMPLEMENTS_WEIGHT), _JUDGING_TIME),
            Table(EdgeType.SUBSTITUTES, (SUBSTITUTES,), _JUDGING_TIME),
            Table(EdgeType.REJECTED, (REJECTED,), _JUDGING_TIME),
            Table(EdgeType.BOUGHT_BEFORE, (BOUGHT_BEFORE,)),
            Table(EdgeType.LEADS_TO, (LEADS_TO,)),
            Table(EdgeType.OFFERS, (OFFERS,)),
            Table(EdgeType.RESEMBLES, (RESEMBLES,)),
        )
    }
)
