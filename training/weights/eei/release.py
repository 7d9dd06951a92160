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
_LISTED = 10  # the items of an entity that its edges are told by: twice what recall takes of one
_EDGES_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Typical:
    """A trigger's usual age (days or steps) and count, at which edges are compared."""

    age: float
    count: float


@torch.no_grad()
def all_views(model: TwoViewModel, knowledge: Knowledge) -> Views:
    """Both views of every entity and x of every item, from all neighbours."""
    return model.views(_whole_graph(knowledge))


@dataclass(frozen=True, slots=True)
class Strengths:
    """What a model says of n edges: `edge` [n] >= 0, how strong each is beside the others, up to one factor.

    `tails` [n] are the edges' tails; the items of tail t are offered[starts[t] : starts[t + 1]], the most bought
    first. `pull` [m], edge by edge in that order, says how many times as much as its share of the tail's purchases an
    item takes by this edge; weighted by these shares, the mean over an edge's items is 1.
    """

    edge: NDArray[np.float64]
    tails: Codes
    starts: Codes
    offered: Codes
    pull: NDArray[np.float64]


@torch.no_grad()
def strengths(
    model: TwoViewModel,
    views: Views,
    knowledge: Knowledge,
    evidence: Evidence,
    typical: Typical,
    popularity: Codes,
    *,
    drawn: bool,
) -> Strengths:
    """The strength of each edge of `knowledge.edges`, and of its tail's most popular items (`popularity` [items]).

    `drawn` says that the model told purchases from negatives drawn by popularity. Its odds are then those of being
    bought beside being drawn, so that times popularity they are those of being bought: the correction for sampling
    (Bengio and Senecal 2003), applied when weights are published. Told from exposures, w is the chance of a click.
    Either is averaged over a tail's items by their shares of its purchases. The edge of an entity without items has
    its prior times the mean of the others.
    """
    heads, tails = knowledge.entities.codes(knowledge.edges["head"]), knowledge.entities.codes(knowledge.edges["tail"])
    prior = log_prior(knowledge.edges)
    starts, offered = _most_popular(knowledge, popularity)
    every = np.bincount(_owners(knowledge), popularity[_items(knowledge)] + 1.0, len(knowledge.entities))
    edges, pulls = np.zeros(len(heads)), [np.zeros(0)]
    for low in range(0, len(heads), _EDGES_AT_ONCE):
        part = slice(low, low + _EDGES_AT_ONCE)
        edge, items = _offered(starts, offered, tails[part])
        described = _described(heads[part][edge], tails[part][edge], items, prior[part][edge], typical)
        logits = _logits(model, views, evidence, described)
        each = np.exp(logits) if drawn else 1.0 / (1.0 + np.exp(-logits))
        mass = popularity[items] + 1.0
        sums, masses = (np.bincount(edge, values, len(tails[part])) for values in (mass * each, mass))
        mean = np.divide(sums, masses, out=np.zeros(len(masses)), where=masses > 0)
        edges[part] = mean * (every[tails[part]] if drawn else 1.0)
        pulls.append(each / mean[edge])
    bare = np.diff(starts)[tails] == 0
    edges[bare] = np.exp(prior[bare]) * (edges[~bare].mean() if (~bare).any() else 1.0)
    return Strengths(edges, tails, starts, offered, np.concatenate(pulls))


@torch.no_grad()
def affinities(views: Views, knowledge: Knowledge) -> NDArray[np.float64]:
    """The cosine of z2 of the head and z1 of the tail of each edge of `knowledge.edges`, in [-1, 1]."""
    heads, tails = knowledge.entities.codes(knowledge.edges["head"]), knowledge.entities.codes(knowledge.edges["tail"])
    first, second = (torch.nn.functional.normalize(view, dim=1).numpy() for view in (views.first, views.second))
    return np.asarray((second[heads] * first[tails]).sum(axis=1), dtype=np.float64)


def _offered(starts: Codes, offered: Codes, tails: Codes) -> tuple[Codes, Codes]:
    """The items of each of the tails, with the places of these, shape [m]."""
    counts = (starts[1:] - starts[:-1])[tails]
    edge = np.repeat(np.arange(len(tails)), counts)
    within = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts)
    return edge, offered[starts[tails][edge] + within]


def _described(heads: Codes, tails: Codes, items: Codes, prior: NDArray[np.float64], typical: Typical) -> Triples:
    age, count = np.full(len(heads), typical.age), np.full(len(heads), typical.count)
    return Triples(heads, tails, items, prior, age, count, None)


def _logits(model: TwoViewModel, views: Views, evidence: Evidence, triples: Triples) -> NDArray[np.float64]:
    head = (views.second if model.chosen.second_view else views.first)[triples.head]
    known = torch.from_numpy(features(evidence, triples))
    scores = model.scorer(head, views.first[triples.tail], views.items[triples.item], known)
    return scores.numpy().astype(np.float64)


def view_rows(views: Views, knowledge: Knowledge) -> pl.DataFrame:
    """Columns id, substitutable (z1) and complementary (z2), both of unit length."""
    first, second = (torch.nn.functional.normalize(view, dim=1).numpy() for view in (views.first, views.second))
    lists = pl.List(pl.Float64)
    return pl.DataFrame(
        {"id": knowledge.entities.ids, "substitutable": first.tolist(), "complementary": second.tolist()},
        schema={"id": pl.String, "substitutable": lists, "complementary": lists},
    )


def _most_popular(knowledge: Knowledge, popularity: Codes) -> tuple[Codes, Codes]:
    """Rows of each entity's most popular available items: starts [entities + 1], and item codes."""
    owner, items = _owners(knowledge), _items(knowledge)
    there = knowledge.available[items]
    owner, items = owner[there], items[there]
    order = np.lexsort((items, -popularity[items], owner))
    first = np.searchsorted(owner[order], np.arange(len(knowledge.entities)))
    kept = np.arange(len(owner)) - first[owner[order]] < _LISTED
    starts = np.concatenate([[0], np.cumsum(np.bincount(owner[order][kept], minlength=len(knowledge.entities)))])
    return starts.astype(np.int64), items[order][kept]


def _owners(knowledge: Knowledge) -> Codes:
    """The main entity of each linked item, in the order of `_items`."""
    return knowledge.entities.codes(knowledge.main["entity"])


def _items(knowledge: Knowledge) -> Codes:
    return knowledge.items.codes(knowledge.main["item"])


def _whole_graph(knowledge: Knowledge) -> HeteroData:
    batch = HeteroData()
    entities, items = len(knowledge.entities), len(knowledge.items)
    batch["entity"].n_id, batch["item"].n_id = torch.arange(entities), torch.arange(items)
    batch["entity"].heads = entities
    batch["entity"].text = torch.from_numpy(knowledge.entity_text)
    batch["entity"].standing = torch.from_numpy(knowledge.standing)
    batch["item"].text, batch["item"].price = torch.from_numpy(knowledge.item_text), torch.from_numpy(knowledge.price)
    for relation, rows in ((IS_A, knowledge.items_of()), (COMPLETES, knowledge.complements_of())):
        owner = np.repeat(np.arange(entities), np.diff(rows.starts))
        batch[relation].edge_index = torch.from_numpy(np.stack([rows.neighbour, owner]))
        batch[relation].log_prior = torch.from_numpy(rows.log_prior)
    return batch
