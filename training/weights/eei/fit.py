"""From a shop's knowledge and events to learned weights and views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import polars as pl
import torch
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from graph.errors import DataError
from graph.reconcile import Progress, silent
from training.tracking import Tracker
from training.weights.counters import count_edges
from training.weights.eei.dataset import Dataset
from training.weights.eei.evidence import FEATURES
from training.weights.eei.hyperparameters import Hyperparameters
from training.weights.eei.knowledge import Knowledge
from training.weights.eei.model import Sizes
from training.weights.eei.release import Strengths, Typical, affinities, all_views, strengths, view_rows
from training.weights.eei.training import Graph, Trained, Training
from training.weights.impressions import FEWEST
from training.weights.rates import calibrated
from training.weights.timelines import Events


class TooFewError(DataError):
    """Too few purchases or clicks meet an edge: there is nothing to learn strengths from."""


@dataclass(frozen=True, slots=True)
class Validation:
    """What the model, the prior alone and the counters alone say of samples that none of them learned from.

    The model stopped training by the loss on them, which flatters its AUC a little.

    `labels` and `scores` (probabilities) are [n]; AUCs are in [0, 1], nan where only one class was kept.
    """

    labels: NDArray[np.float32]
    scores: NDArray[np.float32]
    auc: float
    prior_auc: float
    counters_auc: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """`weights`: head, tail, weight in [0.0001, 0.99], and what its tail's items take by the edge: `items`, ids, each
    with its of `pulls`, see `training.weights.eei.release.Strengths`; `affinity`, see `affinities` there. `views`: id,
    substitutable, complementary."""

    weights: pl.DataFrame
    views: pl.DataFrame
    trained: Trained
    validation: Validation


def fit(
    knowledge: Knowledge,
    events: Events,
    dataset: Dataset,
    graph: Graph,
    chosen: Hyperparameters,
    checkpoint: Path,
    tracker: Tracker,
    progress: Progress = silent,
) -> Fitted:
    """Trains the model, from `checkpoint` on where there is one, and weighs every edge with it.

    Raises TooFewError where too few purchases or clicks meet an edge.
    """
    positives = int(dataset.samples.label.sum())
    if positives < FEWEST:
        raise TooFewError(
            f"only {positives} purchases or clicks follow a complementary edge, {FEWEST} are needed: "
            "load more events, or have more pairs judged"
        )
    text, standings = knowledge.item_text.shape[1], int(knowledge.standing.max()) + 1
    sizes = Sizes(len(knowledge.entities), len(knowledge.items), text, len(FEATURES), standings)
    training = Training(knowledge, dataset.samples, graph, sizes, chosen)
    tracker.settings({**asdict(chosen), **asdict(sizes), "samples": len(dataset.samples), "positives": positives})
    trained = training.run(checkpoint, tracker, progress)
    checked = _validated(training, dataset)  # on the device of the training, which the next line leaves
    model = trained.model.cpu()
    views = all_views(model, knowledge)
    typical = Typical(dataset.age, dataset.count)
    drawn = dataset.samples.block is None
    # By what negatives were drawn, or by all that says what is wanted.
    popular = taken(knowledge, [events.bought] if drawn else [events.bought, events.clicked])
    found = strengths(model, views, knowledge, dataset.evidence, typical, popular, drawn=drawn)
    weights = _weights(knowledge, events, found).with_columns(affinity=pl.Series(affinities(views, knowledge)))
    return Fitted(weights, view_rows(views, knowledge), trained, checked)


def _weights(knowledge: Knowledge, events: Events, found: Strengths) -> pl.DataFrame:
    edges = knowledge.edges
    bought = events.bought.join(knowledge.main, on="item", maintain_order="left").select("actor", "entity", "when")
    purchases = count_edges(bought, list(edges.select("head", "tail").iter_rows()), edges["probability"].to_list())
    ids = pl.Series(knowledge.items.ids, dtype=pl.String).gather(found.offered)
    pull = found.pull.astype(np.float32).astype(np.float64)  # as either server gives it back
    ends = np.cumsum(np.diff(found.starts)[found.tails])
    lists = [
        (ids[low:high].to_list(), pull[end - (high - low) : end].tolist())
        for low, high, end in zip(found.starts[found.tails], found.starts[found.tails + 1], ends, strict=True)
    ]
    return edges.select("head", "tail").with_columns(
        weight=pl.Series(calibrated(found.edge, purchases), dtype=pl.Float64),
        items=pl.Series([items for items, _ in lists], dtype=pl.List(pl.String)),
        pulls=pl.Series([pulls for _, pulls in lists], dtype=pl.List(pl.Float64)),
    )


def taken(knowledge: Knowledge, events: Sequence[pl.DataFrame]) -> NDArray[np.int64]:
    """How often each item stands in these timelines, shape [items]."""
    rows = pl.concat([frame.select("item") for frame in events])
    known = rows.filter(pl.col("item").is_in(list(knowledge.items.ids)))
    return np.bincount(knowledge.items.codes(known["item"]), minlength=len(knowledge.items))


def _validated(training: Training, dataset: Dataset) -> Validation:
    kept = training.validating
    logits, labels = training.scores(kept) if len(kept) else (torch.zeros(0), torch.zeros(0))
    # Each sample's newest trigger stands for it: the counters of the others add nothing to speak of.
    features = dataset.samples.features[dataset.samples.starts[:-1]][kept]
    counters = features[:, FEATURES.index("pair")] + features[:, FEATURES.index("item of entity")]
    y = labels.numpy()
    return Validation(
        y,
        torch.sigmoid(logits).numpy(),
        _auc(y, logits.numpy()),
        _auc(y, features[:, FEATURES.index("log prior")]),
        _auc(y, counters),
    )


def _auc(labels: NDArray[np.float32], scores: NDArray[np.float32]) -> float:
    return float(roc_auc_score(labels, scores)) if 0 < labels.sum() < len(labels) else float("nan")
