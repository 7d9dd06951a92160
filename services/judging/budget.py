"""Money: what a call costs, and a budget that no call may exceed."""

from __future__ import annotations

from dataclasses import dataclass

from graph.errors import KerecError, SettingsError

TOKENS_PER_PRICE = 1_000_000


class BudgetError(KerecError):
    """The next call could cost more than is left of the budget."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost, in units of the currency."""

    input: float
    output: float

    def cost(self, input_tokens: int, output_tokens: int) -> float:
        """The cost of one call, in units of the currency."""
        return (input_tokens * self.input + output_tokens * self.output) / TOKENS_PER_PRICE


# USD; list prices of October 2026 (platform.claude.com, models overview), for prompts up to 100,000 tokens.
PRICES = {
    "claude-fable-5-1": Price(10.0, 50.0),
    "claude-opus-5-5": Price(4.0, 20.0),
    "claude-opus-5": Price(5.0, 25.0),
    "claude-sonnet-5-5": Price(2.0, 10.0),
    "claude-sonnet-5": Price(2.0, 10.0),
    "claude-haiku-5-5": Price(0.1, 0.5),
    "claude-haiku-4-5": Price(1.0, 5.0),
    "claude-opus-4-8": Price(5.0, 25.0),
    "claude-sonnet-4-6": Price(3.0, 15.0),
}


def price_of(model: str) -> Price:
    """The known price of a model in USD; raises SettingsError for a model without one."""
    if model not in PRICES:
        known = ", ".join(sorted(PRICES))
        raise SettingsError(f"no price is known for the model {model!r}: give its price, or take one of {known}")
    return PRICES[model]


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that all calls of a ledger may cost together."""

    limit: float
    currency: str = "USD"

    def admit(self, spent: float, worst: float) -> None:
        """Raises BudgetError if a call of at most `worst` could exceed what is left after `spent`."""
        if spent + worst > self.limit:
            raise BudgetError(
                f"the judge's budget of {self.limit:.2f} {self.currency} allows no further call: {spent:.4f} is spent "
                f"and the next call may cost {worst:.4f}; every answer so far is kept; raise the budget to go on"
            )
