import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.evaluation.toy import PURCHASES, SORTED, Purchase, histories, lives
from training.evaluation.concepts import Concepts

ENTITY = {"2": "tent", "9": "tent", "10": "mat", "a": "gas"}  # B has none
EDGES = [("tent", "mat"), ("mat", "gas"), ("lamp", "tent")]
LISTS = st.lists(st.permutations(range(len(SORTED))), min_size=3, max_size=3)


def concepts() -> Concepts:
    main = pl.DataFrame(list(ENTITY.items()), schema=["item", "entity"], orient="row")
    return Concepts.of(SORTED, main, pl.DataFrame(EDGES, schema=["head", "tail"], orient="row"))


def owned(rows: list[Purchase]) -> list[set[str]]:
    return [{ENTITY[item] for item, _ in life if item in ENTITY} for life in lives(rows).values()]


@given(rows=PURCHASES, orders=LISTS, lengths=st.lists(st.integers(0, 5), min_size=3, max_size=3))
def test_leak_and_diversity_agree_with_slow_loops(
    rows: list[Purchase], orders: list[list[int]], lengths: list[int]
) -> None:
    known = histories(rows)
    shown = [order[:length] for order, length in zip(orders, lengths, strict=True)][: known.shape[0]]
    lists = np.array([listed + [-1] * (6 - len(listed)) for listed in shown], dtype=np.int32)
    leak, diversity = concepts().leak(lists, known), concepts().diversity(lists)
    for row, (listed, held) in enumerate(zip(shown, owned(rows), strict=True)):
        entities = [ENTITY.get(SORTED[code]) for code in listed]
        if not listed:
            assert np.isnan(leak[row])
            assert np.isnan(diversity[row])
            continue
        assert leak[row] == pytest.approx(sum(entity in held for entity in entities) / len(entities))
        assert diversity[row] == len({entity for entity in entities if entity is not None})


@given(rows=PURCHASES, data=st.data())
def test_the_complementary_slice_agrees_with_slow_loops(rows: list[Purchase], data: st.DataObject) -> None:
    known = histories(rows)
    answers = [data.draw(st.sampled_from(SORTED)) for _ in known.actors]
    codes = np.array([SORTED.index(item) for item in answers])
    wanted = [
        ENTITY.get(item) not in held and any(head in held and tail == ENTITY.get(item) for head, tail in EDGES)
        for item, held in zip(answers, owned(rows), strict=True)
    ]
    assert concepts().complementary(known, codes).tolist() == wanted


def test_a_shop_without_entities() -> None:
    empty = pl.DataFrame(schema={"item": pl.String, "entity": pl.String, "head": pl.String, "tail": pl.String})
    found = Concepts.of(SORTED, empty, empty)
    known = histories([("u", "a", 1)])
    assert found.leak(np.array([[0, 1]], dtype=np.int32), known).tolist() == [0.0]
    assert found.diversity(np.array([[0, 1]], dtype=np.int32)).tolist() == [0.0]
    assert found.complementary(known, np.array([0])).tolist() == [False]
