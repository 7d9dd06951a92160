"""`kerec score-pairs`: how well items go together, from file to file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli.options import DEFAULT_CONFIG, ConfigOption
from services.cli.output import print_line, progress
from services.shop import Shop


def register(app: typer.Typer) -> None:
    """Adds the command to the app."""
    app.command("score-pairs")(score_pairs)


def score_pairs(
    source: Annotated[Path, typer.Option("--in", help="A file of item pairs: src, dst.")],
    out: Annotated[Path, typer.Option("--out", help="Where the same rows with complement and substitute go.")],
    without_relations: Annotated[
        bool, typer.Option("--without-relations", help="As in a shop that has no [relations].")
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
