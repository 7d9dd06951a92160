"""What holds for every baseline, whatever it learns."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from tests.training.evaluation.toy import Purchase, histories
from training.evaluation.baselines import BASELINES
from training.evaluation.fitted import Fitted
from training.evaluation.method import Answers
from training.evaluation.ranking import MISS
from training.evaluation.task import Task

BLOCKS = ("a", "b")
SIZE, EACH = 5, 30  # items of a block, and buyers of each start in it
SMALL = {"factors": 2, "size": 16, "iterations": 30, "epochs": 10, "steps": 60}
NEVER, GONE = "z0", "z1"  # nobody bought either, the second is not available
ITEMS = [f"{block}{place}" for block in BLOCKS for place in range(SIZE)] + [NEVER, GONE]
METHODS = pytest.mark.parametrize("key", list(BASELINES))


def purchases() -> list[Purchase]:
    """Everybody buys all but one item of one block, in a circle; block b has a few more buyers."""
    return [
        (f"{block}{start}:{buyer}", f"{block}{(start + step) % SIZE}", step)
        for block in BLOCKS
        for start in range(SIZE)
        for buyer in range(EACH + 5 * (block == "b"))
        for step in range(SIZE - 1)
    ]


def toy() -> Task:
    """The first buyer of each start, whose answer is the item left out, and one who bought nothing."""
    known = histories(purchases(), ITEMS)
    buyers = [(block, start) for block in BLOCKS for start in range(SIZE)]
    rows = np.array([known.rows[f"{block}{start}:0"] for block, start in buyers], dtype=np.int64)
    contexts = known.take(rows)
    cold = replace(contexts, actors=(*contexts.actors, "cold"), starts=np.append(contexts.starts, contexts.starts[-1]))
    answers = [known.codes[f"{block}{(start - 1) % SIZE}"] for block, start in buyers] + [known.codes["a0"]]
    available = np.array([item != GONE for item in known.items])
    return Task("toy", known, cold, np.array(answers, dtype=np.int64), available, depth=len(ITEMS))


@pytest.fixture(scope="module")
def task() -> Task:
    return toy()


@pytest.fixture(scope="module")
def answers(task: Task) -> dict[str, Answers]:
    return {key: fitted(key).answer(task, 0) for key in BASELINES}


def small(key: str) -> Any:
    """The first member of a family with as few factors and rounds as twelve items need."""
    model: Any = BASELINES[key].grid[0]
    return replace(model, **{field.name: SMALL[field.name] for field in fields(model) if field.name in SMALL})


def fitted(key: str) -> Fitted:
    return Fitted(BASELINES[key].name, small(key), BASELINES[key].libraries)


@METHODS
def test_the_item_that_others_of_the_kind_bought_is_found(task: Task, answers: dict[str, Answers], key: str) -> None:
    ranks = answers[key].ranks[:-1]
    if key == "popularity":  # all of block b first, whoever asks
        assert ranks.tolist() == [SIZE] * SIZE + [0] * SIZE
    else:
        assert ranks.tolist() == [0] * len(ranks)


@METHODS
def test_what_is_bought_or_not_available_is_never_listed(task: Task, answers: dict[str, Answers], key: str) -> None:
    gone = task.train.codes[GONE]
    for row, listed in enumerate(answers[key].lists):
        held = set(task.contexts.take(np.array([row])).item.tolist())
        shown = [code for code in listed.tolist() if code >= 0]
        assert len(shown) == len(set(shown)) == len(ITEMS) - len(held) - 1
        assert not held & set(shown)
        assert gone not in shown


@METHODS
def test_who_bought_nothing_gets_the_most_bought_and_equals_by_ascending_id(
    task: Task, answers: dict[str, Answers], key: str
) -> None:
    listed = [task.train.items[code] for code in answers[key].lists[-1] if code >= 0]
    assert listed == [f"b{place}" for place in range(SIZE)] + [f"a{place}" for place in range(SIZE)] + [NEVER]
    assert answers[key].ranks[-1] == SIZE


@METHODS
def test_the_same_seed_gives_the_same_answers_and_another_other_scores(task: Task, key: str) -> None:
    model = small(key)
    first, again = (np.asarray(model.fit(task.train)(task.contexts)) for _ in range(2))
    assert np.array_equal(first, again)
    if fitted(key).stochastic:
        other = replace(model, seed=1)
        assert not np.array_equal(first, np.asarray(other.fit(task.train)(task.contexts)))


@METHODS
def test_an_unknown_actor_is_scored_by_what_it_holds(task: Task, key: str) -> None:
    stranger = replace(task.contexts, actors=tuple(f"stranger {actor}" for actor in task.contexts.actors))
    ranks = fitted(key).answer(replace(task, contexts=stranger), 0).ranks[:-1]
    assert (ranks < SIZE * 2).all()
    if key != "popularity":
        assert ranks.tolist() == [0] * len(ranks)


@METHODS
def test_an_answer_that_is_not_available_is_missed(task: Task, key: str) -> None:
    gone = np.full_like(task.answers, task.train.codes[GONE])
    if key in ("popularity", "directed"):  # the same code for all
        assert (fitted(key).answer(replace(task, answers=gone), 0).ranks == MISS).all()


@METHODS
def test_families_differ_in_parameters_alone(key: str) -> None:
    members = [Fitted(BASELINES[key].name, model) for model in BASELINES[key].grid]
    assert len({type(member.model) for member in members}) == 1
    assert len({str(member.parameters) for member in members}) == len(members)
    assert len({member.version for member in members}) == len(members)


def test_names_are_unique() -> None:
    assert len({family.name for family in BASELINES.values()}) == len(BASELINES)
