"""`kerec score-pairs`, and what it is worth: `kerec evaluate complement-pairs` and `knowledge-worth`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from services.cli.output import print_facts, print_json, print_line, print_table, progress
from services.shop import Shop

if TYPE_CHECKING:
    from training.evaluation.bootstrap import Interval

_FIGURES = ("random", "popular", "substitutes", "mrr", "hits")


def register(app: typer.Typer) -> None:
    """Adds the command to the app."""
    app.command("score-pairs")(score_pairs)


def register_evaluations(app: typer.Typer) -> None:
    """Adds the evaluations of pairs to `kerec evaluate`."""
    app.command("complement-pairs")(complement_pairs)
    app.command("knowledge-worth")(knowledge_worth)


def score_pairs(
    source: Annotated[Path, typer.Option("--in", help="A file of item pairs: src, dst.")],
    out: Annotated[Path, typer.Option("--out", help="Where the same rows with complement and substitute go.")],
    without_relations: Annotated[
        bool, typer.Option("--without-relations", help="As in a shop that has no relations.")
    ] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Score pairs of items: how likely the second complements the first, and how likely it replaces it."""
    # Imported here: lightgbm and scipy take longer to load than most commands take.
    from services.item_pairs.scoring import score_file

    with progress() as report:
        rows, unknown = score_file(
            Shop.open(config), source, out, with_relations=not without_relations, progress=report
        )
    print_line(f"{rows} rows in {out}" + (f", {unknown} of them with an unknown item" if unknown else ""))


def complement_pairs(
    cases: Annotated[int, typer.Option(min=10, help="Held-out pairs of either kind, at most.")] = 10_000,
    ranked: Annotated[int, typer.Option(min=1, help="How many of them are ranked among 1,000 random items.")] = 500,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """A fifth of the related pairs held out: are complements told from random, popular and substitute items?"""
    from services.evaluating.complement_pairs import evaluate_complement_pairs

    with progress() as report:
        board = evaluate_complement_pairs(Shop.open(config), cases=cases, ranked=ranked, seed=seed, progress=report)
    if json:
        print_json(asdict(board))
        return
    columns = ("scorer", "AUC, random", "AUC, popular", "AUC, substitutes", "MRR", "HR@10")
    rows = [(each.scorer, *(getattr(each, name) for name in _FIGURES)) for each in board.lines]
    print_table(f"{board.complements:,} complements and {board.substitutes:,} substitutes held out", columns, rows)
    spans = [(each.scorer, *(_span(each.intervals[name]) for name in _FIGURES)) for each in board.lines]
    print_table("95 % intervals, source items drawn again", columns, spans)
    print_facts(
        {
            "ranked among 1,000 random items": board.ranked,
            "pairs of the whole sources": board.sources,
            "calibration error (with relations)": board.calibration,
        }
    )


def _span(interval: Interval) -> str:
    return f"{interval.low:.4f} to {interval.high:.4f}"


def knowledge_worth(
    seeds: Annotated[int, typer.Option(min=1, max=20)] = 3,
    cases: Annotated[int, typer.Option(min=10, help="Held-out pairs or baskets, at most.")] = 4000,
    plot: Annotated[Path | None, typer.Option(help="Where the plot goes.", show_default=".kerec/evaluations")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """What verdicts are worth beside the purchases of 0 to 100 % of the users (of the baskets, without relations)."""
    from services.evaluating.knowledge_worth import evaluate_knowledge_worth
    from services.evaluating.next_concept import evaluate_next_concept
    from services.evaluating.worth_plot import plot_worth

    shop = Shop.open(config)
    measured = evaluate_knowledge_worth if shop.settings.relations else evaluate_next_concept
    with progress() as report:
        board = measured(shop, seeds=seeds, cases=cases, progress=report)
    where = plot or shop.state_dir / "evaluations" / "knowledge-worth.png"
    plot_worth(board, where)
    if json:
        print_json(asdict(board))
        return
    sizes = [f"{100 * share:g} %" for share in board.shares]
    rows = [(curve.level, curve.method, *curve.values) for curve in board.curves]
    print_table(f"{board.measure}, by share of {board.users:,} {board.unit}", ("level", "method", *sizes), rows)
    saved = [
        (level, *("more than there are" if n is None else round(n) for n in row)) for level, row in board.saved.items()
    ]
    print_table(f"{board.unit} whose purchases the verdicts save", ("level", *sizes), saved)
    print_line(f"plot: {where}")
