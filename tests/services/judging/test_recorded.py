from graph.records import Entity, Label, Verdict
from services.judging.port import EntityPair
from services.judging.recorded import NAME, RecordedJudge

LISTED = (
    Verdict("tent", "peg", Label.COMPLEMENT, "holds it down", NAME, "", strength=3),
    Verdict("tent", "tarp", Label.SUBSTITUTE, "", NAME, "", strength=1),
)


def pair(head: str, tail: str) -> EntityPair:
    return EntityPair(Entity(head, head), Entity(tail, tail))


def test_listed_pairs_are_answered_from_the_list() -> None:
    judge = RecordedJudge(LISTED)
    answered = list(judge.judge([pair("tent", "tarp"), pair("tent", "peg"), pair("peg", "tent")]))
    assert [(each.tail, each.label, each.strength, each.reason) for each in answered] == [
        ("tarp", Label.SUBSTITUTE, 1, ""),
        ("peg", Label.COMPLEMENT, 3, "holds it down"),
    ]
    assert {(each.judge, each.prompt) for each in answered} == {("recorded", judge.prompt)}


def test_unlisted_pairs_are_unrelated_where_the_list_is_complete() -> None:
    judge = RecordedJudge(LISTED, unlisted="unrelated")
    only = list(judge.judge([pair("peg", "tent")]))
    assert [(each.head, each.label, each.reason) for each in only] == [
        ("peg", Label.UNRELATED, "not listed by the recorded judge")
    ]


def test_all_gives_every_listed_verdict_once_and_a_later_row_wins() -> None:
    judge = RecordedJudge([*LISTED, Verdict("tent", "peg", Label.UNRELATED, "second thoughts", NAME, "")])
    assert [(each.tail, each.label) for each in judge.all()] == [
        ("peg", Label.UNRELATED),
        ("tarp", Label.SUBSTITUTE),
    ]


def test_the_prompt_follows_the_content_and_not_the_order() -> None:
    same, other = RecordedJudge(LISTED[::-1]), RecordedJudge(LISTED[:1])
    assert RecordedJudge(LISTED).prompt == same.prompt
    assert len({same.prompt, other.prompt, RecordedJudge(LISTED, "unrelated").prompt}) == 3
