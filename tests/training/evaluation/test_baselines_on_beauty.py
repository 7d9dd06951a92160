"""The published figures of the baselines on real purchases."""

from pathlib import Path

import polars as pl
import pytest

from training.evaluation.baselines import Histories, directed_copurchase, popularity, ranks
from training.evaluation.ranking_metrics import score
from training.evaluation.split import next_purchase_split


@pytest.fixture(scope="module")
def beauty(data_folder: Path) -> tuple[Histories, pl.DataFrame]:
    folder = data_folder / "amazon_beauty_2014"
    events = (
        pl.read_parquet(folder / "interactions_dev.parquet")
        .sort("user_id", "pos")
        .select(user=pl.col("user_id").cast(pl.String), item=pl.col("item_id").cast(pl.String), type=pl.lit("purchase"))
    )
    items = pl.read_parquet(folder / "items.parquet")["item_id"].cast(pl.String)
    split = next_purchase_split(events)
    return Histories(split.train, items.to_list()), split.cases


def test_directed_copurchase_is_as_measured(beauty: tuple[Histories, pl.DataFrame]) -> None:
    histories, cases = beauty
    line = score("directed", ranks(directed_copurchase(histories), histories, cases))
    assert cases.height == 22_363
    assert round(line.recall[10], 4) == 0.0999
    assert round(line.ndcg[10], 4) == 0.0648


def test_popularity_is_as_measured(beauty: tuple[Histories, pl.DataFrame]) -> None:
    histories, cases = beauty
    line = score("popularity", ranks(popularity(histories), histories, cases))
    assert round(line.recall[10], 4) == 0.0164
    assert round(line.ndcg[10], 4) == 0.0080
