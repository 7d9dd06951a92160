"""Write items.csv and dictionary.csv of the groceries: one item and one entity per concept of the baskets."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

HERE = Path(__file__).resolve().parent


def slug(name: str) -> str:
    """Return the name in lower-case words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def prepare(
    data: Annotated[Path, typer.Option(envvar="KEREC_DATA", help="The folder that holds groceries_arules.")],
    out: Annotated[Path, typer.Argument(help="The shop's folder; another one gets the toml too.")] = HERE,
) -> None:
    """Make the shop's files from the baskets."""
    names = pl.read_parquet(data / "groceries_arules" / "baskets.parquet")["item"].unique().sort().to_list()
    out.mkdir(parents=True, exist_ok=True)
    if out.resolve() != HERE:
        shutil.copyfile(HERE / "kerec.toml", out / "kerec.toml")
    pl.DataFrame({"id": names, "title": names}).write_csv(out / "items.csv")
    aliases = ["|".join(name.split("/")) if "/" in name else "" for name in names]
    ids = [slug(name) for name in names]
    pl.DataFrame({"id": ids, "name": names, "aliases": aliases}).write_csv(out / "dictionary.csv")
    typer.echo(f"wrote {len(names)} items and entities to {out}")


if __name__ == "__main__":
    typer.run(prepare)
