"""`kerec evaluate cold-items`: the options, and how its two rankings are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from services.cli.output import print_json, print_table, progress
from services.shop import Shop

if TYPE_CHECKING:
    from training.evaluation.table import Table


def cold_items(
    items: Annotated[int, typer.Option(min=2, help="How many items are hidden.")] = 600,
    seed: Annotated[int, typer.Option(min=0, help="Draws the items.")] = 0,
    cases: Annotated[int, typer.Option(min=1, help="Purchases asked for among all items, at most.")] = 3000,
    seeds: Annotated[int, typer.Option(min=1, max=20, help="How often ours is trained.")] = 1,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """All purchases of some items hidden; each of them asked for, among the hidden items and among all."""
    # Imported here: scipy takes longer to load than most commands take.
    from services.cli.board import board_json
    from services.evaluating.cold_items import AMONG, OVERALL, Options, evaluate_cold_items

    with progress() as report:
        found = evaluate_cold_items(Shop.open(config), Options(items, seed, cases, seeds), report)
    if json:
        print_json({"among": board_json(found.among, "cases"), "overall": board_json(found.overall, "cases")})
        return
    _print(found.among, f"cold items, ranked among the {items:,} hidden", AMONG)
    _print(found.overall, "the same scorers, all items ranked", OVERALL)


def _print(table: Table, title: str, cut: int) -> None:
    # Imported here, as above.
    from services.cli.board import lists_made_of

    names, made_of = lists_made_of(table)
    rows: list[tuple[Any, ...]] = [
        (line.method, figures.recall[cut], _span(figures.recall_interval[cut]), figures.ndcg[cut], *made, line.seconds)
        for line, made in zip(table.lines, made_of, strict=True)
        for figures in (line.figures,)
    ]
    columns = ("method", f"HR@{cut}", "95 %", f"NDCG@{cut}", *names, "seconds")
    print_table(f"{title}, {table.cases:,} cases", columns, rows)
    compared = [
        (each.method, each.against, each.difference, _span(each.difference_interval))
        for each in table.comparisons
        if each.metric == f"recall@{cut}"
    ]
    print_table("paired differences", ("method", "against", f"HR@{cut}", "95 %"), compared)


def _span(interval: Any) -> str:
    return f"{interval.low:.4f} to {interval.high:.4f}"
