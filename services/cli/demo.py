"""`kerec demo`: the whole round trip on the shop that comes with kerec."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from services.cli.ask import print_list
from services.cli.output import print_line, progress
from services.demo.shop import write_shop
from services.demo.visitor import ask, complements_path, free_port, served
from services.pipeline.run import run_steps
from services.ranking.building import build_recommender
from services.shop import Shop
from services.workspace import open_workspace

_SHOWN = 6


def register(app: typer.Typer) -> None:
    """Adds the command to the app."""
    app.command()(demo)


def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo shop is written.")] = Path("demo-shop"),
    leave: Annotated[bool, typer.Option("--exit", help="End after printing instead of serving on.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Another is taken where this one is in use.")] = 8000,
) -> None:
    """Write the demo shop, run all steps, print recommendations with their reasons, and serve the API."""
    config = write_shop(folder)
    shop = Shop.open(config)
    print_line(f"The demo shop lies in {folder}/: catalogue, events, dictionary, verdicts and kerec.toml.")
    item = _show(shop)
    with served(config, shop.logs_dir / "api.log", free_port(port)) as (address, process):
        answer = ask(address, complements_path(item, 1))
        print_line(f"\nThe API answers at {address}; for example GET {complements_path(item, 1)}:")
        print_line(json.dumps(answer, indent=2, ensure_ascii=False))
        if not leave:
            print_line(f"\nIt serves until Ctrl-C. Try: curl '{address}{complements_path(item, 5)}'")
            process.wait()


def _show(shop: Shop) -> str:
    """Runs all steps, prints what two shoppers are recommended and what goes with an item, and returns that item."""
    with progress() as report, open_workspace(shop, progress=report) as workspace:
        for outcome in run_steps(workspace):
            print_line(f"{outcome.step:<6}{'unchanged' if outcome.unchanged else f'{outcome.seconds:.1f} s'}")
        recommender = build_recommender(workspace)
        shoppers = [str(row["user"]) for row in workspace.client.rows("demo/shoppers", limit=2)]
        for user in shoppers:
            bought = workspace.client.rows("demo/latest", user=user, limit=4)
            print_line(f"\nShopper {user} bought, latest first: " + "; ".join(row["title"] for row in bought))
            print_list(f"Recommended to {user}", recommender.for_user(user, _SHOWN))
        latest = workspace.client.rows("demo/latest", user=shoppers[0], limit=1)[0]
        print_line(f"\nOn the page of {latest['item']}, {latest['title']}:")
        print_list(f"Goes with {latest['item']}", recommender.complements(latest["item"], _SHOWN))
    return str(latest["item"])
