import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from tests.training.evaluation.toy import PURCHASES, SORTED, Purchase, histories, lives
from training.evaluation.concepts import Concepts
from training.evaluation.histories import Histories

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


@given(PURCHASES)
def test_owned_entities_are_marked_once(rows: list[Purchase]) -> None:
    names = sorted({*ENTITY.values(), *(name for edge in EDGES for name in edge)})
    found = concepts().owned(histories(rows))
    assert found.dtype == np.bool_
    assert [{names[code] for code in np.flatnonzero(row)} for row in found.toarray()] == owned(rows)


def test_cases_of_many_entities_need_no_table_of_both() -> None:
    """A table of cases by entities would take 10 GB, or 80 of floats."""
    cases, entities = 10_000, 1_000_000
    edges = sparse.csr_array(([1.0], ([0], [7])), shape=(entities, entities))
    found = Concepts(np.array([0, 7, entities - 1]), edges)
    starts = np.arange(cases + 1)
    known = Histories(("x", "y", "z"), ("u",) * cases, starts, np.arange(cases) % 3, np.zeros(cases, dtype=np.int64))
    assert found.complementary(known, np.ones(cases, dtype=np.int64)).tolist() == [n % 3 == 0 for n in range(cases)]
    leak = found.leak(np.full((cases, 1), 2, dtype=np.int32), known)
    assert leak.tolist() == [float(n % 3 == 2) for n in range(cases)]


def test_a_shop_without_entities() -> None:
    empty = pl.DataFrame(schema={"item": pl.String, "entity": pl.String, "head": pl.String, "tail": pl.String})
    found = Concepts.of(SORTED, empty, empty)
    known = histories([("u", "a", 1)])
    assert found.leak(np.array([[0, 1]], dtype=np.int32), known).tolist() == [0.0]
    assert found.diversity(np.array([[0, 1]], dtype=np.int32)).tolist() == [0.0]
    assert found.complementary(known, np.array([0])).tolist() == [False]
