from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from graph.errors import KerecError
from graph.records import Entity, Label, Verdict
from services.judging.judging import judge_pairs, load_recorded
from services.judging.ledger import Ledger
from services.judging.port import EntityPair
from services.judging.recorded import NAME, RecordedJudge, Unlisted


def pairs(count: int) -> list[EntityPair]:
    return [EntityPair(Entity(f"e{n}", "head"), Entity(f"f{n}", "tail")) for n in range(count)]


def listed(*rows: tuple[str, str, str], unlisted: Unlisted = "unknown") -> RecordedJudge:
    return RecordedJudge(
        [Verdict(head, tail, Label(label), "so", NAME, "", strength=2) for head, tail, label in rows], unlisted
    )


class FailingJudge:
    """Answers 45 pairs and then fails, as a server that goes away."""

    name, prompt = "failing", "p"

    def judge(self, pairs: Sequence[EntityPair]) -> Iterator[Verdict]:
        for pair in pairs[:45]:
            yield Verdict(*pair.key, Label.UNRELATED, "", self.name, self.prompt)
        raise KerecError("gone")


def test_pairs_are_judged_once(ledger: Ledger) -> None:
    judge = listed(("e0", "f0", "complement"), ("e1", "f1", "substitute"), unlisted="unrelated")
    first = judge_pairs(judge, [*pairs(4), *pairs(2)], ledger)
    assert (first.pairs, first.known, first.verdicts) == (6, 0, 4)
    assert first.labels == {Label.COMPLEMENT: 1, Label.SUBSTITUTE: 1, Label.UNRELATED: 2}
    before = ledger.verdicts()
    assert all(verdict.judged_at > 0 for verdict in before)
    second = judge_pairs(judge, pairs(5), ledger)
    assert (second.known, second.verdicts) == (4, 1)
    assert ledger.verdicts()[:4] == before


def test_what_was_judged_before_a_failure_is_stored(ledger: Ledger) -> None:
    with pytest.raises(KerecError, match="gone"):
        judge_pairs(FailingJudge(), pairs(60), ledger)
    assert len(ledger.verdicts()) == 45


def test_recorded_verdicts_are_loaded_whole_and_once(ledger: Ledger) -> None:
    judge = listed(("a", "b", "complement"), ("b", "c", "unrelated"))
    assert load_recorded(judge, ledger).labels == {Label.COMPLEMENT: 1, Label.UNRELATED: 1}
    before = ledger.verdicts()
    again = load_recorded(judge, ledger)
    assert (again.pairs, again.known, again.verdicts) == (2, 2, 0)
    assert ledger.verdicts() == before


@pytest.mark.parametrize(("unlisted", "left"), [("unknown", Label.UNSURE), ("unrelated", Label.UNRELATED)])
def test_a_changed_list_stores_the_difference(ledger: Ledger, unlisted: Unlisted, left: Label) -> None:
    load_recorded(listed(("a", "b", "complement"), ("b", "c", "complement"), ("c", "d", "complement")), ledger)
    changed = listed(("a", "b", "complement"), ("b", "c", "substitute"), ("x", "y", "complement"), unlisted=unlisted)
    assert load_recorded(changed, ledger).labels == {Label.SUBSTITUTE: 1, left: 1, Label.COMPLEMENT: 1}
    assert {(each.head, each.label) for each in ledger.verdicts()} == {
        ("a", Label.COMPLEMENT),
        ("b", Label.SUBSTITUTE),
        ("c", left),
        ("x", Label.COMPLEMENT),
    }
    assert load_recorded(changed, ledger).verdicts == 0


def test_another_judges_verdicts_are_not_taken_back(ledger: Ledger) -> None:
    theirs = Verdict("p", "q", Label.COMPLEMENT, "", "claude", "p1", judged_at=1)
    ledger.append([theirs])
    load_recorded(listed(("a", "b", "complement")), ledger)
    assert theirs in ledger.verdicts()


def test_a_large_list_is_loaded_in_parts(tmp_path: Path) -> None:
    rows = [(f"h{n}", f"t{n}", "complement") for n in range(2_500)]
    with Ledger(tmp_path / "l.sqlite") as ledger:
        assert load_recorded(listed(*rows), ledger).verdicts == 2_500
        assert len(ledger.verdicts()) == 2_500
