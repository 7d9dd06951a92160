"""`kerec evaluate basket-completion`: the options."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from services.cli.output import print_json, progress
from services.shop import Shop


def basket_completion(
    baskets: Annotated[int, typer.Option(min=1, help="At most so many baskets are asked about.")] = 5000,
    seed: Annotated[int, typer.Option(min=0, help="Draws the baskets and the lines.")] = 0,
    methods: Annotated[str | None, typer.Option(help="Only these baselines, joined by commas.")] = None,
    most: Annotated[int, typer.Option(min=1, help="Items with weights in EASE: 4 bytes × their square.")] = 8000,
    seeds: Annotated[int, typer.Option(min=1, max=20, help="How many, for methods that depend on chance.")] = 1,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """A line of each basket hidden (the last where they have an order), all items ranked."""
    # Imported here: scipy takes longer to load than most commands take.
    from services.cli.board import board_json, print_board
    from services.evaluating.basket_completion import METHODS, Options, evaluate_basket_completion

    chosen = tuple(name.strip() for name in methods.split(",")) if methods is not None else METHODS
    with progress() as report:
        found = evaluate_basket_completion(Shop.open(config), Options(baskets, seed, chosen, most, seeds), report)
    if json:
        print_json(board_json(found, "baskets"))
    else:
        print_board(found, f"basket completion, {found.cases:,} baskets")
