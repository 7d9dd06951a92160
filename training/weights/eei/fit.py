"""From a shop's knowledge and events to learned weights and views."""

from __future__ import annotations

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
from training.weights.eei.dataset import Dataset
from training.weights.eei.evidence import FEATURES
from training.weights.eei.hyperparameters import Hyperparameters
from training.weights.eei.knowledge import Knowledge
from training.weights.eei.model import Sizes
from training.weights.eei.release import Typical, all_views, edge_weights, view_rows
from training.weights.eei.samples import Samples
from training.weights.eei.training import Graph, Trained, Training
from training.weights.impressions import FEWEST
from training.weights.rates import AVERAGE
from training.weights.timelines import Events


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
    """`weights`: head, tail, weight in [0.01, 0.99]. `views`: id, substitutable, complementary."""

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

    Raises DataError where too few purchases or clicks meet an edge.
    """
    positives = int(dataset.samples.label.sum())
    if positives < FEWEST:
        raise DataError(
            f"only {positives} purchases or clicks follow a complementary edge, {FEWEST} are needed: "
            "load more events, or have more pairs judged"
        )
    sizes = Sizes(len(knowledge.entities), len(knowledge.items), knowledge.item_text.shape[1], len(FEATURES))
    training = Training(knowledge, dataset.samples, graph, sizes, chosen)
    tracker.settings({**asdict(chosen), **asdict(sizes), "samples": len(dataset.samples), "positives": positives})
    trained = training.run(checkpoint, tracker, progress)
    checked = _validated(training, dataset)  # on the device of the training, which the next line leaves
    model = trained.model.cpu()
    views = all_views(model, knowledge)
    popularity = popular(knowledge, events)
    typical = Typical(dataset.age, dataset.count)
    weights = edge_weights(
        model, views, knowledge, dataset.evidence, typical, popularity, _scale(dataset.samples, positives)
    )
    edges = knowledge.edges.select("head", "tail", weight=pl.Series(weights, dtype=pl.Float64))
    return Fitted(edges, view_rows(views, knowledge), trained, checked)


def _scale(samples: Samples, positives: int) -> float:
    """What brings chances of a click, which are small, to the scale of counted weights."""
    return 1.0 if samples.block is None else AVERAGE * len(samples) / positives


def popular(knowledge: Knowledge, events: Events) -> NDArray[np.int64]:
    """How often each item was bought or clicked, shape [items]."""
    rows = pl.concat([frame.select("item") for frame in (events.bought, events.clicked)])
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
