"""A judge that asks a language model, never pays twice for an answer and stays inside a budget."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from graph.errors import KerecError
from graph.records import Label, Verdict
from services.judging.budget import Budget, Price
from services.judging.calls import Call, now
from services.judging.ledger import Ledger
from services.judging.port import EntityPair, PairKey
from services.judging.prompt import PROMPT, SCHEMA, SYSTEM, question, read_answers, shuffled
from services.judging.transport import COMPLETE, Question, Reply, Transport, TransportError

THINKING_TOKENS = 2_000
TOKENS_PER_PAIR = 200
MAX_BATCH = 50  # keeps a request far below the 100,000 tokens from which some models cost more
MAX_ASKED = 2


@dataclass(frozen=True, slots=True)
class Pace:
    """How a language judge asks: pairs per request, requests at once, attempts per request and the wait between."""

    batch: int = 20
    workers: int = 4
    attempts: int = 5
    first_wait: float = 1.0  # seconds, doubled with every attempt
    longest_wait: float = 60.0


@dataclass(frozen=True, slots=True)
class _Task:
    pairs: tuple[EntityPair, ...]
    asked: int = 0  # how often these pairs have been asked without a usable answer

    @property
    def keys(self) -> tuple[PairKey, ...]:
        return tuple(pair.key for pair in self.pairs)


class LanguageJudge:
    """Asks a model about batches of pairs in shuffled order.

    Every answer is in the ledger before it is read; after a kill the stored answers are read, not paid again. A pair
    without a usable answer is asked once more, in what is left of its batch, and is then unsure; a batch that was
    refused or cut off is halved.
    """

    prompt = PROMPT

    def __init__(
        self,
        transport: Transport,
        ledger: Ledger,
        budget: Budget,
        price: Price,
        pace: Pace | None = None,
        clock: Callable[[], int] = now,
    ) -> None:
        self.name = transport.model
        self._transport, self._calls, self._budget, self._price = transport, ledger.calls, budget, price
        self._pace = pace or Pace()
        self._clock = clock

    def judge(self, pairs: Sequence[EntityPair]) -> Iterator[Verdict]:
        """One verdict per pair; raises BudgetError, TransportError or StorageError after what was paid."""
        todo = {pair.key: pair for pair in pairs}
        stored = self._stored(todo)
        yield from stored.values()
        left = shuffled(pair for key, pair in todo.items() if key not in stored)
        size = min(self._pace.batch, MAX_BATCH)
        yield from self._run(deque(_Task(tuple(left[at : at + size])) for at in range(0, len(left), size)))

    def _stored(self, todo: Mapping[PairKey, EntityPair]) -> dict[PairKey, Verdict]:
        """Verdicts from answers that were paid in an earlier run."""
        found: dict[PairKey, Verdict] = {}
        for keys, reply in self._calls.answers(self.name, self.prompt):
            if reply.stop == COMPLETE and not todo.keys().isdisjoint(keys):
                verdicts = self._verdicts(keys, reply)
                found.update((key, verdict) for key, verdict in verdicts.items() if key in todo)
        return found

    def _run(self, tasks: deque[_Task]) -> Iterator[Verdict]:
        """Work off the tasks and those that follow from them; the first error stops new requests."""
        failure: KerecError | None = None
        running: dict[Future[Reply], _Task] = {}
        pool = ThreadPoolExecutor(self._pace.workers, thread_name_prefix="judge")
        try:
            while running or (tasks and failure is None):
                while tasks and failure is None and len(running) < self._pace.workers:
                    task = tasks.popleft()
                    running[pool.submit(self._exchange, task)] = task
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    task = running.pop(future)
                    try:
                        reply = future.result()
                    except KerecError as error:
                        failure = failure or error
                        continue
                    verdicts, following = self._read(task, reply)
                    tasks.extend(following)
                    yield from verdicts
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        if failure is not None:
            raise failure

    def _exchange(self, task: _Task) -> Reply:
        """The stored answer of this very request, else a paid one."""
        call = Call(self.name, self.prompt, task.keys, task.asked)
        stored = self._calls.answered(call)
        if stored is not None:
            return stored
        retrying = Retrying(
            retry=retry_if_exception(lambda error: isinstance(error, TransportError) and error.retry),
            stop=stop_after_attempt(self._pace.attempts),
            wait=self._wait,
            reraise=True,
        )
        return retrying(self._pay, call, task)

    def _pay(self, call: Call, task: _Task) -> Reply:
        asked = Question(SYSTEM, question(task.pairs), SCHEMA, THINKING_TOKENS + TOKENS_PER_PAIR * len(task.pairs))
        worst = self._price.cost(asked.worst_input_tokens(), asked.max_tokens)
        call_id = self._calls.open(call, worst, self._budget)
        try:
            reply = self._transport.send(asked)
        except TransportError as error:
            if not error.charged:
                self._calls.fail(call_id, str(error))
            raise
        self._calls.answer(call_id, reply, self._price.cost(reply.input_tokens, reply.output_tokens))
        return reply

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        told = error.retry_after if isinstance(error, TransportError) else None
        seconds = self._pace.first_wait * 2.0 ** (state.attempt_number - 1) if told is None else told
        return min(seconds, self._pace.longest_wait)

    def _read(self, task: _Task, reply: Reply) -> tuple[list[Verdict], list[_Task]]:
        """The verdicts of an answer, and what has to be asked again because of it."""
        if reply.stop != COMPLETE:
            if len(task.pairs) == 1:
                return [self._unsure(task.keys[0], f"the model gave no answer: {reply.stop}")], []
            middle = len(task.pairs) // 2
            return [], [_Task(task.pairs[:middle], task.asked), _Task(task.pairs[middle:], task.asked)]
        found = self._verdicts(task.keys, reply)
        missing = tuple(pair for pair in task.pairs if pair.key not in found)
        if missing and task.asked + 1 < MAX_ASKED:
            return [*found.values()], [_Task(missing, task.asked + 1)]
        unsure = (self._unsure(pair.key, f"no usable answer in {MAX_ASKED} requests") for pair in missing)
        return [*found.values(), *unsure], []

    def _verdicts(self, keys: Sequence[PairKey], reply: Reply) -> dict[PairKey, Verdict]:
        at = self._clock()
        answers = read_answers(reply.text, keys)
        return {key: answer.verdict(key, self.name, at) for key, answer in answers.items()}

    def _unsure(self, key: PairKey, reason: str) -> Verdict:
        return Verdict(*key, Label.UNSURE, reason, self.name, self.prompt, judged_at=self._clock())
