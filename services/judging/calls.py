"""The calls to language models: an intent before each request, its answer before anything is made of it."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from services.judging.budget import Budget
from services.judging.database import Database
from services.judging.port import PairKey
from services.judging.transport import Reply

OPEN = "INSERT INTO calls (key, model, prompt, pairs, worst_cost, currency, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
CLOSE = "INSERT INTO outcomes (call, answer, stop, input_tokens, output_tokens, cost, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
SPENT = """
SELECT coalesce(sum(coalesce(outcomes.cost, calls.worst_cost)), 0.0)
FROM calls LEFT JOIN outcomes ON outcomes.call = calls.id WHERE calls.currency = ?
"""
ANSWERED = """
SELECT answer, stop, input_tokens, output_tokens FROM outcomes JOIN calls ON calls.id = outcomes.call
WHERE key = ? AND answer IS NOT NULL ORDER BY calls.id DESC LIMIT 1
"""
ANSWERS = """
SELECT pairs, answer, stop, input_tokens, output_tokens FROM outcomes JOIN calls ON calls.id = outcomes.call
WHERE model = ? AND prompt = ? AND answer IS NOT NULL ORDER BY calls.id
"""


def now() -> int:
    """The present, in epoch milliseconds."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Call:
    """One request about `pairs` as numbered in it; `attempt` counts how often they were asked before."""

    model: str
    prompt: str
    pairs: tuple[PairKey, ...]
    attempt: int = 0

    @property
    def key(self) -> str:
        """Equal for requests whose answer may stand for each other."""
        content = json.dumps([self.model, self.prompt, self.pairs, self.attempt])
        return hashlib.sha256(content.encode()).hexdigest()


class Calls:
    """What was asked, answered and paid. A call without an outcome counts at the most that it can have cost."""

    def __init__(self, database: Database, clock: Callable[[], int] = now) -> None:
        self._database = database
        self._clock = clock

    def open(self, call: Call, worst_cost: float, budget: Budget) -> int:
        """Store the intent to make a call, before its request, and give its id; raises BudgetError instead."""
        row = call.key, call.model, call.prompt, json.dumps(call.pairs), worst_cost, budget.currency, self._clock()
        with self._database.transaction():
            budget.admit(self.spent(budget.currency), worst_cost)
            return self._database.insert_one(OPEN, row)

    def answer(self, call_id: int, reply: Reply, cost: float) -> None:
        """Store an answer as received, before it is read."""
        self._close(call_id, reply.text, reply.stop, reply.input_tokens, reply.output_tokens, cost)

    def fail(self, call_id: int, reason: str) -> None:
        """Store that a call brought no answer and was not charged."""
        self._close(call_id, None, reason, 0, 0, 0.0)

    def answered(self, call: Call) -> Reply | None:
        """The stored answer of an equal call, None if it was never answered."""
        rows = self._database.rows(ANSWERED, [call.key])
        return Reply(*rows[0]) if rows else None

    def answers(self, model: str, prompt: str) -> Iterator[tuple[Sequence[PairKey], Reply]]:
        """Every stored answer of a model under a prompt, with the pairs as numbered in the request, oldest first."""
        for pairs, *reply in self._database.rows(ANSWERS, [model, prompt]):
            yield [(head, tail) for head, tail in json.loads(pairs)], Reply(*reply)

    def spent(self, currency: str) -> float:
        """What all calls in this currency have cost, at most."""
        return float(self._database.rows(SPENT, [currency])[0][0])

    def _close(self, call_id: int, answer: str | None, stop: str, given: int, made: int, cost: float) -> None:
        with self._database.transaction():
            self._database.insert(CLOSE, [(call_id, answer, stop, given, made, cost, self._clock())])
