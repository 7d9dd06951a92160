"""`kerec run` and its steps, `link`, `status` and `forget`: the data's way into the graph."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from graph.errors import UsageError
from services.cli import files
from services.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption, ReplaceOption
from services.cli.outcomes import print_outcomes
from services.cli.output import print_facts, print_json, print_line, progress
from services.feedback.forgetting import forget as forget_user
from services.pipeline.run import STEPS, run_steps
from services.pipeline.standing import standing
from services.shop import Shop
from services.workspace import open_workspace


def register(app: typer.Typer) -> None:
    """Adds the commands to the app."""
    app.command()(load)
    app.command()(embed)
    app.command()(pair)
    app.command()(judge)
    app.command()(weigh)
    app.command()(run)
    app.command()(link)
    app.command()(status)
    app.command()(forget)


def load(config: ConfigOption = DEFAULT_CONFIG, replace: ReplaceOption = False, json: JsonOption = False) -> None:
    """Read the catalogue, the dictionary and the events into journal and graph."""
    _run(config, ["load"], replace, json)


def embed(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Find the items whose titles read alike, by the model of the text section, if it names one."""
    _run(config, ["embed"], False, json)


def pair(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Find the pairs of entities that are worth judging."""
    _run(config, ["pair"], False, json)


def judge(
    config: ConfigOption = DEFAULT_CONFIG,
    pairs: Annotated[Path | None, typer.Option(help="A file of pairs (head, tail) to judge.")] = None,
    judge_name: Annotated[str | None, typer.Option("--judge", help="recorded or claude.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the verdicts on --pairs go.")] = None,
    json: JsonOption = False,
) -> None:
    """Have pairs judged and write the verdicts to ledger and graph; with --pairs only these, to a file."""
    if pairs is None and out is None and judge_name is None:
        _run(config, ["judge"], False, json)
        return
    if pairs is None or out is None:
        raise UsageError("--pairs and --out go together: kerec judge --pairs F --judge NAME --out F")
    print_line(f"{files.judge_file(Shop.open(config), pairs, judge_name, out)} verdicts in {out}")


def weigh(
    force: Annotated[bool, typer.Option("--force", help="Also where nothing has changed since.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Compute weights, co-purchase lists and popularity from the journal, and release them.

    Unchanged where events, verdicts and settings are as at the last time: a release that `kerec rollback` or a training
    put in place stays served until they change, or until --force.
    """
    _run(config, ["weigh"], False, json, force=force)


def run(config: ConfigOption = DEFAULT_CONFIG, replace: ReplaceOption = False, json: JsonOption = False) -> None:
    """All steps: load, embed, pair, judge, weigh. What is done already is not done again."""
    _run(config, list(STEPS), replace, json)


def link(
    source: Annotated[Path, typer.Option("--in", help="A file of titles: id, title, optional brand and category.")],
    out: Annotated[Path, typer.Option("--out", help="Where the links go.")],
    columns: Annotated[str, typer.Option(help="Other column names: id=item_id,category=category_path")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Find the entity that each title of a file names; needs the dictionary, not the graph."""
    rows = files.link_file(Shop.open(config), source, out, files.parse_columns(columns))
    print_line(f"{rows} rows in {out}")


def status(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """What the graph holds, which release is served and how far it has followed the journal."""
    with open_workspace(Shop.open(config)) as workspace:
        facts = standing(workspace)
    print_json(facts) if json else print_facts(facts)


def forget(user: str, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Remove a person from journal, graph and features."""
    with open_workspace(Shop.open(config)) as workspace:
        events = forget_user(workspace, user, int(time.time() * 1000))
    print_line(f"{events} events removed; the files they came from may still hold them, and are skipped from now on")


def _run(config: Path, names: Sequence[str], replace: bool, json: bool, *, force: bool = False) -> None:
    shop = Shop.open(config)
    with progress() as report, open_workspace(shop, replace=replace, progress=report) as workspace:
        print_outcomes(run_steps(workspace, [STEPS[name] for name in names], force=force), json)
