"""`kerec evaluate`: what the lists are worth, on purchases held out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from services.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from services.cli.output import print_facts, print_json, print_table, progress
from services.shop import Shop

_app = typer.Typer(no_args_is_help=True, help="What the lists are worth, on purchases held out.")


def register(app: typer.Typer) -> None:
    """Adds the commands to the app."""
    app.add_typer(_app, name="evaluate")


@_app.callback()
def evaluate() -> None:
    """Measured on a temporary embedded graph without the held-out data, never on the shop's graph."""


@_app.command("next-purchase")
def next_purchase(
    users: Annotated[int | None, typer.Option(min=1, help="Only so many users, drawn at random by --seed.")] = None,
    seed: Annotated[int, typer.Option()] = 0,
    back: Annotated[
        int, typer.Option(min=0, max=5, help="Hold out an earlier purchase: 1 is the validation split.")
    ] = 0,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Each user's last purchase held out, all items ranked, bought ones excluded."""
    # Imported here: scipy takes longer to load than most commands take.
    from services.evaluating.next_purchase import evaluate_next_purchase

    with progress() as report:
        board = evaluate_next_purchase(Shop.open(config), users=users, seed=seed, back=back, progress=report)
    if json:
        print_json(asdict(board))
        return
    rows = [
        (line.method, line.recall[5], line.recall[10], line.recall[20], line.ndcg[5], line.ndcg[10], line.ndcg[20])
        for line in board.lines
    ]
    print_table(
        f"next purchase, {board.users:,} users", ("method", "R@5", "R@10", "R@20", "NDCG@5", "NDCG@10", "NDCG@20"), rows
    )
    print_facts(board.complementary)
