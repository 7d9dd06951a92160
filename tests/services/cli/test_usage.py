"""What the command says before it works on anything: help, wrong usage, missing files; never a traceback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.text import Text

from services.cli.main import app, main
from services.evaluating.next_purchase import METHODS
from services.evaluating.variants import VARIANTS

STEPS = ["load", "embed", "pair", "judge", "weigh", "run"]
ANSWERS = ["recommend", "complements", "substitutes", "explain"]
BOARDS = ["next-purchase", "ablations", "cold-items", "complement-pairs", "basket-completion"]
SEEDED = [["train"], ["simulate"], *(["evaluate", board] for board in BOARDS)]
OTHERS = ["releases", "rollback", "demo", "link", "serve", "simulate", "status", "evaluate", "forget", "graph"]
LEARNING = ["train", "score-pairs"]
COMMANDS = [*STEPS, *ANSWERS, *OTHERS, *LEARNING]
Told = tuple[object, str, str]
Kerec = Callable[..., Told]


@pytest.fixture
def kerec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kerec:
    """Runs a command in an empty folder: its exit code, output and error."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("KEREC_")]:
        monkeypatch.delenv(name)

    def command(*arguments: str) -> Told:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        told = capsys.readouterr()
        return ended.value.code, told.out, told.err

    return command


@pytest.mark.parametrize("width", [60, 120])
def test_help_names_every_command(kerec: Kerec, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    code, out, err = kerec("--help")

    assert (code, err) == (0, "")
    assert set(COMMANDS) <= set(re.findall(r"^│ ([\w-]+) ", out, re.MULTILINE))
    assert max(map(len, out.splitlines())) <= width
    for command in COMMANDS:
        code, out, err = kerec(command, "--help")
        assert (code, err) == (0, ""), command
        assert f"kerec {command}" in out


@pytest.mark.parametrize("group", [(), ("graph",), ("evaluate",)])
def test_a_group_called_bare_shows_its_help(kerec: Kerec, group: tuple[str, ...]) -> None:
    code, out, err = kerec(*group)

    assert code == 2
    assert "Commands" in out
    assert err == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["frob"], "No such command 'frob' (see 'kerec --help')"),
        (["lod"], "Did you mean 'load'?"),
        (["run", "--frob"], "No such option: --frob (see 'kerec run --help')"),
        (["recommend", "u", "--k", "0"], "greater than or equal to 1"),
        (["recommend", "u", "--k", "101"], "less than or equal to 100"),
        (["serve", "--port", "x"], "valid integer"),
        (["explain", "i1"], "Missing argument"),
        *(([*words, "--seed", "-1"], "'--seed': Input should be greater than or equal to 0") for words in SEEDED),
        (["train", "--only", "ranker", "--resume"], "--resume, --epochs and --neighbours are for edge weights"),
        (["train", "--only", "ranker", "--epochs", "3"], "--resume, --epochs and --neighbours are for edge weights"),
        (["train", "--only", "ranker", "--neighbours", "database"], "--neighbours are for edge weights"),
        (["train", "--neighbours", "disk"], "'disk' is not one of 'memory', 'database'"),
        (["train", "--only", "foo"], "Invalid value for '--only': 'foo' is not one of 'edges', 'ranker'"),
        (["link", "--in", "f.csv"], "Missing option '--out'"),
        (["recommend"], "name the users, or give --users FILE"),
        (["recommend", "u", "--users", "f"], "name the users, or give --users FILE"),
        (["recommend", "u", "--out", "lists.xls"], "lists.xls is of no known format"),
        (["judge", "--pairs", "f.csv"], "--pairs and --out go together"),
        (["link", "--in", "a.csv", "--out", "b.csv", "--columns", "titel=t"], "unknown field 'titel'"),
        (["link", "--in", "a.csv", "--out", "b.csv", "--columns", "title"], "should read field=column"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(kerec: Kerec, arguments: list[str], said: str) -> None:
    if arguments[0] == "link" and "--columns" in arguments:
        write_shop(Path())
    code, out, err = kerec(*arguments)

    assert (code, out) == (2, "")
    assert err.startswith("Error: ")
    assert said in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    "command",
    [
        ["run"],
        ["load"],
        ["embed"],
        ["pair"],
        ["judge"],
        ["weigh"],
        ["train"],
        ["releases"],
        ["rollback"],
        ["status"],
        ["serve"],
        ["forget", "u"],
        ["recommend", "u"],
        ["complements", "i"],
        ["substitutes", "i"],
        ["explain", "i", "j"],
        ["evaluate", "next-purchase"],
        ["score-pairs", "--in", "a.csv", "--out", "b.csv"],
        ["evaluate", "knowledge-worth"],
        ["evaluate", "complement-pairs"],
        ["graph", "up"],
        ["graph", "down"],
        ["graph", "status"],
        ["graph", "migrate"],
        ["graph", "export", "--out", "x"],
        ["graph", "import", "x"],
        ["link", "--in", "a.csv", "--out", "b.csv"],
        ["judge", "--pairs", "a.csv", "--judge", "recorded", "--out", "b.csv"],
    ],
    ids=" ".join,
)
def test_an_empty_folder_is_no_shop(kerec: Kerec, command: list[str]) -> None:
    code, out, err = kerec(*command)

    assert (code, out) == (1, "")
    assert err == "Error: kerec.toml does not exist: run the command in the shop's folder, or give --config PATH\n"
    assert list(Path().iterdir()) == []


def test_a_graph_server_that_is_away(kerec: Kerec, monkeypatch: pytest.MonkeyPatch) -> None:
    write_shop(Path())
    monkeypatch.setenv("KEREC_GRAPH_URI", "bolt://127.0.0.1:1")

    code, out, err = kerec("graph", "status")

    assert (code, out) == (1, "")
    assert "bolt://127.0.0.1:1 does not answer" in err
    assert len(err.splitlines()) == 1


def test_every_command_is_tested_for_help() -> None:
    registered = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    groups = [group.name for group in app.registered_groups]

    assert sorted(COMMANDS) == sorted([*registered, *filter(None, map(str, groups))])


def test_the_installed_command_ends_with_the_same_codes(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "services.cli", "frob"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def write_shop(folder: Path) -> None:
    (folder / "items.csv").write_text("id,title\ni1,A tent\n")
    (folder / "kerec.toml").write_text(
        '[shop]\nid = "test"\n[items]\npath = "items.csv"\ncolumns = { id = "id", title = "title" }\n'
    )


def test_no_help_holds_what_rich_would_take_for_markup() -> None:
    def helps(command: Any) -> Iterator[str]:
        yield command.help or ""
        yield from (getattr(parameter, "help", None) or "" for parameter in command.params)
        for each in getattr(command, "commands", {}).values():
            yield from helps(each)

    texts = list(helps(typer.main.get_command(app)))
    assert len(texts) > len(COMMANDS)
    assert [text for text in texts if Text.from_markup(text).plain != text] == []


@pytest.mark.parametrize(("board", "names"), [("next-purchase", METHODS), ("ablations", tuple(VARIANTS))])
def test_what_can_be_chosen_stands_in_the_help(kerec: Kerec, board: str, names: tuple[str, ...]) -> None:
    _, out, _ = kerec("evaluate", board, "--help")
    words = set(re.findall(r"[a-z0-9-]+", out))
    assert set(names) <= words
