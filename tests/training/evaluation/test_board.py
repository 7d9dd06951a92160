"""Methods on a small task: what is kept, what a kill costs, what the table says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, repeat
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from graph.errors import DataError, StorageError
from tests.training.evaluation.toy import SORTED, Purchase, task
from training.evaluation.baselines.popularity import Popularity
from training.evaluation.board import Outcome, run_method, run_methods
from training.evaluation.concepts import Concepts
from training.evaluation.fitted import Fitted, Scorer
from training.evaluation.histories import Histories
from training.evaluation.listed import Listed
from training.evaluation.method import Answers
from training.evaluation.ranking import MISS
from training.evaluation.results import Result, ResultStore
from training.evaluation.table import table
from training.evaluation.task import Task
from training.evaluation.tuning import Family, tune

ROWS: list[Purchase] = [("u", "a", 1), ("u", "2", 2), ("v", "a", 1), ("w", "9", 1)]
ANSWERS = {"u": "9", "v": "2", "w": "a"}


@dataclass(frozen=True, slots=True)
class Noise:
    """Scores at random; fails where it is told to."""

    seed: int = 0
    fails: bool = False

    def fit(self, histories: Histories) -> Scorer:
        if self.fails:
            raise DataError("broken off")
        generator = np.random.default_rng(self.seed)
        return lambda contexts: generator.random(contexts.shape)


@dataclass(frozen=True, slots=True)
class Favourite:
    """One item before all others."""

    item: int

    def fit(self, histories: Histories) -> Scorer:
        return lambda contexts: np.tile(np.eye(len(histories.items))[self.item], (contexts.shape[0], 1))


@pytest.fixture
def toy() -> Task:
    return task(ROWS, ANSWERS)


@pytest.fixture
def store(tmp_path: Path) -> ResultStore:
    return ResultStore(tmp_path / "evaluations")


class Seen:
    """What was reported."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, int, int]] = []

    def __call__(self, what: str, done: int, total: int) -> None:
        self.lines.append((what, done, total))


def test_a_method_without_chance_runs_once_and_another_with_every_seed(toy: Task, store: ResultStore) -> None:
    seen = Seen()
    plain, noisy = run_methods(toy, [Fitted("plain", Popularity()), Fitted("noisy", Noise())], range(3), store, seen)
    assert plain.seeds == (0,)
    assert noisy.seeds == (0, 1, 2)
    assert len({result.answers.lists.tobytes() for result in noisy.results}) == 3
    assert ("toy: methods", 2, 2) in seen.lines
    assert ("noisy", 3, 3) in seen.lines
    assert noisy.seconds == pytest.approx(sum(result.seconds for result in noisy.results) / 3)


def test_a_board_that_was_broken_off_goes_on_where_it_was(toy: Task, store: ResultStore) -> None:
    first, second = Fitted("first", Noise()), Fitted("second", Noise(fails=True))
    with pytest.raises(DataError, match="broken off"):
        run_methods(toy, [first, second], range(2), store, Seen())
    seen = Seen()
    outcome = run_method(toy, first, range(2), store, seen)
    assert seen.lines == []  # nothing was computed again
    again = run_method(toy, first, range(2), ResultStore(store.folder / "other"), seen)
    for kept, fresh in zip(outcome.results, again.results, strict=True):
        assert np.array_equal(kept.answers.ranks, fresh.answers.ranks)
        assert np.array_equal(kept.answers.lists, fresh.answers.lists)
    assert [path.suffix for path in store.folder.rglob("first*")] == [".npz", ".npz", ".npz", ".npz"]


def test_other_data_parameters_code_or_seeds_are_other_results(toy: Task, store: ResultStore) -> None:
    method = Fitted("one", Favourite(1))
    paths = {
        store.path(toy, method, 0),
        store.path(toy, method, 1),
        store.path(toy, Fitted("one", Favourite(2)), 0),
        store.path(toy, Fitted("one", Noise()), 0),
        store.path(toy, Fitted("one", Favourite(1), ("numpy",)), 0),
        store.path(replace(toy, answers=toy.answers[::-1]), method, 0),
        store.path(replace(toy, depth=5), method, 0),
        store.path(task([*ROWS, ("w", "10", 2)], ANSWERS), method, 0),
    }
    assert len(paths) == 8
    assert store.path(task(ROWS, ANSWERS), Fitted("one", Favourite(1)), 0) in paths


def test_cases_of_a_fold_are_answered_from_its_own_histories(toy: Task, store: ResultStore) -> None:
    """Popularity tells from which histories it was learned: each fold's favourite stands first."""
    trains = tuple(task([*ROWS, *(("x", item, 1),) * 3], ANSWERS).train for item in ("B", "10"))
    folded = replace(toy, trains=trains, fold=np.array([1, 0, 1]))
    lists = Fitted("popular", Popularity()).answer(folded, 0).lists
    assert [SORTED[code] for code in lists[:, 0]] == ["10", "B", "10"]
    drawn = folded.drawn(2, 3)
    rows = [list(toy.contexts.actors).index(actor) for actor in drawn.contexts.actors]
    assert (Fitted("popular", Popularity()).answer(drawn, 0).lists == lists[rows]).all()
    method = Fitted("popular", Popularity())
    assert len({store.path(each, method, 0) for each in (toy, folded, replace(folded, fold=np.zeros(3, int)))}) == 3


def test_the_seed_is_no_parameter(toy: Task, store: ResultStore) -> None:
    assert Fitted("n", Noise(0)).version == Fitted("n", Noise(7)).version
    assert Fitted("n", Noise(7)).parameters == {"fails": False}


def test_a_damaged_result_is_named(toy: Task, store: ResultStore) -> None:
    path = store.path(toy, Fitted("one", Favourite(1)), 0)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"half a file")
    with pytest.raises(StorageError, match=r"one-0-\w+\.npz cannot be read: delete it"):
        store.read(path)


