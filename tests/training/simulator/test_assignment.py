import numpy as np
import pytest

from training.simulator.assignment import assign, unit

USERS = [f"user {number}" for number in range(20_000)]
ARMS = ("A", "A'", "B", "C")


def test_shares_are_equal_and_the_same_every_time() -> None:
    arms = [assign(user, ARMS, "one") for user in USERS]
    assert arms == [assign(user, ARMS, "one") for user in USERS]
    for arm in ARMS:
        assert arms.count(arm) / len(arms) == pytest.approx(0.25, abs=0.015)


def test_salts_assign_independently() -> None:
    one, two = (np.array([unit(user, salt) for user in USERS]) for salt in ("one", "two"))
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.02
    assert np.histogram(one, 10, (0, 1))[0] == pytest.approx(2_000, abs=200)


def test_a_salt_and_a_user_do_not_run_together() -> None:
    assert unit("b", "a") != unit("", "ab")
    assert 0.0 <= unit("", "") < 1.0
