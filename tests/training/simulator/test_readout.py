import numpy as np
import polars as pl
import pytest

from training.simulator.holm import holm
from training.simulator.log import ORDER_SCHEMA, SHOWN_SCHEMA, VISIT_SCHEMA, Log
from training.simulator.readout import MEANS, RATIOS, false_alarms, read_out
from training.simulator.users import USER_SCHEMA, user_table

SALTS = [f"salt {n}" for n in range(60)]


def people(rng: np.random.Generator, n: int, effect: float, name: str) -> pl.DataFrame:
    taste = rng.gamma(2.0, 0.5, n)
    columns = {
        "visits": rng.poisson(5 * taste),
        "exposures": 10.0 + rng.poisson(20 * taste),
        "clicks": rng.poisson((1.0 + effect) * taste),
        "conversions": rng.poisson((0.5 + effect) * taste),
        "orders": rng.poisson((2.0 + effect) * taste),
        "shown gmv": rng.gamma(1.0, 10.0, n),
        "gmv": rng.gamma(2.0, 30.0, n) * taste,
        "orders before": rng.poisson(3.0 * taste),
        "gmv before": rng.gamma(2.0, 30.0, n) * taste,
        "visits before": rng.poisson(5.0 * taste),
    }
    table = pl.DataFrame({"user": [f"{name}{number}" for number in range(n)], **columns})
    return table.select(USER_SCHEMA.names()).cast(USER_SCHEMA)


def test_an_effect_is_found_where_it_is_and_nowhere_else() -> None:
    rng = np.random.default_rng(0)
    tables = {name: people(rng, 1_500, effect, name) for name, effect in (("A", 0.0), ("A'", 0.0), ("B", 0.5))}
    found = {(each.metric, each.arm): each for each in read_out(tables, "A", 0)}
    assert set(found) == {(metric, arm) for metric in (*MEANS, *RATIOS) for arm in ("A'", "B")}
    clicks = found["clicks", "B"]
    assert clicks.plain.value == pytest.approx(tables["B"]["clicks"].mean() - tables["A"]["clicks"].mean())
    assert clicks.lift.value == pytest.approx(clicks.arm_value / clicks.control_value - 1)
    assert clicks.adjusted.covers(0.5)
    assert found["conversions", "B"].adjusted.above
    assert found["click rate", "B"].adjusted.above
    assert found["orders", "B"].saved > 0.1
    assert not any(each.adjusted.p < 0.001 for (_, arm), each in found.items() if arm == "A'")
    for arm in ("A'", "B"):
        family = [found[metric, arm] for metric in (*MEANS, *RATIOS)]
        assert [each.holm for each in family] == holm([each.plain.p for each in family])


def test_splits_of_one_arm_alarm_as_often_as_they_should() -> None:
    table = people(np.random.default_rng(1), 300, 0.0, "A")
    for metric in MEANS:
        assert false_alarms(table, metric, SALTS) == pytest.approx(0.05, abs=0.09)


def log(shown: list[dict[str, object]], orders: list[dict[str, object]], visits: list[str]) -> Log:
    rows = [(user, 0, 0.0) for user in visits]
    return Log(
        pl.DataFrame(shown, schema=SHOWN_SCHEMA),
        pl.DataFrame(orders, schema=ORDER_SCHEMA),
        pl.DataFrame(rows, schema=VISIT_SCHEMA, orient="row"),
        pl.DataFrame(),
    )


def test_a_users_row_can_be_counted_by_hand_and_nobody_is_left_out() -> None:
    shown = [{"user": "u1", "clicked": clicked} for clicked in (True, False, True)]
    orders = [{"user": "u1", "price": 5.0, "shown": True}, {"user": "u1", "price": 2.0, "shown": False}]
    before = log([], [{"user": "u2", "price": 9.0, "shown": False}], ["u2"])
    table = user_table(["u2", "u1"], log(shown, orders, ["u1", "u1", "u2"]), before)
    assert table.rows() == [
        ("u1", 2.0, 3.0, 2.0, 1.0, 2.0, 5.0, 7.0, 0.0, 0.0, 0.0),
        ("u2", 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 9.0, 1.0),
    ]
