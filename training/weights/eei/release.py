"""What a trained model says of the graph as it is now: edge weights and both views of every entity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import torch
from numpy.typing import NDArray
from torch_geometric.data import HeteroData

from training.weights.eei.evidence import Evidence, Triples, features
from training.weights.eei.knowledge import Knowledge, log_prior
from training.weights.eei.model import TwoViewModel, Views
from training.weights.eei.relations import COMPLETES, IS_A

Codes = NDArray[np.int64]
_ITEMS = 20  # the items by which an edge's weight is averaged: the shortlist that recall shows
_EDGES_AT_ONCE = 5_000
LOWEST, HIGHEST = 0.01, 0.99


@dataclass(frozen=True, slots=True)
class Typical:
    """A trigger's usual age (days or steps) and count, at which edges are compared."""

    age: float
    count: float


@torch.no_grad()
def all_views(model: TwoViewModel, knowledge: Knowledge) -> Views:
    """Both views of every entity and x of every item, from all neighbours."""
    return model.views(_whole_graph(knowledge))


@torch.no_grad()
def edge_weights(
    model: TwoViewModel,
    views: Views,
    knowledge: Knowledge,
    evidence: Evidence,
    typical: Typical,
    popularity: Codes,
    scale: float = 1.0,
) -> NDArray[np.float64]:
    """The weight of each edge of `knowledge.edges` in [0.01, 0.99], shape [n]: the mean of w(e, f, i) over the most
    popular items of f, weighted by how often they are bought or clicked (`popularity` [items]), times `scale`.

    The edge of an entity without items has no such mean and keeps its prior.
    """
    heads, tails = knowledge.entities.codes(knowledge.edges["head"]), knowledge.entities.codes(knowledge.edges["tail"])
    prior = log_prior(knowledge.edges)
    starts, offered = _most_popular(knowledge, popularity)
    weights = np.exp(prior)
    for low in range(0, len(heads), _EDGES_AT_ONCE):
        part = slice(low, low + _EDGES_AT_ONCE)
        edge, items = _offered(starts, offered, tails[part])
        described = _described(heads[part][edge], tails[part][edge], items, prior[part][edge], typical)
        mass = popularity[items] + 1.0
        sums, masses = (
            np.bincount(edge, values, len(tails[part]))
            for values in (mass * _strengths(model, views, evidence, described), mass)
        )
        weights[part] = np.where(masses > 0, scale * sums / np.maximum(masses, 1.0), weights[part])
    return np.clip(weights, LOWEST, HIGHEST)


def _offered(starts: Codes, offered: Codes, tails: Codes) -> tuple[Codes, Codes]:
    """The items of each of the tails, with the places of these, shape [m]."""
    counts = (starts[1:] - starts[:-1])[tails]
    edge = np.repeat(np.arange(len(tails)), counts)
    within = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts)
    return edge, offered[starts[tails][edge] + within]


def _described(heads: Codes, tails: Codes, items: Codes, prior: NDArray[np.float64], typical: Typical) -> Triples:
    age, count = np.full(len(heads), typical.age), np.full(len(heads), typical.count)
    return Triples(heads, tails, items, prior, age, count, None)


def _strengths(model: TwoViewModel, views: Views, evidence: Evidence, triples: Triples) -> NDArray[np.float64]:
    head = (views.second if model.chosen.second_view else views.first)[triples.head]
    known = torch.from_numpy(features(evidence, triples))
    scores = model.scorer(head, views.first[triples.tail], views.items[triples.item], known)
    return torch.sigmoid(scores).numpy()


def view_rows(views: Views, knowledge: Knowledge) -> pl.DataFrame:
    """Columns id, substitutable (z1) and complementary (z2), both of unit length."""
    first, second = (torch.nn.functional.normalize(view, dim=1).numpy() for view in (views.first, views.second))
    lists = pl.List(pl.Float64)
    return pl.DataFrame(
        {"id": knowledge.entities.ids, "substitutable": first.tolist(), "complementary": second.tolist()},
        schema={"id": pl.String, "substitutable": lists, "complementary": lists},
    )


def _most_popular(knowledge: Knowledge, popularity: Codes) -> tuple[Codes, Codes]:
    """Rows of each entity's most popular items: starts [entities + 1], and item codes."""
    rows = knowledge.items_of()
    owner = np.repeat(np.arange(len(knowledge.entities)), np.diff(rows.starts))
    order = np.lexsort((rows.neighbour, -popularity[rows.neighbour], owner))
    place = np.arange(len(owner)) - rows.starts[owner]
    kept = place < _ITEMS
    starts = np.concatenate([[0], np.cumsum(np.bincount(owner[kept], minlength=len(knowledge.entities)))])
    return starts.astype(np.int64), rows.neighbour[order][kept]


def _whole_graph(knowledge: Knowledge) -> HeteroData:
    batch = HeteroData()
    entities, items = len(knowledge.entities), len(knowledge.items)
    batch["entity"].n_id, batch["item"].n_id = torch.arange(entities), torch.arange(items)
    batch["entity"].heads = entities
    batch["entity"].text = torch.from_numpy(knowledge.entity_text)
    batch["item"].text, batch["item"].price = torch.from_numpy(knowledge.item_text), torch.from_numpy(knowledge.price)
    for relation, rows in ((IS_A, knowledge.items_of()), (COMPLETES, knowledge.complements_of())):
        owner = np.repeat(np.arange(entities), np.diff(rows.starts))
        batch[relation].edge_index = torch.from_numpy(np.stack([rows.neighbour, owner]))
        batch[relation].log_prior = torch.from_numpy(rows.log_prior)
    return batch
