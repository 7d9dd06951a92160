"""Commands are measured with the data that they need, and what they print is the section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from services.measure import boards
from services.measure.commands import Run


def test_the_simulation_has_the_data_and_shows_all_that_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Sequence[str], Mapping[str, str]]] = []

    def kerec(arguments: Sequence[str], env: Mapping[str, str]) -> Run:
        asked.append((arguments, env))
        return Run(1.0, 1.0, f"the same on the Open Bandit data\nThe report is {arguments[-1]}/report.md\n")

    monkeypatch.setattr(boards, "kerec", kerec)
    [section] = boards.simulation(tmp_path)
    [(arguments, env)] = asked
    assert env["KEREC_DATA"] == str(tmp_path)
    text = section.markdown()
    assert "the same on the Open Bandit data\nThe report is simulation/report.md" in text
    assert f"    kerec {' '.join(arguments[:-2])}\n" in text
