"""Lists for many users, from a recommender that answers after a while and remembers whom it was asked for."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from graph.errors import GraphUnavailableError
from services.ranking.batch import recommend_all
from services.recall.port import Explanation, Recommendations


@dataclass
class Slow:
    """Answers the earlier users later; refuses one of them."""

    refused: str = ""
    asked: list[tuple[str, int]] = field(default_factory=list)

    def for_user(self, user: str, k: int) -> Recommendations:
        self.asked.append((user, k))
        if user == self.refused:
            raise GraphUnavailableError("the server is away")
        time.sleep(0.002 * (len(user) % 3))
        return Recommendations((), True, None, user)

    def for_basket(self, items: Sequence[str], k: int, exclude: Sequence[str] = ()) -> Recommendations:
        raise NotImplementedError

    def complements(self, item: str, k: int) -> Recommendations:
        raise NotImplementedError

    def substitutes(self, item: str, k: int) -> Recommendations:
        raise NotImplementedError

    def explain(self, source: str, target: str) -> tuple[Explanation, ...]:
        raise NotImplementedError


USERS = ["u" * (1 + n % 7) + str(n) for n in range(60)]


@pytest.mark.parametrize("workers", [1, 4])
def test_the_order_of_users_is_kept(workers: int) -> None:
    seen: list[tuple[str, int, int]] = []
    given = recommend_all(Slow(), USERS, 7, lambda *step: seen.append(step), workers)
    assert [each.user_id for each in given] == USERS
    assert seen == [("recommend", done, 60) for done in range(1, 61)]


def test_a_user_named_twice_is_served_twice() -> None:
    slow = Slow()
    assert [each.user_id for each in recommend_all(slow, ["a", "b", "a"], 5)] == ["a", "b", "a"]
    assert sorted(slow.asked) == [("a", 5), ("a", 5), ("b", 5)]


def test_no_users_no_lists() -> None:
    assert list(recommend_all(Slow(), [], 5)) == []


def test_an_error_ends_the_lists_and_asks_for_no_more() -> None:
    slow = Slow(refused=USERS[5])
    given = recommend_all(slow, USERS * 20, 5)
    served = [next(given).user_id for _ in range(5)]
    with pytest.raises(GraphUnavailableError, match="the server is away"):
        next(given)
    assert served == USERS[:5]
    assert len(slow.asked) < 1_200


def test_whoever_reads_no_further_asks_for_no_more() -> None:
    slow = Slow()
    given = recommend_all(slow, USERS * 20, 5)
    next(given)
    given.close()  # type: ignore[attr-defined]
    asked = len(slow.asked)
    time.sleep(0.05)
    assert len(slow.asked) == asked < 1_200
