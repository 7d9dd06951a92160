"""The judge step: verdicts into the ledger, and the ledger's edges into the graph."""

from __future__ import annotations

import polars as pl

from graph.errors import DataError
from graph.reconcile import Change, reconcile
from graph.records import Label, Verdict
from graph.tables import COMPLEMENTS, REJECTED, SUBSTITUTES, View
from services.catalog.rejects import check_share, write_rejects
from services.catalog.verdicts import read_verdicts
from services.judging.budget import Budget
from services.judging.judging import Counts, judge_pairs, load_recorded
from services.judging.ledger import Ledger
from services.judging.port import EntityPair, Judge
from services.judging.prior import Decision, decide, prior
from services.judging.recorded import RecordedJudge
from services.pipeline import facts
from services.pipeline.pair import read_candidates
from services.pipeline.step import Done, Step, Summary, digest, file_digest, stamp_of
from services.settings import JudgeSettings
from services.workspace import Workspace

_VERSION = 1


def build_judge(workspace: Workspace, settings: JudgeSettings, ledger: Ledger) -> Judge:
    """The judge that the settings name; raises a KerecError where its file or key cannot be used."""
    if settings.name == "claude":
        # Imported here so that nothing but judging needs the SDK.
        from services.judging.claude import DEFAULT_MODEL, ClaudeTransport, claude_judge

        transport = ClaudeTransport(settings.model or DEFAULT_MODEL, base_url=settings.base_url)
        return claude_judge(ledger, Budget(settings.budget or 0.0, settings.currency), transport)
    return recorded_judge(workspace, settings)


def recorded_judge(workspace: Workspace, settings: JudgeSettings) -> RecordedJudge:
    """The judge of the verdict file; raises DataError where too much of it is bad."""
    known = [entity.id for entity in facts.entities(workspace)]
    reading = read_verdicts(settings, known)
    where = workspace.shop.rejects_dir / "judge.csv"
    write_rejects(where, reading.rejects)
    check_share(reading.rejects, reading.totals, workspace.shop.settings.load.max_bad_share, where)
    return RecordedJudge(reading.content, settings.unlisted)


def entity_pairs(workspace: Workspace, keys: list[tuple[str, str]]) -> list[EntityPair]:
    """The pairs with their entities; raises DataError for an id that the dictionary does not hold."""
    by_id = {entity.id: entity for entity in facts.entities(workspace)}
    unknown = sorted({name for pair in keys for name in pair if name not in by_id})
    if unknown:
        raise DataError(f"the dictionary holds no entity {unknown[0]!r} ({len(unknown)} unknown in all)")
    return [EntityPair(by_id[head], by_id[tail]) for head, tail in keys]


def write_edges(workspace: Workspace, ledger: Ledger) -> Change:
    """Makes the judged edges of the graph equal to the ledger: accepted, substitute and rejected pairs."""
    known = {entity.id for entity in facts.entities(workspace)}
    verdicts = [verdict for verdict in ledger.verdicts() if verdict.head in known and verdict.tail in known]
    accepted = [verdict for verdict in verdicts if decide(verdict) is Decision.ACCEPTED]
    substitutes = [verdict for verdict in verdicts if verdict.label is Label.SUBSTITUTE]
    rejected = [
        verdict
        for verdict in verdicts
        if decide(verdict) is not Decision.ACCEPTED and verdict.label is not Label.SUBSTITUTE
    ]
    change = _edges(workspace, COMPLEMENTS, accepted)
    change += _edges(workspace, SUBSTITUTES, substitutes)
    return change + _edges(workspace, REJECTED, rejected)


def _fingerprint(workspace: Workspace) -> str:
    with workspace.ledger as ledger:
        return _stamped(workspace, _verdict_file(workspace), ledger.state())


def _stamped(workspace: Workspace, file: str | None, verdicts: str) -> str:
    settings = workspace.shop.settings.judge
    return digest(_VERSION, settings, file, verdicts, stamp_of(workspace, "load"), stamp_of(workspace, "pair"))


def _work(workspace: Workspace) -> Done:
    settings = workspace.shop.settings.judge
    file = _verdict_file(workspace)
    with workspace.ledger as ledger:
        labels = _ask(workspace, settings, ledger) if settings else {}
        verdicts = ledger.state()
        change = write_edges(workspace, ledger)
    summary: Summary = {
        **{f"new {label}": count for label, count in sorted(labels.items())},
        "rows written": change.written,
        "rows deleted": change.deleted,
    }
    return Done(summary, _stamped(workspace, file, verdicts))


JUDGE = Step("judge", _fingerprint, _work)


def _verdict_file(workspace: Workspace) -> str | None:
    settings = workspace.shop.settings.judge
    return file_digest(settings.path) if settings and settings.path else None


def _ask(workspace: Workspace, settings: JudgeSettings, ledger: Ledger) -> dict[str, int]:
    judge = build_judge(workspace, settings, ledger)
    counts: list[Counts] = []
    if isinstance(judge, RecordedJudge):
        counts.append(load_recorded(judge, ledger))
    counts.append(judge_pairs(judge, entity_pairs(workspace, read_candidates(workspace.shop)), ledger))
    labels: dict[str, int] = {}
    for part in counts:
        for label, count in part.labels.items():
            labels[label.value] = labels.get(label.value, 0) + count
    return labels


def _edges(workspace: Workspace, view: View, verdicts: list[Verdict]) -> Change:
    rows = [{name: _field(verdict, name) for name in view.columns} for verdict in verdicts]
    return reconcile(workspace.client, view, pl.DataFrame(rows, schema=view.schema), workspace.progress)


def _field(verdict: Verdict, name: str) -> object:
    if name == "probability":
        return prior(verdict)
    value = getattr(verdict, name)
    return value.value if isinstance(value, Label) else value