def test_tuning_takes_the_best_member_and_the_first_of_equals(toy: Task, store: ResultStore) -> None:
    family = Family("favourite", tuple(map(Favourite, (3, 1, 0, 4))))
    found = tune(family, replace(toy, depth=0), store, Seen())
    # "9" (code 1), "2" (0) and "a" (4) each stand first for one of three cases; where one is bought it is no help.
    figures = {trial["item"]: trial["ndcg@10"] for trial in found.trials}
    assert found.method.model == Favourite(max(figures, key=lambda item: (figures[item], -item)))
    assert found.method.name == "favourite"
    assert len(found.trials) == 4


def test_without_choice_or_cases_nothing_is_tried(toy: Task, store: ResultStore) -> None:
    noise = Family("noise", (Noise(fails=True),))
    assert tune(noise, toy, store, Seen()).method.model == Noise(fails=True)
    two = Family("noise", (Noise(fails=True), Noise(seed=1, fails=True)))
    none = replace(toy, contexts=toy.contexts.take(np.empty(0, np.int64)), answers=toy.answers[:0])
    assert tune(two, none, store, Seen()).trials == ()


def test_lists_as_a_method(toy: Task) -> None:
    def lister(contexts: Histories, k: int, seed: int) -> Iterator[Sequence[str]]:
        assert (contexts.actors, k, seed) == (("u", "v", "w"), 20, 4)
        yield from (["10", "9"], [], ["2", "B", "a"])

    answers = Listed("ours", "1", lister).answer(toy, 4)
    assert answers.ranks.tolist() == [1, MISS, 2]
    assert [[SORTED[code] for code in row if code >= 0] for row in answers.lists] == [["10", "9"], [], ["2", "B", "a"]]


def test_a_part_of_the_cases(toy: Task) -> None:
    part = toy.drawn(2, 1)
    assert len(part.answers) == 2
    names = [SORTED[code] for code in part.answers]
    assert {actor: ANSWERS[actor] for actor in part.contexts.actors} == dict(
        zip(part.contexts.actors, names, strict=True)
    )
    assert toy.drawn(3, 1) is toy
    assert part.digest == toy.drawn(2, 1).digest != toy.digest


def outcome(name: str, ranks: list[list[int]], lists: list[list[int]]) -> Outcome:
    results = tuple(
        Result(Answers(np.array(each, dtype=np.int64), np.array(lists, dtype=np.int32)), 2.0) for each in ranks
    )
    return Outcome(Fitted(name, Noise()), tuple(range(len(ranks))), results)


def test_the_table(toy: Task) -> None:
    steady = outcome("steady", [[0, 7, MISS]], [[1, 2], [-1, -1], [0, 1]])
    shaky = outcome("shaky", [[0, MISS, MISS], [0, 3, MISS]], [[4, 1], [1, 0], [1, 2]])
    main = pl.DataFrame({"item": ["2", "9", "a"], "entity": ["tent", "tent", "gas"]})
    concepts = Concepts.of(SORTED, main, pl.DataFrame({"head": ["tent"], "tail": ["gas"]}))
    slices = {"first": np.array([True, False, False]), "none": np.zeros(3, np.bool_)}
    found = table(toy, [steady, shaky], concepts, slices, [("shaky", "steady"), ("shaky", "not run")])

    assert (found.cases, found.slices) == (3, {"first": 1, "none": 0})
    first, second = found.lines
    assert (first.method, first.seeds, first.seconds, second.seeds) == ("steady", 1, 2.0, 2)
    assert first.figures.recall == pytest.approx({5: 1 / 3, 10: 2 / 3, 20: 2 / 3})
    assert second.figures.recall == pytest.approx({5: 0.5, 10: 0.5, 20: 0.5})
    assert second.figures.deviation["recall@5"] == pytest.approx((1 / 18) ** 0.5)
    assert second.slices["first"].recall == {5: 1.0, 10: 1.0, 20: 1.0}
    assert set(second.slices) == {"first"}
    assert first.figures.recall_interval[10].low <= 2 / 3 <= first.figures.recall_interval[10].high
    # u has a gas and a tent: of its list (9, 10) one is a tent; w has a tent, and its list two of them
    assert first.leak == pytest.approx((1 / 2 + 2 / 2) / 2)
    assert first.diversity == pytest.approx((1 + 1) / 2)
    assert first.served == pytest.approx(2 / 3)
    assert {each.against for each in found.comparisons} == {"steady"}
    gap = next(each for each in found.comparisons if each.metric == "recall@10")
    assert gap.difference == pytest.approx(0.5 - 2 / 3)
    assert gap.difference_interval.low <= gap.difference <= gap.difference_interval.high
    assert gap.ratio is None  # some resampling holds only what the other missed
    assert gap.ratio_interval is None


def test_a_ratio(toy: Task) -> None:
    double, single = outcome("double", [[0, 0, 1]], [[0]] * 3), outcome("single", [[9, 9, 9]], [[0]] * 3)
    found = table(toy, [double, single], compare=[("double", "single")])
    ratios = {each.metric: each.ratio for each in found.comparisons}
    assert ratios["recall@10"] == 1.0
    assert ratios["recall@5"] is None
    assert found.lines[0].leak is None


def test_nobody_is_listed_anything(toy: Task) -> None:
    nothing = Listed("nothing", "1", lambda contexts, k, seed: chain(repeat([], 3)))
    answers = nothing.answer(toy, 0)
    line = table(toy, [Outcome(nothing, (0,), (Result(answers, 0.0),))]).lines[0]
    assert (line.served, line.figures.recall[20], line.leak) == (0.0, 0.0, None)
