from types import MappingProxyType

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse

from graph.records import Entity
from services.pairs.candidates import TEXT_WEIGHT, Candidate, Evidence, Selection, Why, candidates
from services.pairs.exclusion import Exclusions
from services.pairs.segments import Segment, segment_pair, segments
from services.pairs.similarity import Band

N = 40


class Table:
    """Similarities read from a given matrix."""

    def __init__(self, matrix: NDArray[np.float64]) -> None:
        self.matrix = matrix

    def rows(self, indices: NDArray[np.int64]) -> NDArray[np.float64]:
        return self.matrix[indices]


def world(order: NDArray[np.int64], seed: int = 3) -> tuple[list[Entity], Evidence]:
    """The same random 40 entities, listed in `order`."""
    rng = np.random.default_rng(seed)
    ppmi = np.where(rng.random((N, N)) < 0.3, rng.random((N, N)) * 3, 0.0)
    similarity = np.round(rng.random((N, N)), 2)
    popularity = rng.random(N)
    entities = [Entity(f"e{code:02}", f"name {code}") for code in range(N)]
    listed = [entities[code] for code in order]
    ids = [entity.id for entity in listed]
    area = [frozenset({f"d{code % 3}"}) for code in order]
    matrices = sparse.csr_array(ppmi[np.ix_(order, order)]), Table(similarity[np.ix_(order, order)])
    return listed, Evidence(ids, segments(ids, popularity[order]), area, *matrices)


def small(**changes: object) -> Selection:
    top = MappingProxyType({Segment.HEAD: 6, Segment.MIDDLE: 4, Segment.TAIL: 2})
    return Selection(**{"top": top, "band": Band(0.2, 0.7), "seed": 5, **changes})  # type: ignore[arg-type]


def slow_top(evidence: Evidence, exclusions: Exclusions, selection: Selection, head: int) -> list[str]:
    """The kept tails of one head, by the words of the specification."""
    scored = []
    for tail in range(len(evidence.ids)):
        pair = segment_pair(evidence.segments[head], evidence.segments[tail])
        ppmi, text = evidence.ppmi[head, tail], evidence.similarity.rows(np.array([head]))[0, tail]
        shared = bool(evidence.domains[head] & evidence.domains[tail])
        combined = pair in ("HH", "HM", "HL") or (pair == "MM" and shared)
        middling = 0.2 <= text <= 0.7
        if combined and exclusions.allows(head, tail) and text <= 0.7 and (middling or ppmi > 0):
            score = ppmi + TEXT_WEIGHT * (text if middling else 0.0)
            scored.append((-round(score, 9), evidence.ids[tail]))
    return [tail for _, tail in sorted(scored)[: selection.top[evidence.segments[head]]]]


def test_per_head_the_best_of_the_kept_combinations() -> None:
    entities, evidence = world(np.arange(N))
    exclusions = Exclusions(entities, judged={("e01", "e02")})
    found = candidates(evidence, exclusions, small())
    for head, name in enumerate(evidence.ids):
        ranked = [pair for pair in found if pair.head == name and pair.why is not Why.EXPLORATION]
        assert [pair.tail for pair in ranked] == slow_top(evidence, exclusions, small(), head)


def test_whatever_the_order_of_the_input() -> None:
    results = []
    for order in (np.arange(N), np.random.default_rng(0).permutation(N)):
        entities, evidence = world(order)
        results.append(candidates(evidence, Exclusions(entities), small()))
    assert results[0] == results[1]


def test_exploration_is_a_twentieth_and_only_of_unpopular_pairs() -> None:
    entities, evidence = world(np.arange(N))
    found = candidates(evidence, Exclusions(entities), small())
    explored = [pair for pair in found if pair.why is Why.EXPLORATION]
    assert len(explored) == round(len(found) * 0.05)
    assert {pair.segment_pair for pair in explored} <= {"ML", "LL"}
    assert {pair.segment_pair for pair in found if pair.why is not Why.EXPLORATION} == {"HH", "HM", "HL", "MM"}
    assert len({(pair.head, pair.tail) for pair in found}) == len(found)


def test_the_seed_moves_only_the_exploration() -> None:
    entities, evidence = world(np.arange(N))
    exclusions = Exclusions(entities)
    first, second = (candidates(evidence, exclusions, small(seed=seed)) for seed in (1, 2))
    assert first != second
    assert [p for p in first if p.why is not Why.EXPLORATION] == [p for p in second if p.why is not Why.EXPLORATION]


@pytest.mark.parametrize("limit", [0, 1, 20, 60])
def test_a_limit_keeps_the_best_and_the_share_of_exploration(limit: int) -> None:
    entities, evidence = world(np.arange(N))
    everything = candidates(evidence, Exclusions(entities), small())
    found = candidates(evidence, Exclusions(entities), small(limit=limit))
    ranked = [pair for pair in found if pair.why is not Why.EXPLORATION]
    assert len(found) == limit
    assert len(found) - len(ranked) == round(limit * 0.05)
    assert ranked == [pair for pair in everything if pair.why is not Why.EXPLORATION][: len(ranked)]


def test_an_early_end_has_met_its_share_of_exploration() -> None:
    entities, evidence = world(np.arange(N))
    found = candidates(evidence, Exclusions(entities), small())
    half = found[: len(found) // 2]
    assert sum(pair.why is Why.EXPLORATION for pair in half) == pytest.approx(len(half) * 0.05, abs=1)


def test_judged_pairs_do_not_come_back() -> None:
    entities, evidence = world(np.arange(N))
    first = candidates(evidence, Exclusions(entities), small())
    judged = {(pair.head, pair.tail) for pair in first}
    second = candidates(evidence, Exclusions(entities, judged), small())
    assert not judged & {(pair.head, pair.tail) for pair in second}


def test_reasons_and_scores_name_their_evidence() -> None:
    ids = ["a", "b", "c", "d"]
    ppmi = sparse.csr_array(np.array([[0, 1.5, 0, 1.0], [0] * 4, [0] * 4, [0] * 4]))
    text = Table(np.array([[1, 0.01, 0.3, 0.9], [0] * 4, [0] * 4, [0] * 4]))
    evidence = Evidence(ids, [Segment.HEAD, *[Segment.TAIL] * 3], [frozenset()] * 4, ppmi, text)
    entities = [Entity(name, name) for name in ids]
    found = candidates(evidence, Exclusions(entities), Selection(exploration=0.0))
    assert found == (
        Candidate("a", "c", "HL", Why.TEXT, pytest.approx(0.3 * TEXT_WEIGHT)),
        Candidate("a", "b", "HL", Why.BOUGHT, 1.5),
    )


def test_no_entities_no_candidates() -> None:
    evidence = Evidence([], [], [], sparse.csr_array((0, 0)), Table(np.empty((0, 0))))
    assert candidates(evidence, Exclusions([])) == ()
