"""A shop of planted kinds with relations: what is of kind k goes with kind k ^ 1 and is viewed with its own kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

KINDS, EACH = 6, 12
WORDS = ("tent", "mat", "stove", "gas", "kettle", "tea")
_TOML = """
[shop]
id = "test"
[items]
path = "items.csv"
columns = { id = "id", title = "title", category = "category" }
[[events]]
path = "events.csv"
columns = { user = "user", item = "item", order = "pos" }
type = "purchase"
[dictionary]
path = "entities.csv"
columns = { id = "id", name = "name" }
[judge]
name = "recorded"
path = "verdicts.csv"
columns = { head = "head", tail = "tail", label = "label", strength = "strength" }
unlisted = "unrelated"
"""
_RELATIONS = """
[relations]
path = "relations.csv"
columns = { src = "src", dst = "dst", also_bought = "bought", also_viewed = "viewed" }
"""


def write_related_shop(folder: Path, *, relations: bool = True) -> Path:
    """Writes the shop's files and returns the path of kerec.toml."""
    rng = np.random.default_rng(0)
    items = KINDS * EACH
    kind = np.arange(items) % KINDS
    pl.DataFrame(
        {
            "id": [f"i{n}" for n in range(items)],
            "title": [f"{WORDS[k]} number {n}" for n, k in enumerate(kind)],
            "category": [f"Shop > {WORDS[k]}" for k in kind],
        }
    ).write_csv(folder / "items.csv")
    pl.DataFrame({"id": WORDS, "name": WORDS}).write_csv(folder / "entities.csv")
    pl.DataFrame(
        {"head": ["tent", "stove"], "tail": ["mat", "gas"], "label": ["complement"] * 2, "strength": [3, 2]}
    ).write_csv(folder / "verdicts.csv")
    first = rng.integers(0, items, 400)
    second = rng.integers(0, EACH, 400) * KINDS + (kind[first] ^ 1)
    third = rng.integers(0, items, 400)
    rows = [
        (f"u{u}", f"i{i}", pos)
        for u, each in enumerate(zip(first, second, third, strict=True))
        for pos, i in enumerate(each)
    ]
    pl.DataFrame(rows, schema=["user", "item", "pos"], orient="row").write_csv(folder / "events.csv")
    src, bought = rng.integers(0, items, 1500), rng.random(1500) < 0.6
    dst = rng.integers(0, EACH, 1500) * KINDS + np.where(bought, kind[src] ^ 1, kind[src])
    pl.DataFrame(
        {
            "src": [f"i{n}" for n in src],
            "dst": [f"i{n}" for n in dst],
            "bought": [0 if each else None for each in bought],
            "viewed": [None if each else 0 for each in bought],
        }
    ).filter(pl.col("src") != pl.col("dst")).unique(["src", "dst"], keep="first", maintain_order=True).write_csv(
        folder / "relations.csv"
    )
    path = folder / "kerec.toml"
    path.write_text(_TOML + (_RELATIONS if relations else ""))
    return path
