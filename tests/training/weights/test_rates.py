import numpy as np
import pytest

from training.weights.counters import EdgeCounters
from training.weights.port import EdgeWeigher
from training.weights.rates import HIGHEST, LOWEST, PriorOnly, PriorRates, SmoothedRates, calibrated

COUNTERS = EdgeCounters(
    prior=np.array([0.75, 0.75, 0.95, 0.95, 0.85]),
    buyers=np.array([100.0, 50.0, 80.0, 0.0, 0.0]),
    followed=np.array([2.0, 3.0, 20.0, 0.0, 0.0]),
    expected=np.array([10.0, 5.0, 8.0, 0.0, 0.0]),
)
NOTHING = EdgeCounters(np.array([0.7]), np.zeros(1), np.zeros(1), np.zeros(1))


def test_counters_alone_know_no_prior() -> None:
    rate = 25 / 230
    expected = [(f + 10 * rate) / (b + 10) for f, b in zip(COUNTERS.followed, COUNTERS.buyers, strict=True)]
    assert SmoothedRates(10.0).weigh(COUNTERS) == pytest.approx(expected)


def test_an_edge_without_looks_is_worth_what_its_prior_is_worth() -> None:
    k = 10.0
    c = (25 + k * 0.85) / (150 * 0.75 + 80 * 0.95 + k * 0.85)
    rows = list(zip(COUNTERS.prior, COUNTERS.followed, COUNTERS.buyers, strict=True))
    expected = []
    for number, (p, f, b) in enumerate(rows):
        others = [row for place, row in enumerate(rows) if row[0] == p and place != number]
        rate = (sum(row[1] for row in others) + k * c * p) / (sum(row[2] for row in others) + k)
        expected.append((f + k * rate) / (b + k))
    found = PriorRates(k).weigh(COUNTERS)
    assert found == pytest.approx(expected)
    assert found[3] > found[4] > found[1]


def test_a_prior_of_few_edges_is_worth_what_the_others_let_expect() -> None:
    many = EdgeCounters(
        np.array([0.93] * 200 + [0.7]), np.full(201, 300.0), np.array([15.0] * 200 + [0.0]), np.zeros(201)
    )
    many.buyers[200] = 3
    found = PriorRates().weigh(many)
    assert found[200] < found[0] == pytest.approx(0.05, rel=0.01)


def test_without_purchases_a_weight_is_its_prior() -> None:
    nothing = EdgeCounters(COUNTERS.prior, np.zeros(5), np.zeros(5), np.zeros(5))
    assert PriorRates().weigh(nothing) == pytest.approx(COUNTERS.prior)


@pytest.mark.parametrize("factor", [1e-4, 1.0, 50.0])
def test_as_many_purchases_follow_by_calibrated_weights_as_did(factor: float) -> None:
    raw, k = np.array([0.1, 0.2, 0.4, 0.1, 0.3]), 10.0
    found = calibrated(factor * raw, COUNTERS, k)
    wanted = COUNTERS.followed.sum() + k * COUNTERS.prior.mean()
    assert (COUNTERS.buyers * found).sum() + k * found.mean() == pytest.approx(wanted)
    assert found / found[0] == pytest.approx(raw / raw[0])


def test_calibrated_weights_lie_inside_their_bounds() -> None:
    nothing = EdgeCounters(np.array([0.9, 0.9]), np.zeros(2), np.zeros(2), np.zeros(2))
    assert calibrated(np.array([1e-9, 1.0]), nothing).tolist() == [LOWEST, HIGHEST]
    assert calibrated(np.zeros(0), EdgeCounters(*[np.zeros(0)] * 4)).shape == (0,)


def test_prior_only_learns_nothing() -> None:
    assert PriorOnly().weigh(COUNTERS).tolist() == COUNTERS.prior.tolist()


@pytest.mark.parametrize("weigher", [PriorOnly(), SmoothedRates(), PriorRates()])
@pytest.mark.parametrize("counters", [COUNTERS, NOTHING])
def test_weights_lie_inside_their_bounds(weigher: EdgeWeigher, counters: EdgeCounters) -> None:
    weights = weigher.weigh(counters)
    assert weights.shape == counters.prior.shape
    assert ((weights >= LOWEST) & (weights <= HIGHEST)).all()
    assert weigher.version


def test_much_feedback_outweighs_the_prior() -> None:
    many = EdgeCounters(np.array([0.7, 0.95]), np.full(2, 1e6), np.array([2e5, 1e4]), np.full(2, 1e5))
    assert PriorRates().weigh(many) == pytest.approx([0.2, 0.01], rel=0.01)
    assert {SmoothedRates(1.0).version, SmoothedRates(2.0).version, PriorRates(1.0).version} == {
        "rates-1",
        "rates-2",
        "prior-rates-1",
    }
