"""From pairs to verdicts in the ledger: nothing is asked twice, nothing that was paid is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from graph.records import Label, Verdict
from services.judging.calls import now
from services.judging.ledger import Ledger
from services.judging.port import EntityPair, Judge, PairKey
from services.judging.recorded import RecordedJudge

BATCH = 20
LOADED = 1_000


@dataclass(frozen=True, slots=True)
class Counts:
    """What a run of a judge did: pairs given, known already, and verdicts stored by label."""

    pairs: int
    known: int
    labels: Mapping[Label, int]

    @property
    def verdicts(self) -> int:
        """Verdicts stored by this run."""
        return sum(self.labels.values())


def judge_pairs(judge: Judge, pairs: Sequence[EntityPair], ledger: Ledger) -> Counts:
    """Ask about every pair that has no verdict under the judge's prompt, storing verdicts as they come.

    Raises what the judge raises (BudgetError among it), after all verdicts so far are stored. A second run does
    nothing.
    """
    done = ledger.judged(judge.prompt)
    todo = list({pair.key: pair for pair in pairs if pair.key not in done}.values())
    labels: Counter[Label] = Counter()
    waiting: list[Verdict] = []
    try:
        for verdict in judge.judge(todo):
            waiting.append(verdict if verdict.judged_at else replace(verdict, judged_at=now()))
            labels[verdict.label] += 1
            if len(waiting) == BATCH:
                ledger.append(waiting)
                waiting = []
    finally:
        ledger.append(waiting)
    return Counts(len(pairs), len({pair.key for pair in pairs}) - len(todo), labels)


def load_recorded(judge: RecordedJudge, ledger: Ledger) -> Counts:
    """Store every listed verdict that is not yet the latest of its pair, and what left the list since.

    Recorded verdicts cost nothing, so they are loaded whole, whatever pairs would be asked. A second run over an
    unchanged list stores nothing.
    """
    latest = {(verdict.head, verdict.tail): verdict for verdict in ledger.verdicts()}
    listed = list(judge.all())
    left = [
        judge.unlisted_verdict(pair)
        for pair, verdict in latest.items()
        if verdict.judge == judge.name and not judge.lists(pair)
    ]
    at = now()
    fresh = [replace(verdict, judged_at=at) for verdict in [*listed, *left] if not _same(latest, verdict)]
    for start in range(0, len(fresh), LOADED):
        ledger.append(fresh[start : start + LOADED])
    return Counts(len(listed), len(listed) + len(left) - len(fresh), _labels(fresh))


def _same(latest: Mapping[PairKey, Verdict], verdict: Verdict) -> bool:
    """Whether the latest verdict of a pair says the same, under whatever version of the list."""
    known = latest.get((verdict.head, verdict.tail))
    return known is not None and replace(known, prompt=verdict.prompt, judged_at=verdict.judged_at) == verdict


def _labels(verdicts: Iterable[Verdict]) -> Counter[Label]:
    return Counter(verdict.label for verdict in verdicts)
