"""Tables for people, whatever the width of their terminal; JSON and errors for programs."""

from __future__ import annotations

import json

import pytest
from rich.console import Console

from services.cli import output
from services.cli.ask import print_list
from services.cli.output import print_error, print_facts, print_json, print_table, progress
from services.recall.port import Because, Concept, Recommendation, Recommendations

LONG = "Whoever sleeps in a tent needs something soft to lie on, [whatever] the weather."
GIVEN = Recommendations(
    (
        Recommendation(
            1,
            "B000-a-long-id/17",
            "Sleeping mat, 5 cm, grey",
            0.123456,
            "complementary",
            Because("i1", Concept("tent", "Tent"), Concept("mat", "Sleeping mat"), 0.9, LONG),
        ),
        Recommendation(2, "i2", "[bold]Mug", 0.1, "popularity", Because()),
    ),
    True,
    "0123",
)


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_list_fits_the_terminal_and_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr(output, "out", Console(force_terminal=True, color_system=None, soft_wrap=True))

    print_list("Recommended to u1", GIVEN)

    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= width
    letters = "".join(character for line in lines for character in line if character.isalnum() or character in "[]/-")
    for whole in ("1235", "[bold]"):
        assert whole in letters
    if width == 200:
        assert any(LONG in line for line in lines)


def test_a_table_in_a_file_is_wide(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")

    print_table("", ("what", "how many"), [("x" * 100, 1234567)])

    assert any("x" * 100 in line and "1,234,567" in line for line in capsys.readouterr().out.splitlines())


def test_json_is_one_line_that_parses(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    value = {"reason": LONG * 10, "id": "[red]Zélt ⛺", "none": None}

    print_json(value)

    out = capsys.readouterr().out
    assert len(out.splitlines()) == 1
    assert json.loads(out) == value


def test_an_error_is_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")

    print_error("the file\n  [bold]x[/bold] is\tbad " + "y" * 100)

    assert capsys.readouterr().err == f"Error: the file [bold]x[/bold] is bad {'y' * 100}\n"


def test_facts_are_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    print_facts({"items": 12345, "share": 0.123456, "running": True, "uri": None})

    assert capsys.readouterr().out.splitlines() == ["items    12,345", "share    0.1235", "running  True", "uri      "]


def test_in_a_log_progress_is_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(output.time, "monotonic", lambda: now[0])
    with progress() as report:
        for step in range(100):
            now[0] += 1.0
            report("train [1]", step + 1, 1000)
    assert capsys.readouterr().err.splitlines() == [f"train [1]: {n} of 1,000" for n in (30, 60, 90)]
