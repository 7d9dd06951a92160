"""Every case of bad input: one clear line or a problem, no traceback, nothing lost."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from services.measure.bad_input.bench import bench
from services.measure.bad_input.case import Case, Outcome
from services.measure.bad_input.cases import CASES
from services.measure.bad_input.command import Forked
from services.measure.bad_input.playing import play_all
from services.measure.bad_input.table import document

LEAST = 60


@pytest.fixture(scope="module")
def outcomes() -> dict[tuple[str, str], Outcome]:
    with Forked() as runner, bench(runner) as ready:
        return {(each.case.group, each.case.name): each for each in play_all(ready, CASES)}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.group}: {case.name}")
def test_bad_input_gives_one_clear_answer_and_loses_nothing(
    case: Case, outcomes: dict[tuple[str, str], Outcome]
) -> None:
    seen = outcomes[case.group, case.name].seen
    if seen.skipped is not None:
        pytest.skip(f"{case.name}: {seen.skipped}")
    assert seen.faults == (), seen.text
    assert seen.text


def test_there_are_enough_cases_and_each_has_a_name_of_its_own() -> None:
    assert len(CASES) >= LEAST
    assert max(Counter((case.group, case.name) for case in CASES).values()) == 1


def test_the_table_names_every_case_and_nothing_of_this_machine(outcomes: dict[tuple[str, str], Outcome]) -> None:
    text = document(list(outcomes.values()))
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| case ")]
    assert len(rows) == len(CASES)
    assert not re.search(r"/tmp|/home|/root|kerec-bad-input-", text)
