"""What `kerec simulate` prints of off-policy estimates, and where it finds the Open Bandit data."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.cli.simulate import print_off_policy
from services.simulating.reporting import bandit_replays
from tests.training.simulator.test_open_bandit import invented
from training.simulator.analysis import Replayed
from training.simulator.intervals import Estimate

REPLAYED = Replayed("popular", "IPS", 0.1, Estimate(0.11, 0.09, 0.13), 0.101, 0.01, 0.94)


def test_the_bandit_is_read_where_the_environment_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEREC_DATA", str(tmp_path))
    assert bandit_replays() == []
    invented(tmp_path / "open_bandit_small", 2000)
    assert [each.target for each in bandit_replays()] == ["random", "bts"]


def test_every_estimator_has_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    print_off_policy([REPLAYED], [])
    shown = capsys.readouterr().out
    assert "IPS" in shown
    assert "Open Bandit" not in shown
    invented(tmp_path / "open_bandit_small", 2000)
    monkeypatch.setenv("KEREC_DATA", str(tmp_path))
    print_off_policy([REPLAYED], bandit_replays())
    shown = capsys.readouterr().out
    assert "Open Bandit" in shown
    assert shown.count("doubly robust") == shown.count("the policy's own log") == 2
