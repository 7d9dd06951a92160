"""Write items.parquet and lines.parquet of the online retailer: sold products only."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

HERE = Path(__file__).resolve().parent
PRODUCT_CODE = r"^\d{5}[A-Z]*$"  # not POST, DOT, M, BANK CHARGES, gift_0001_20 and the like
NO_PRODUCT = r"(?i)carriage|gift voucher|^\?|^check$|^damages?$|^adjust"


def products(lines: pl.DataFrame) -> pl.DataFrame:
    """Keep what was sold: no cancellations, no non-positive quantities or prices, no postage, fees or stock notes."""
    tidy = lines.with_columns(
        pl.col("StockCode").str.strip_chars().str.to_uppercase(), pl.col("Description").str.strip_chars()
    )
    return tidy.filter(
        ~pl.col("InvoiceNo").str.starts_with("C"),
        pl.col("Quantity") > 0,
        pl.col("UnitPrice") > 0,
        pl.col("StockCode").str.contains(PRODUCT_CODE),
        pl.col("Description").str.len_chars() > 0,
        ~pl.col("Description").str.contains(NO_PRODUCT),
    )


def catalogue(sold: pl.DataFrame) -> pl.DataFrame:
    """Return one row per product: its most frequent description (the first by name among equals) and median price."""
    named = sold.group_by("StockCode", "Description").len().sort(["len", "Description"], descending=[True, False])
    titles = named.group_by("StockCode").agg(pl.col("Description").first())
    prices = sold.group_by("StockCode").agg(pl.col("UnitPrice").median())
    return titles.join(prices, on="StockCode").sort("StockCode")


def prepare(
    data: Annotated[Path, typer.Option(envvar="KEREC_DATA", help="The folder that holds online_retail_uci.")],
    out: Annotated[Path, typer.Argument(help="The shop's folder; another one gets the toml too.")] = HERE,
) -> None:
    """Make the shop's files from the invoices."""
    sold = products(pl.read_parquet(data / "online_retail_uci" / "lines_dev.parquet"))
    items = catalogue(sold)
    out.mkdir(parents=True, exist_ok=True)
    if out.resolve() != HERE:
        shutil.copyfile(HERE / "kerec.toml", out / "kerec.toml")
    items.write_parquet(out / "items.parquet")
    sold.select("InvoiceNo", "CustomerID", "StockCode", "InvoiceDate", "UnitPrice").write_parquet(out / "lines.parquet")
    typer.echo(f"wrote {items.height} items and {sold.height} lines to {out}")


if __name__ == "__main__":
    typer.run(prepare)
