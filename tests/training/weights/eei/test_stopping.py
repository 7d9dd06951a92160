"""Early stopping."""

from __future__ import annotations

from training.weights.eei.stopping import EarlyStopping


def test_it_stops_after_so_many_evaluations_without_a_better() -> None:
    state = EarlyStopping(patience=2)
    assert not state.stop
    for loss, improved, stop in ((0.5, True, False), (0.6, False, False), (0.4, True, False), (0.4, False, False)):
        state = state.after(loss)
        assert (state.improved, state.stop) == (improved, stop)
    assert state.after(0.41).stop
    assert state.best == 0.4
