from collections import defaultdict
from math import exp

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.ordering import natural
from training.evaluation import baselines
from training.evaluation.baselines import Histories, Scorer, directed_copurchase, popularity, ranks

Purchases = list[tuple[str, str]]  # user, item, in the order of the timeline
ITEMS = ["10", "9", "2", "a", "B"]
SORTED = ["2", "9", "10", "B", "a"]
PURCHASES = st.lists(st.tuples(st.sampled_from("uvw"), st.sampled_from(ITEMS)), min_size=1, max_size=20)
METHODS = pytest.mark.parametrize(
    ("method", "slow"),
    [(popularity, "slow_popularity"), (directed_copurchase, "slow_directed")],
    ids=["popularity", "directed"],
)


def frame(rows: Purchases) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"user": pl.String, "item": pl.String}, orient="row")


def histories(rows: Purchases) -> Histories:
    return Histories(frame(rows), ITEMS)


def lives(rows: Purchases) -> dict[str, list[str]]:
    return {user: [item for who, item in rows if who == user] for user, _ in rows}


def slow_popularity(rows: Purchases, user: str) -> dict[str, float]:
    return {item: float(sum(bought == item for _, bought in rows)) for item in ITEMS}


def slow_directed(rows: Purchases, user: str) -> dict[str, float]:
    after: dict[tuple[str, str], float] = defaultdict(float)
    for life in lives(rows).values():
        for at, item in enumerate(life):
            for distance, later in enumerate(life[at + 1 : at + 6], 1):
                after[item, later] += 1 / distance
    sums = {item: sum(after[item, later] for later in ITEMS) for item in ITEMS}
    return {
        later: sum(
            exp(-age) * after[item, later] / (sums[item] + 3) for age, item in enumerate(reversed(lives(rows)[user]))
        )
        for later in ITEMS
    }


SLOW = {"slow_popularity": slow_popularity, "slow_directed": slow_directed}


@METHODS
@given(rows=PURCHASES)
def test_scores_agree_with_slow_loops(method: object, slow: str, rows: Purchases) -> None:
    assert callable(method)
    known = histories(rows)
    scores = method(known)(np.arange(len(known.users)))
    wanted = [[SLOW[slow](rows, user)[item] for item in SORTED] for user in known.users]
    assert known.items == SORTED
    assert scores == pytest.approx(np.array(wanted))


@given(rows=PURCHASES)
def test_histories_as_arrays(rows: Purchases) -> None:
    known = histories(rows)
    bought = lives(rows)
    owned, recency = known.owned().toarray(), known.recency().toarray()
    for row, user in enumerate(known.users):
        ages = list(enumerate(reversed(bought[user])))
        assert owned[row].tolist() == [float(item in bought[user]) for item in SORTED]
        assert recency[row] == pytest.approx([sum(exp(-age) for age, own in ages if own == item) for item in SORTED])


def by_length(known: Histories) -> Scorer:
    """Few different scores, so that many tie."""
    lengths = np.array([float(len(item) % 2) for item in known.items])
    return lambda users: np.repeat(lengths[None], len(users), axis=0)


@given(rows=PURCHASES, answer=st.sampled_from(ITEMS), chunk=st.sampled_from([1, 2, 1000]))
def test_ranks_agree_with_a_slow_sort(rows: Purchases, answer: str, chunk: int) -> None:
    known = histories(rows)
    cases = frame([(user, answer) for user in known.users if answer not in lives(rows)[user]])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(baselines, "_USERS_AT_ONCE", chunk)
        found = ranks(by_length(known), known, cases)
    wanted = []
    for user in cases["user"]:
        fresh = [item for item in ITEMS if item not in lives(rows)[user]]
        wanted.append(sorted(fresh, key=lambda item: (-(len(item) % 2), natural(item))).index(answer))
    assert found.tolist() == wanted


def test_a_repeated_purchase_stands_behind_everything_new() -> None:
    rows = [("u", "a"), ("v", "a"), ("v", "2")]
    known = histories(rows)
    found = ranks(popularity(known), known, frame([("u", "a"), ("v", "2")]))
    assert found.min() >= len(ITEMS) - 2
    assert found[0] >= len(ITEMS) - 1


def test_no_cases_no_ranks() -> None:
    known = histories([("u", "a")])
    assert ranks(popularity(known), known, frame([])).shape == (0,)
