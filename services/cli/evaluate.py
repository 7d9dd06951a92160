"""`kerec evaluate`: what the lists are worth, on purchases held out."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli import item_pairs
from services.cli.basket_completion import basket_completion
from services.cli.cold_items import cold_items
from services.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from services.cli.output import print_json, progress
from services.shop import Shop

_app = typer.Typer(no_args_is_help=True, help="What the lists are worth, on purchases held out.")

MarkdownOption = Annotated[bool, typer.Option("--markdown", help="The table as Markdown.")]

# Written down here too: what they are takes longer to import than a help page may take.
_LINES = (
    "ranked, fused, complementary (ours); popularity, item-knn, item-knn-recency, directed, directed-cosine, ease, "
    "ease-recency, als, bpr, item2vec-in-in, item2vec-in-out, lightgcn (baselines)"
)
_PARTS = (
    "learned, no-items, no-second-view, no-contrast, prior, counters, copurchase-edges, copurchase-counters, "
    "random-edges (the complementary channel); ranked, ranked-no-recall, ranked-no-weights (the served lists)"
)


def register(app: typer.Typer) -> None:
    """Adds the commands to the app."""
    _app.command()(cold_items)
    _app.command()(basket_completion)
    app.add_typer(_app, name="evaluate")
    item_pairs.register_evaluations(_app)


@_app.callback()
def evaluate() -> None:
    """Measured on a temporary embedded graph without the held-out data, never on the shop's graph."""


@_app.command("next-purchase")
def next_purchase(
    users: Annotated[int | None, typer.Option(min=1, help="Only so many users, drawn at random by --seed.")] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    back: Annotated[
        int, typer.Option(min=0, max=5, help="Hold out an earlier purchase: 1 is the validation split.")
    ] = 0,
    methods: Annotated[
        str | None, typer.Option(help=f"Only these, joined by commas: {_LINES}.", show_default="all")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, max=20, help="How many, for methods that depend on chance.")] = 5,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
    markdown: MarkdownOption = False,
) -> None:
    """Each user's last purchase held out, all items ranked, bought ones excluded.

    Results are kept in .kerec/evaluations: what was computed is not computed again, and a killed board goes on.
    """
    # Imported here: scipy takes longer to load than most commands take.
    from services.cli.board import board_json, print_board, print_markdown
    from services.evaluating.next_purchase import METHODS, Options, evaluate_next_purchase

    chosen = tuple(name.strip() for name in methods.split(",")) if methods is not None else METHODS
    with progress() as report:
        found = evaluate_next_purchase(Shop.open(config), Options(users, seed, back, chosen, seeds), report)
    if json:
        print_json({**board_json(found.table, "users"), "tuning": found.tuning})
    elif markdown:
        print_markdown(found.table)
    else:
        print_board(found.table, f"next purchase, {found.table.cases:,} users")


@_app.command("ablations")
def ablations(
    users: Annotated[
        int | None, typer.Option(min=1, help="Only so many users or baskets, drawn at random by --seed.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    back: Annotated[
        int, typer.Option(min=0, max=5, help="Hold out an earlier purchase: 1 is the validation split.")
    ] = 0,
    variants: Annotated[
        str | None, typer.Option(help=f"Only these, joined by commas: {_PARTS}.", show_default="all")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, max=20, help="How many, for variants that are trained.")] = 5,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
    markdown: MarkdownOption = False,
) -> None:
    """What each part of the method is worth to the complementary channel and the lists, also if nothing.

    Held out is the last purchase of every user, or a line of baskets in a shop without users.

    Results are kept in .kerec/evaluations: what was computed is not computed again, and a killed board goes on.
    """
    from services.cli.board import board_json, print_board, print_markdown
    from services.evaluating.ablations import evaluate_ablations
    from services.evaluating.next_purchase import Options
    from services.evaluating.variants import VARIANTS

    chosen = tuple(name.strip() for name in variants.split(",")) if variants is not None else tuple(VARIANTS)
    with progress() as report:
        found = evaluate_ablations(Shop.open(config), Options(users, seed, back, chosen, seeds), report)
    if json:
        print_json(board_json(found, "cases"))
    elif markdown:
        print_markdown(found)
    else:
        print_board(found, f"ablations, {found.cases:,} cases")
