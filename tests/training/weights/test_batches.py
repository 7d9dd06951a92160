import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from training.weights.batches import batches


@given(st.lists(st.integers(0, 9), max_size=30), st.integers(1, 12))
def test_batches_are_all_rows_in_order_and_as_few_as_may_be(costs: list[int], most: int) -> None:
    rows = pl.DataFrame({"row": range(len(costs))})
    found = [part["row"].to_list() for part in batches(rows, pl.Series(costs, dtype=pl.Int64), most)]
    assert [row for part in found for row in part] == list(range(len(costs)))
    sums = [sum(costs[row] for row in part) for part in found]
    assert all(cost <= most or len(part) == 1 for part, cost in zip(found, sums, strict=True))
    assert all(cost + costs[following[0]] > most for cost, following in zip(sums, found[1:], strict=False))


def test_costs_may_sum_to_more_than_their_type_holds() -> None:
    rows, costs = pl.DataFrame({"row": range(4)}), pl.Series([2**31] * 4, dtype=pl.UInt32)
    assert [part.height for part in batches(rows, costs, 2**32)] == [2, 2]
