"""The arms' shops on disk: what differs between them, and that nothing else does."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import polars as pl

from graph.records import EVENT_SCHEMA
from services.demo.shop import demo_table
from services.shop import Shop
from services.simulating.arms import ARMS, CONTROL, SHARES, TREATED, write_arm, write_items

EVENTS = pl.DataFrame(schema=EVENT_SCHEMA)
RANDOM = next(arm for arm in ARMS if arm.random)


def verdicts(folder: Path) -> pl.DataFrame:
    return pl.read_csv(folder / "verdicts.csv", infer_schema=False)


def test_arms_differ_in_the_strength_of_knowledge(tmp_path: Path) -> None:
    strengths = {}
    for arm in ARMS:
        shop = Shop.open(write_arm(arm, tmp_path / arm.name, EVENTS, 7), environ={})
        strengths[arm.name] = shop.settings.recall.kg_strength
    assert strengths["A"] == strengths["A'"] == 0.0
    assert strengths["B"] == strengths["C"] == TREATED.strength > 0
    assert set(SHARES) == {arm.name for arm in ARMS}
    assert CONTROL.name in SHARES


def test_the_random_graph_has_the_same_degrees_and_other_edges(tmp_path: Path) -> None:
    write_arm(TREATED, tmp_path / "B", EVENTS, 7)
    write_arm(RANDOM, tmp_path / "C", EVENTS, 7)
    judged, mixed = verdicts(tmp_path / "B"), verdicts(tmp_path / "C")
    assert judged.equals(demo_table("verdicts"))
    complement = pl.col("label") == "complement"
    assert judged.filter(~complement).sort("head", "tail").equals(mixed.filter(~complement).sort("head", "tail"))
    for end in ("head", "tail"):
        assert Counter(judged.filter(complement)[end]) == Counter(mixed.filter(complement)[end])
    keys = [set(each.filter(complement).select("head", "tail").iter_rows()) for each in (judged, mixed)]
    assert not keys[0] & keys[1]
    assert not mixed.select("head", "tail").is_duplicated().any()


def test_the_catalogue_holds_what_is_on_sale(tmp_path: Path) -> None:
    items = demo_table("items")
    write_items(tmp_path, items["id"].head(5).to_list())
    assert pl.read_csv(tmp_path / "items.csv", infer_schema=False).equals(items.head(5))
