from pathlib import Path

import pytest

from services.judging.budget import Budget, BudgetError
from services.judging.calls import Call
from services.judging.ledger import Ledger
from services.judging.transport import Reply

CALL = Call("model", "prompt", (("a", "b"), ("b", "a")))
REPLY = Reply("not even JSON", "end_turn", 10, 20)


def test_an_intent_counts_at_its_worst_until_its_outcome_is_known(ledger: Ledger) -> None:
    calls = ledger.calls
    first, second, _ = (calls.open(CALL, 1.0, Budget(10.0)) for _ in range(3))
    assert calls.spent("USD") == 3.0
    calls.answer(first, REPLY, 0.25)
    calls.fail(second, "overloaded")
    assert calls.spent("USD") == 1.25
    assert calls.spent("EUR") == 0.0


def test_a_budget_that_does_not_admit_stores_no_intent(ledger: Ledger) -> None:
    ledger.calls.open(CALL, 1.0, Budget(1.5))
    with pytest.raises(BudgetError):
        ledger.calls.open(CALL, 1.0, Budget(1.5))
    assert ledger.calls.spent("USD") == 1.0


def test_an_answer_is_found_by_an_equal_call_only(ledger: Ledger) -> None:
    assert ledger.calls.answered(CALL) is None
    ledger.calls.answer(ledger.calls.open(CALL, 1.0, Budget(10.0)), REPLY, 0.1)
    assert ledger.calls.answered(Call("model", "prompt", (("a", "b"), ("b", "a")))) == REPLY
    others = (
        Call("other", "prompt", CALL.pairs),
        Call("model", "other", CALL.pairs),
        Call("model", "prompt", CALL.pairs[::-1]),
        Call("model", "prompt", CALL.pairs, attempt=1),
    )
    assert [ledger.calls.answered(other) for other in others] == [None] * 4


def test_a_failed_call_is_no_answer(ledger: Ledger) -> None:
    ledger.calls.fail(ledger.calls.open(CALL, 1.0, Budget(10.0)), "refused")
    assert ledger.calls.answered(CALL) is None
    assert list(ledger.calls.answers("model", "prompt")) == []


def test_answers_outlive_the_process(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.calls.answer(ledger.calls.open(CALL, 1.0, Budget(10.0)), REPLY, 0.1)
    with Ledger(tmp_path / "l.sqlite") as again:
        assert list(again.calls.answers("model", "prompt")) == [([("a", "b"), ("b", "a")], REPLY)]
        assert list(again.calls.answers("model", "newer")) == []
