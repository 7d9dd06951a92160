import polars as pl
import pytest
from scipy import stats

from training.simulator.pair_change import PAIR_SCHEMA, pair_changes

EDGES = pl.DataFrame([("tent", "mat"), ("stove", "gas")], schema=["head", "tail"], orient="row")
SINCE = 10.0


def orders(rows: list[tuple[str, float, str]]) -> pl.DataFrame:
    schema = {"user": pl.String, "day": pl.Float64, "entity": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def bought(prefix: str, buyers: int, converted: int) -> pl.DataFrame:
    rows = [(f"{prefix}{n}", 5.0, "tent") for n in range(buyers)]
    return orders(rows + [(f"{prefix}{n}", 20.0, "mat") for n in range(converted)])


def test_who_converts_can_be_counted_by_hand() -> None:
    arm = orders(
        [
            ("early", 1.0, "tent"),
            ("early", 12.0, "mat"),  # converts
            ("before", 1.0, "tent"),
            ("before", 9.0, "mat"),  # bought before the experiment: no case
            ("turned", 20.0, "tent"),
            ("turned", 15.0, "mat"),  # the mat came first: no case
            ("never", 15.0, "tent"),
            ("again", 11.0, "tent"),
            ("again", 13.0, "mat"),  # converts
            ("again", 14.0, "mat"),
            ("other", 11.0, "mat"),  # no buyer
        ]
    )
    [row] = pair_changes(arm, bought("c", 4, 1), EDGES, SINCE).to_dicts()
    assert (row["head"], row["tail"]) == ("tent", "mat")
    assert (row["converted"], row["buyers"]) == (2, 3)
    assert (row["control_converted"], row["control_buyers"]) == (1, 4)
    assert row["change"] == pytest.approx(2 / 3 - 1 / 4)


def test_the_interval_is_newcombes() -> None:
    """Newcombe's own example: 56/70 and 48/80 differ by 0.2, from 0.0524 to 0.3339."""
    [row] = pair_changes(bought("a", 70, 56), bought("c", 80, 48), EDGES, SINCE).to_dicts()
    assert (row["change"], row["low"], row["high"]) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)
    wilson = stats.binomtest(56, 70).proportion_ci(0.95, "wilson")
    assert row["rate"] - wilson.low > 0


def test_a_pair_without_buyers_in_both_arms_is_left_out() -> None:
    empty = pair_changes(bought("a", 3, 1), orders([]), EDGES, SINCE)
    assert empty.is_empty()
    assert empty.schema == PAIR_SCHEMA
