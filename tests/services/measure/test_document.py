"""What people write under a measurement outlives the next measuring."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.measure import __main__ as command
from services.measure.boards import Printed
from services.measure.document import Part, document, parts

NAMES = ("kills", "cold-items")
TEXT = st.text(st.sampled_from("ab#|`\n <!->"), max_size=40).map(str.strip)


@given(st.dictionaries(st.sampled_from(NAMES), st.builds(Part, TEXT, TEXT)))
def test_what_is_written_is_read(found: dict[str, Part]) -> None:
    text = document("# Head", found, NAMES)
    assert parts(text) == found
    assert document("# Head", parts(text), NAMES) == text


def test_a_part_whose_notes_cannot_be_told_is_refused() -> None:
    with pytest.raises(ValueError, match="the part 'kills' has no line '<!-- notes on kills: "):
        parts("# Head\n\n<!-- kills -->\n## Killed\n\nprose\n")


def test_the_documents_own_notes_are_read() -> None:
    text = Path("docs/measurements.md").read_text()
    found = parts(text)
    assert text.endswith(document("", found, command._MEASUREMENTS).lstrip())
    assert set(found) <= set(command._MEASUREMENTS)


def test_notes_stay_when_their_part_is_measured_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "measurements.md"
    old = {name: Part(f"## {name}\n\n```\nold\n```", f"What {name} means.\n\nIn two paragraphs.") for name in NAMES}
    out.write_text(document("# Head", old, NAMES))
    measured = {
        name: lambda _data, _shops: [Printed("Again", "much", "kerec", [("beauty", "new\n")])]
        for name in (*NAMES, "simulation")
    }
    monkeypatch.setattr(command, "OUT", out)
    monkeypatch.setattr(command, "_MEASUREMENTS", measured)
    only = ["--only", "cold-items", "--only", "simulation"]
    monkeypatch.setattr(sys, "argv", ["measure", "--data", str(tmp_path), *only])
    for _ in range(2):
        command.main()
        found = parts(out.read_text())
        assert list(found) == [*NAMES, "simulation"]
        assert found["kills"] == old["kills"]
        assert found["cold-items"].notes == old["cold-items"].notes
        assert "new" in found["cold-items"].made
        assert "old" not in found["cold-items"].made
        assert found["simulation"].notes == ""
