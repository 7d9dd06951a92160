"""The published figures of the baselines on real purchases."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from training.evaluation.baselines.cosine import ItemKnn
from training.evaluation.baselines.directed import Directed
from training.evaluation.baselines.popularity import Popularity
from training.evaluation.fitted import Fitted, Fitter
from training.evaluation.histories import Histories
from training.evaluation.ranking_metrics import gains
from training.evaluation.split import next_purchase_split
from training.evaluation.task import Task


@pytest.fixture(scope="module")
def beauty(data_folder: Path) -> Task:
    folder = data_folder / "amazon_beauty_2014"
    columns = {"user": "user_id", "item": "item_id"}
    events = (
        pl.read_parquet(folder / "interactions_dev.parquet")
        .sort("user_id", "pos")
        .select(
            *(pl.col(old).cast(pl.String).alias(new) for new, old in columns.items()),
            type=pl.lit("purchase"),
            at=pl.lit(None, pl.Int64),
            order=pl.col("pos").cast(pl.Int64),
        )
    )
    items = pl.read_parquet(folder / "items.parquet")["item_id"].cast(pl.String).to_list()
    split = next_purchase_split(events)
    train = Histories.of(split.train.select("item", actor="user", when="order"), items)
    rows = np.array([train.rows[user] for user in split.cases["user"]])
    answers = np.array([train.codes[item] for item in split.cases["item"]])
    return Task("beauty", train, train.take(rows), answers, np.ones(len(items), np.bool_), depth=0)


@pytest.mark.parametrize(
    ("model", "recall", "ndcg"),
    [(Popularity(), 0.0164, 0.0080), (Directed(), 0.0999, 0.0648), (ItemKnn(2.0), 0.0787, 0.0480)],
    ids=["popularity", "directed", "item-knn"],
)
def test_figures_are_as_measured(beauty: Task, model: Fitter, recall: float, ndcg: float) -> None:
    found = gains(Fitted("any", model).answer(beauty, 0).ranks)
    assert len(beauty.answers) == 22_363
    assert round(float(found["recall", 10].mean()), 4) == recall
    assert round(float(found["ndcg", 10].mean()), 4) == ndcg
