import json
import random
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.records import Entity, Label
from services.judging.port import EntityPair
from services.judging.prompt import MAX_ALIASES, MAX_TEXT, PROMPT, SCHEMA, SYSTEM, question, read_answers, shuffled

KEYS = [("a", "b"), ("c", "d"), ("e", "f")]
GOOD = {"pair": 1, "label": "complement", "direction": "both", "strength": 3, "reason": "because"}


def pair(head: str, tail: str) -> EntityPair:
    return EntityPair(Entity(head, head.upper()), Entity(tail, tail.upper()))


def read(*answers: Any) -> set[tuple[str, str]]:
    return set(read_answers(json.dumps({"answers": answers}), KEYS))


def test_the_prompt_holds_the_definition_and_every_label() -> None:
    assert "within 30 days, clearly more likely than an average shopper" in SYSTEM
    assert all(f"- {label.value}:" in SYSTEM for label in Label)
    assert set(SCHEMA["$defs"]["PairAnswer"]["properties"]["label"]["enum"]) == {label.value for label in Label}
    assert re.fullmatch(r"pairs-[0-9a-f]{12}", PROMPT)


def test_pairs_are_numbered_lines_with_what_is_known() -> None:
    head = Entity("h", "Tent", ("tent", "shelter"), definition="Portable shelter")
    lines = question([EntityPair(head, Entity("t", "Peg")), pair("x", "y")]).splitlines()[1:]
    assert [json.loads(line) for line in lines] == [
        {
            "pair": 1,
            "A": {"name": "Tent", "aliases": ["shelter"], "definition": "Portable shelter"},
            "B": {"name": "Peg"},
        },
        {"pair": 2, "A": {"name": "X"}, "B": {"name": "Y"}},
    ]


def test_long_texts_are_cut_and_line_breaks_cannot_forge_a_pair() -> None:
    long = Entity("h", 'a\n{"pair": 2}', tuple(f"alias {n}" for n in range(50)), definition="d" * 10_000)
    lines = question([EntityPair(long, Entity("t", "t"))]).splitlines()
    assert len(lines) == 2
    described = json.loads(lines[1])["A"]
    assert len(described["aliases"]) == MAX_ALIASES
    assert len(described["definition"]) == MAX_TEXT


def test_the_order_is_shuffled_and_always_the_same() -> None:
    pairs = [pair(f"h{n:02}", "t") for n in range(30)]
    other = random.Random(0).sample(pairs, len(pairs))
    assert shuffled(pairs) == shuffled(other)
    assert shuffled(pairs) != pairs
    assert sorted(shuffled(pairs), key=lambda each: each.key) == pairs


def test_good_answers_are_read_by_their_number() -> None:
    assert read(GOOD, {**GOOD, "pair": 3}) == {("a", "b"), ("e", "f")}


@pytest.mark.parametrize(
    "bad",
    [
        {**GOOD, "pair": 0},
        {**GOOD, "pair": 4},
        {**GOOD, "pair": "1"},
        {**GOOD, "pair": True},
        {**GOOD, "label": "complementary"},
        {**GOOD, "strength": 4},
        {**GOOD, "strength": None},
        {**GOOD, "more": 1},
        {key: value for key, value in GOOD.items() if key != "reason"},
        "complement",
        None,
    ],
)
def test_a_bad_answer_costs_only_itself(bad: Any) -> None:
    assert read(bad, {**GOOD, "pair": 2}) == {("c", "d")}


def test_two_answers_about_one_pair_are_none() -> None:
    assert read(GOOD, {**GOOD, "label": "unrelated"}) == set()


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert read_answers(text, KEYS) == {}


@pytest.mark.parametrize(
    ("label", "direction", "expected"),
    [
        ("complement", "forward", Label.COMPLEMENT),
        ("complement", "both", Label.COMPLEMENT),
        ("complement", "backward", Label.UNRELATED),
        ("complement", "none", Label.UNSURE),
        ("substitute", "none", Label.SUBSTITUTE),
        ("unrelated", "backward", Label.UNRELATED),
    ],
)
def test_the_direction_tempers_the_label(label: str, direction: str, expected: Label) -> None:
    answers = [{**GOOD, "label": label, "direction": direction, "reason": " ".join(map(str, range(40)))}]
    answer = read_answers(json.dumps({"answers": answers}), KEYS)["a", "b"]
    verdict = answer.verdict(("a", "b"), "judge", 7)
    assert (verdict.label, verdict.prompt, verdict.judged_at, verdict.probability) == (expected, PROMPT, 7, None)
    assert len(verdict.reason.split()) == 15
