"""The arms of the experiment, and the folder of the shop that serves one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from services.demo.shop import demo_table
from services.ranking.fusion import Fusion
from training.random_graph import random_graph

STRENGTH = Fusion().strength  # of the complementary channel, as every shop is served by default

_TOML = """\
[shop]
id = "simulated-{name}"

[items]
path = "items.csv"
columns = {{ id = "id", title = "title", brand = "brand", category = "category", price = "price", \
created_at = "created_at" }}

[[events]]
path = "events.parquet"
columns = {{ id = "id", user = "user", item = "item", type = "type", time = "at", position = "position", \
request = "request" }}
time_unit = "ms"

[dictionary]
path = "entities.csv"
columns = {{ id = "id", name = "name", aliases = "aliases", categories = "categories", definition = "definition", \
kind = "kind", durable = "durable" }}

[judge]
name = "recorded"
path = "verdicts.csv"
columns = {{ head = "head", tail = "tail", label = "label", strength = "strength", reason = "reason" }}
unlisted = "unrelated"

[recall]
kg_strength = {strength}
"""


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm: how strong the complementary channel is (0: the base lists), and over which graph it recalls."""

    name: str
    about: str
    strength: float
    random: bool = False


CONTROL = Arm("A", "base lists: no complementary channel", 0.0)
TREATED = Arm("B", "complementary recall", STRENGTH)
ARMS = (
    CONTROL,
    Arm("A'", "the same as A", 0.0),
    TREATED,
    Arm("C", "complementary recall over a random graph of equal degree", STRENGTH, random=True),
)
# Equal shares by hash; the treated arm has two, for its log is also what edge weights are learned from.
SHARES = (CONTROL.name, "A'", TREATED.name, TREATED.name, "C")


def write_arm(arm: Arm, folder: Path, events: pl.DataFrame, seed: int) -> Path:
    """Writes the arm's shop with these events [EVENT_SCHEMA] and returns the path of its kerec.toml.

    Its catalogue is written by `write_items`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    verdicts = demo_table("verdicts")
    (_shuffled(verdicts, seed) if arm.random else verdicts).write_csv(folder / "verdicts.csv")
    demo_table("entities").write_csv(folder / "entities.csv")
    events.write_parquet(folder / "events.parquet")
    config = folder / "kerec.toml"
    config.write_text(_TOML.format(name=arm.name.replace("'", "2"), strength=arm.strength))
    return config


def write_items(folder: Path, on_sale: Sequence[str]) -> None:
    """Writes the catalogue with the items that are on sale."""
    items = demo_table("items").join(pl.DataFrame({"id": on_sale}, schema={"id": pl.String}), on="id", how="semi")
    items.write_csv(folder / "items.csv")


def _shuffled(verdicts: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The verdicts with the tails of the complements swapped; a reason stays with the head it was given for."""
    complement = verdicts.filter(pl.col("label") == "complement")
    others = verdicts.filter(pl.col("label") != "complement")
    taken = set(others.select("head", "tail").iter_rows())
    edges = random_graph(list(complement.select("head", "tail").iter_rows()), seed, taken)
    tails = pl.Series("tail", [tail for _, tail in edges], dtype=pl.String)
    return pl.concat([complement.with_columns(tails, reason=pl.lit("at random")), others])
