"""Commands on a good shop that name what is not there."""

from __future__ import annotations

from pathlib import Path

from services.measure.bad_input.bench import Bench
from services.measure.bad_input.case import Case, Seen
from services.measure.bad_input.changes import Change, both, data, folder_at, settings, text
from services.measure.bad_input.plays import KEPT, command, line_faults, loss, shown, told
from services.measure.bad_input.shop import TOML
from services.measure.bad_input.sockets import closed_port

GROUP = "Commands on a good shop"
_LINK = ("link", "--in", "titles.csv", "--out", "links.csv")
_USERS = ("recommend", "--users", "users.csv", "--out", "lists.csv")
_JUDGE = ("judge", "--pairs", "pairs.csv", "--judge", "claude", "--out", "judged.csv")
_TITLES = text("titles.csv", "id,title\na,Green tent\n")
_PAIRS = text("pairs.csv", "head,tail\ntent,gas\n")
_CLAUDE = settings('name = "recorded"\npath', 'name = "claude"\nbudget = 1.0\npath')
_KEY = {"ANTHROPIC_API_KEY": "sk-nothing"}


def _claude(more: str) -> Change:
    return both(_PAIRS, settings('name = "recorded"\npath', f'name = "claude"\n{more}\npath'))


def _import_of_another(bench: Bench) -> Seen:
    """What one shop exported is not restored into another's graph."""
    folder = bench.copy()
    exported = bench.run(folder, "graph", "export", "--all", "--out", "backup")
    settings('id = "tiny"', 'id = "other"')(folder)
    said = bench.run(folder, "graph", "import", "backup")
    faults = [*line_faults(said, 1, "is an export of the shop 'tiny'"), *loss(bench, folder)]
    return Seen(f"exit {said.code}", told(bench, said), KEPT, tuple(faults) if not exported.code else ("no export",))


def _import_onto_something(bench: Bench) -> Seen:
    folder = bench.copy()
    exported = bench.run(folder, "graph", "export", "--all", "--out", "backup")
    said = bench.run(folder, "graph", "import", "backup")
    faults = [*line_faults(said, 1, "is not empty"), *loss(bench, folder)]
    return Seen(f"exit {said.code}", told(bench, said), KEPT, tuple(faults) if not exported.code else ("no export",))


def _output_stays(bench: Bench) -> Seen:
    """A file that was written before stays whole when its replacement fails."""
    folder = bench.copy()
    (folder / "lists.csv").write_text("kept\n")
    (folder / "users.csv").write_bytes(b"user_id\n\xff\xfe\n")
    said = bench.run(folder, *_USERS)
    faults = [*line_faults(said, 1, "UTF-8"), *loss(bench, folder)]
    if (folder / "lists.csv").read_text() != "kept\n":
        faults.append("the earlier output is gone")
    return Seen(f"exit {said.code}", told(bench, said), f"{KEPT}; the earlier output too", tuple(faults))


def _no_file(folder: Path) -> None:
    (folder / "shop-of-mine").write_text("a file\n")


CASES = [
    *(
        make(GROUP)
        for make in (
            command("unknown item to complement", "complements", "i99", says="no item 'i99'"),
            command("unknown item to replace", "substitutes", "i99", says="no item 'i99'"),
            command("unknown item to explain", "explain", "i1", "i99", says="no item 'i99'"),
            command("unknown entity to explain", "explain", "entity:tnt", "i1", says="no entity 'tnt'"),
            command("unknown user", "recommend", "u99", code=0, says="unknown: the most popular items"),
            command("titles: no such file", *_LINK, says="titles.csv does not exist"),
            command(
                "titles: no title", *_LINK, change=text("titles.csv", "id,name\na,Tent\n"), says="has no column 'title'"
            ),
            command("titles: binary", *_LINK, change=data("titles.csv", bytes(range(256))), says="titles.csv"),
            command("titles: empty", *_LINK, change=text("titles.csv", ""), says="titles.csv"),
            command("titles: a folder", *_LINK, change=folder_at("titles.csv"), says="titles.csv"),
            command("titles: unknown format", *(*_LINK[:2], "titles.xls", *_LINK[3:]), says="no known format"),
            command("titles: a broken row", *_LINK, change=text("titles.csv", "id,title\na,b,c\n"), says="line 2"),
            command("links: no such folder", *(*_LINK[:4], "out/links.csv"), change=_TITLES, says="does not exist"),
            command(
                "links: a folder",
                *_LINK,
                change=both(_TITLES, folder_at("links.csv")),
                says="links.csv cannot be written",
            ),
            command(
                "titles, but no dictionary",
                *_LINK,
                change=both(_TITLES, text("kerec.toml", TOML.partition("[dictionary]")[0])),
                says="needs [dictionary]",
            ),
            command("users: no such file", *_USERS, says="No such file"),
            command("users: a folder", *_USERS, change=folder_at("users.csv"), says="directory"),
            command("users: nobody in it", *_USERS, change=text("users.csv", "user_id\n"), says="names no users"),
            command("pairs: no such file", *_JUDGE, says="pairs.csv does not exist"),
            command(
                "pairs: missing column", *_JUDGE, change=text("pairs.csv", "head,tale\ntent,gas\n"), says="'tale'?"
            ),
            command(
                "pairs: unknown entity",
                *("judge", "--pairs", "pairs.csv", "--judge", "recorded", "--out", "judged.csv"),
                change=text("pairs.csv", "head,tail\ntent,gass\n"),
                says="no entity 'gass'",
            ),
            command("Claude without a key", *_JUDGE, change=both(_PAIRS, _CLAUDE), says="ANTHROPIC_API_KEY is not set"),
            command(
                "Claude with a broken key",
                *_JUDGE,
                change=both(_PAIRS, _CLAUDE),
                environ={"ANTHROPIC_API_KEY": "sk-ключ"},
                says="ANTHROPIC_API_KEY",
            ),
            command("Claude without a budget", *_JUDGE, change=_claude(""), environ=_KEY, says="raise the budget"),
            command(
                "Claude with an unknown model",
                *_JUDGE,
                change=_claude('model = "claude-0"'),
                environ=_KEY,
                says="no price is known",
            ),
            command(
                "Claude where nobody answers",
                *_JUDGE,
                change=_claude(f'budget = 1.0\nbase_url = "http://127.0.0.1:{closed_port()}"'),
                environ=_KEY,
                says="cannot be reached",
            ),
            command("backup: no such folder", "graph", "import", "backup", says="no whole export"),
            command(
                "backup: files that are no Parquet",
                *("graph", "import", "backup"),
                change=data("backup/Shop.parquet", b"not parquet"),
                says="Shop.parquet cannot be read",
            ),
            command("export onto a file", "graph", "export", "--out", "items.csv", says="items.csv"),
            command(
                "demo onto a file", "demo", "--exit", "--folder", "shop-of-mine", change=_no_file, says="shop-of-mine"
            ),
        )
    ),
    Case(GROUP, "backup: another shop's", shown(("graph", "import", "backup")), _import_of_another),
    Case(
        GROUP, "backup: onto a graph that holds something", shown(("graph", "import", "backup")), _import_onto_something
    ),
    Case(GROUP, "users: not UTF-8", shown(_USERS), _output_stays),
]
