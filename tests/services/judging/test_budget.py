import pytest

from graph.errors import SettingsError
from services.judging.budget import PRICES, Budget, BudgetError, Price, price_of
from services.judging.claude import DEFAULT_MODEL


def test_the_cost_of_a_call() -> None:
    assert Price(2.0, 10.0).cost(1_500_000, 100_000) == pytest.approx(4.0)
    assert Price(2.0, 10.0).cost(0, 0) == 0.0


def test_every_price_is_positive_and_output_costs_more() -> None:
    assert all(0 < price.input < price.output for price in PRICES.values())
    assert price_of(DEFAULT_MODEL) is PRICES[DEFAULT_MODEL]


def test_an_unknown_model_has_no_price() -> None:
    with pytest.raises(SettingsError, match="claude-sonnet-5-5"):
        price_of("gpt")


@pytest.mark.parametrize(("spent", "worst", "fits"), [(0.0, 1.0, True), (0.5, 0.5, True), (0.5, 0.51, False)])
def test_a_budget_admits_what_fits_at_worst(spent: float, worst: float, fits: bool) -> None:
    budget = Budget(1.0)
    if fits:
        budget.admit(spent, worst)
        return
    with pytest.raises(BudgetError, match=r"^the judge's budget of 1\.00 USD allows no further call: 0\.5000 is spent"):
        budget.admit(spent, worst)
