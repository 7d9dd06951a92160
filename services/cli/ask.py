"""`kerec recommend`, `complements`, `substitutes` and `explain`: the API's answers on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from graph.errors import UsageError
from services.catalog.tabular import check_writable
from services.cli import files
from services.cli.options import DEFAULT_CONFIG, ConfigOption, CountOption, JsonOption
from services.cli.output import print_json, print_line, print_table, progress
from services.ranking.batch import recommend_all
from services.ranking.building import build_recommender
from services.recall.channels import CONTENT
from services.recall.port import Recommendation, Recommendations, Recommender
from services.shop import Shop
from services.workspace import open_workspace


def register(app: typer.Typer) -> None:
    """Adds the commands to the app."""
    app.command()(recommend)
    app.command()(complements)
    app.command()(substitutes)
    app.command()(explain)


def recommend(
    users: Annotated[list[str] | None, typer.Argument(metavar="USER…", help="User ids.")] = None,
    users_file: Annotated[Path | None, typer.Option("--users", help="Column user_id, or one id a line.")] = None,
    k: CountOption = 20,
    out: Annotated[Path | None, typer.Option(help="A csv, tsv, jsonl or parquet file for the lists.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Recommend items to users, each with its reason."""
    if bool(users) == (users_file is not None):
        raise UsageError("name the users, or give --users FILE")
    if out is not None:
        check_writable(out)
    wanted = files.read_users(users_file) if users_file else list(users or ())
    with _recommender(config) as recommender, progress() as report:
        lists = recommend_all(recommender, wanted, k, report)
        if out is not None:
            print_line(f"{files.write_recommendations(out, lists)} rows in {out}")
            return
        given = list(lists)
    if json:
        print_json([asdict(each) for each in given])
    else:
        for each in given:
            print_list(f"{each.user_id}" + ("" if each.known else " (unknown: the most popular items)"), each)


def complements(
    item: str, k: CountOption = 20, config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False
) -> None:
    """What goes with an item."""
    with _recommender(config) as recommender:
        given = recommender.complements(item, k)
    print_json(asdict(given)) if json else print_list(f"goes with {item}", given)


def substitutes(
    item: str, k: CountOption = 20, config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False
) -> None:
    """What replaces an item."""
    with _recommender(config) as recommender:
        given = recommender.substitutes(item, k)
    print_json(asdict(given)) if json else print_list(f"replaces {item}", given)


def explain(source: str, target: str, config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """The edges between two items, or entities written entity:ID."""
    with _recommender(config) as recommender:
        edges = recommender.explain(source, target)
    if json:
        print_json([asdict(edge) for edge in edges])
        return
    rows = [(e.source.name, e.relation, e.target.name, e.weight, e.probability, e.reason, e.judge) for e in edges]
    if rows:
        print_table("", ("source", "relation", "target", "weight", "probability", "reason", "judge"), rows)
    else:
        print_line("no edge between them")


def print_list(title: str, given: Recommendations) -> None:
    """A list with its reasons."""
    rows = [(item.rank, item.item_id, item.title, item.score, item.channel, *_why(item)) for item in given.items]
    print_table(title, ("", "item", "title", "score", "channel", "because", "reason"), rows)


def _why(item: Recommendation) -> tuple[str, str]:
    """What supports an item, and why that does, in words."""
    because = item.because
    if because.source and because.target:
        return f"{because.source.name} → {because.target.name}", because.reason or ""
    if because.bought:
        return because.bought, "its title is alike" if item.channel == CONTENT else "others bought it soon after"
    return "", "many bought it"


@contextmanager
def _recommender(config: Path) -> Iterator[Recommender]:
    with open_workspace(Shop.open(config)) as workspace:
        yield build_recommender(workspace)
