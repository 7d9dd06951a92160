"""What the model knows before any event: price buckets and kin, beside slow loops."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from training.weights.eei.coding import Coding
from training.weights.eei.inputs import PRICE_BUCKETS
from training.weights.eei.knowledge import kin_pairs, price_buckets, standings

PRICES = st.lists(st.none() | st.integers(0, 30).map(float), max_size=40)


@given(prices=PRICES)
def test_a_price_bucket_counts_the_deciles_that_a_price_reaches(prices: list[float | None]) -> None:
    found = price_buckets(pl.Series(prices, dtype=pl.Float64))
    known = [price for price in prices if price is not None]
    deciles = np.quantile(known, [n / 10 for n in range(1, 10)]) if known else []
    for price, bucket in zip(prices, found, strict=True):
        assert bucket == (0 if price is None else 1 + sum(price >= decile for decile in deciles))


def test_many_prices_fill_every_bucket() -> None:
    found = price_buckets(pl.Series([*map(float, range(100)), None], dtype=pl.Float64))
    assert np.bincount(found, minlength=PRICE_BUCKETS).tolist() == [1] + [10] * (PRICE_BUCKETS - 1)


NAMES = st.sampled_from(["tent", "Tent", "shelter", "mat", "stove"])
ENTITIES = st.lists(
    st.tuples(NAMES, st.lists(NAMES, max_size=2), st.none() | st.sampled_from(["e0", "e1", "e9"])),
    min_size=1,
    max_size=5,
)


@given(rows=ENTITIES)
def test_kin_are_parents_and_those_that_share_a_name(rows: list[tuple[str, list[str], str | None]]) -> None:
    ids = [f"e{number}" for number in range(len(rows))]
    frame = pl.DataFrame(
        [(entity, *row) for entity, row in zip(ids, rows, strict=True)],
        schema={"id": pl.String, "name": pl.String, "aliases": pl.List(pl.String), "parent": pl.String},
        orient="row",
    )
    called = [{name.lower() for name in [row[0], *row[1]]} for row in rows]
    wanted = {(n, ids.index(row[2])) for n, row in enumerate(rows) if row[2] in ids}
    wanted |= {(n, m) for n in range(len(rows)) for m in range(n + 1, len(rows)) if called[n] & called[m]}
    found = [tuple(pair) for pair in kin_pairs(frame, Coding.of(ids)).tolist()]
    assert set(found) == wanted
    assert len(found) == len(wanted)


def test_entities_of_one_segment_and_kind_stand_alike() -> None:
    segments = pl.Series(["head", "tail", "head", "tail", None, None], dtype=pl.String)
    kinds = pl.Series(["tool", None, "tool", "tool", None, None], dtype=pl.String)
    found = standings(segments, kinds).tolist()
    assert found[0] == found[2]
    assert found[4] == found[5]
    assert sorted(set(found)) == [0, 1, 2, 3]
    assert standings(segments.clear(), kinds.clear()).shape == (0,)
