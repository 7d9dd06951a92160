from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.evaluation.toy import ITEMS, PURCHASES, SORTED, Purchase, ages, histories, lives


@given(rows=PURCHASES, tau=st.none() | st.sampled_from([0.5, 2.0]))
def test_histories_agree_with_slow_loops(rows: list[Purchase], tau: float | None) -> None:
    known, bought = histories(rows), lives(rows)
    assert list(known.items) == SORTED
    assert list(known.actors) == list(bought)
    owned, recency = known.owned().toarray(), known.recency(tau).toarray()
    for row, life in enumerate(bought.values()):
        part = slice(known.starts[row], known.starts[row + 1])
        assert [SORTED[code] for code in known.item[part]] == [item for item, _ in life]
        assert known.age[part].tolist() == ages(life)
        assert known.actor[part].tolist() == [row] * len(life)
        held = [item for item, _ in life]
        assert owned[row].tolist() == [float(item in held) for item in SORTED]
        weights = [0.0] * len(SORTED)
        for item, age in zip(held, ages(life), strict=True):
            weights[SORTED.index(item)] = weights[SORTED.index(item)] + exp(-age / tau) if tau else 1.0
        assert recency[row] == pytest.approx(weights)


@given(rows=PURCHASES, data=st.data())
def test_some_actors_in_some_order(rows: list[Purchase], data: st.DataObject) -> None:
    known, bought = histories(rows), list(lives(rows).items())
    wanted = data.draw(st.lists(st.sampled_from(range(len(bought)))))
    part = known.take(np.array(wanted, dtype=np.int64))
    assert list(part.actors) == [bought[row][0] for row in wanted]
    lines = [line for row in wanted for line in bought[row][1]]
    assert [SORTED[code] for code in part.item] == [item for item, _ in lines]
    assert part.age.tolist() == [age for row in wanted for age in ages(bought[row][1])]
    assert part.owned().toarray().tolist() == known.owned().toarray()[wanted].tolist()


def test_purchases_without_a_time_are_one_moment() -> None:
    known = histories([("b:1", "a", None), ("b:1", "2", None), ("u:1", "2", 5), ("u:1", "a", 5), ("u:1", "9", 7)])
    assert known.moment.tolist() == [0, 0, 0, 0, 1]
    assert known.age.tolist() == [0, 0, 1, 1, 0]


def test_nobody_bought_anything() -> None:
    known = histories([])
    assert known.shape == (0, len(ITEMS))
    assert known.owned().shape == (0, len(ITEMS))
    assert known.recency(1.0).nnz == 0


def test_an_item_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError, match="z"):
        histories([("u", "z", 1)])
