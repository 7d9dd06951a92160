import pytest

from graph.errors import DataError
from graph.records import Entity, Label, Verdict
from services.judging.port import EntityPair
from services.judging.recorded import RecordedJudge, recorded_verdict

LISTED = (
    recorded_verdict("tent", "peg", "complement", "3", "holds it down"),
    recorded_verdict("tent", "tarp", "substitute", 1, None),
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
    judge = RecordedJudge([*LISTED, recorded_verdict("tent", "peg", "unrelated", None, "second thoughts")])
    assert [(each.tail, each.label) for each in judge.all()] == [
        ("peg", Label.UNRELATED),
        ("tarp", Label.SUBSTITUTE),
    ]


def test_the_prompt_follows_the_content_and_not_the_order() -> None:
    same, other = RecordedJudge(LISTED[::-1]), RecordedJudge(LISTED[:1])
    assert RecordedJudge(LISTED).prompt == same.prompt
    assert len({same.prompt, other.prompt, RecordedJudge(LISTED, "unrelated").prompt}) == 3


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("", "b", "complement", None, None), "head or tail is empty"),
        (
            ("a", "b", "friend", None, None),
            "label 'friend' is none of complement, substitute, same_or_parent, unrelated, unsure",
        ),
        (("a", "b", "complement", "4", None), "strength '4' is none of 0, 1, 2, 3"),
        (("a", "b", "complement", 2.5, None), "strength 2.5 is none of 0, 1, 2, 3"),
    ],
)
def test_a_row_that_cannot_be_used_says_which_value(row: tuple[str, str, str, str | None, None], said: str) -> None:
    with pytest.raises(DataError) as caught:
        recorded_verdict(*row)
    assert str(caught.value) == said


def test_an_empty_strength_is_not_given() -> None:
    assert recorded_verdict("a", "b", "unrelated", "", "") == Verdict("a", "b", Label.UNRELATED, "", "recorded", "")
