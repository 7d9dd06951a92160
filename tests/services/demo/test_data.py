"""The packaged tables of the demo shop fit together."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from services.demo.shop import demo_table

COLUMNS = {
    "entities": ["id", "name", "aliases", "categories", "definition", "kind", "durable"],
    "items": ["id", "title", "brand", "category", "price", "created_at"],
    "item_entities": ["item_id", "entity_id"],
    "verdicts": ["head", "tail", "label", "strength", "reason"],
    "needs": ["head", "tail", "rate"],
}
MAY_BE_EMPTY = {"brand", "categories"}
DEPARTMENTS = {"Kitchen", "Camping", "Phones", "Baby", "Desk"}


def pairs(table: pl.DataFrame) -> set[tuple[str, str]]:
    return set(table.select("head", "tail").iter_rows())


def known() -> set[str]:
    return set(demo_table("entities")["id"])


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_are_as_documented_and_no_cell_is_missing_or_padded(name: str) -> None:
    table = demo_table(name)
    assert table.columns == COLUMNS[name]
    for column in set(table.columns) - MAY_BE_EMPTY:
        assert table[column].null_count() == 0, column
        assert (table[column].str.strip_chars() == table[column]).all(), column
        assert not table[column].str.contains("[\n\r\t]").any(), column


def test_the_sizes_are_those_of_a_small_shop() -> None:
    assert 140 <= demo_table("entities").height <= 170
    assert 2400 <= demo_table("items").height <= 2600
    verdicts = demo_table("verdicts")
    assert 600 <= verdicts.filter(pl.col("label") == "complement").height <= 900
    assert 130 <= verdicts.filter(pl.col("label") == "substitute").height <= 180


def test_entities_have_unique_ids_aliases_and_categories() -> None:
    entities = demo_table("entities")
    assert entities["id"].is_unique().all()
    assert entities["name"].is_unique().all()
    assert set(entities["kind"]) == {"consumable", "durable", "accessory"}
    assert set(entities["durable"]) == {"true", "false"}
    for column in ("aliases", "categories"):
        forms = entities[column].drop_nulls().str.split("|").explode()
        assert forms.is_unique().all(), column
    aliases = entities["aliases"].str.split("|").explode()
    assert (aliases == aliases.str.to_lowercase()).all()


def test_items_are_well_formed() -> None:
    items = demo_table("items")
    assert items["id"].is_unique().all()
    assert items["title"].is_unique().all()
    assert items["id"].str.contains("/", literal=True).any()
    assert items["brand"].null_count() > 0
    assert (items["price"].cast(pl.Float64) > 0).all()
    assert {datetime.fromisoformat(time).year for time in items["created_at"]} == {2025}
    assert items["created_at"].str.ends_with("Z").all()
    assert set(items["category"].str.split(" > ").list.first()) == DEPARTMENTS


def test_every_item_has_one_gold_concept_and_every_concept_has_items() -> None:
    gold = demo_table("item_entities")
    assert gold["item_id"].to_list() == demo_table("items")["id"].to_list()
    assert set(gold["entity_id"]) == known()
    assert (gold["entity_id"].value_counts()["count"] >= 10).all()


def test_most_titles_name_their_concept_and_some_only_their_category() -> None:
    aliases = demo_table("entities").select("id", pl.col("aliases").str.split("|"), "categories")
    rows = (
        demo_table("items")
        .join(demo_table("item_entities"), left_on="id", right_on="item_id")
        .join(aliases, left_on="entity_id", right_on="id")
    )
    named = [any(alias in title.lower() for alias in forms) for title, forms in rows.select("title", "aliases").rows()]
    silent = rows.filter(~pl.Series(named))
    fallback = silent.filter(pl.col("category") == pl.col("categories"))
    assert silent.height / rows.height < 0.05
    assert fallback.height >= 40
    assert silent.height - fallback.height <= 40


@pytest.mark.parametrize("name", ["verdicts", "needs"])
def test_pairs_are_known_distinct_and_never_of_one_concept_with_itself(name: str) -> None:
    table = demo_table(name)
    assert set(table["head"]) | set(table["tail"]) <= known()
    assert len(pairs(table)) == table.height
    assert not table.filter(pl.col("head") == pl.col("tail")).height


def test_verdicts_have_a_label_a_strength_and_a_short_reason() -> None:
    verdicts = demo_table("verdicts")
    assert set(verdicts["label"]) == {"complement", "substitute"}
    assert set(verdicts["strength"]) == {"1", "2", "3"}
    assert max(len(reason.split()) for reason in verdicts["reason"]) <= 15
    assert set(verdicts.filter(pl.col("label") == "complement")["head"]) == known()


def test_substitutes_go_both_ways() -> None:
    substitutes = pairs(demo_table("verdicts").filter(pl.col("label") == "substitute"))
    assert {(tail, head) for head, tail in substitutes} == substitutes


def test_verdicts_know_only_part_of_the_needs_and_are_partly_wrong() -> None:
    needs = pairs(demo_table("needs"))
    complements = pairs(demo_table("verdicts").filter(pl.col("label") == "complement"))
    assert 0.15 <= len(needs - complements) / len(needs) <= 0.35
    assert 0.10 <= len(complements - needs) / len(complements) <= 0.20


def test_strength_tracks_the_rate_of_a_need_only_loosely() -> None:
    both = demo_table("verdicts").join(demo_table("needs"), on=["head", "tail"])
    rates = both.select(pl.col("rate", "strength").cast(pl.Float64))
    assert rates["rate"].is_between(0.02, 0.5).all()
    correlation = rates.select(pl.corr("rate", "strength", method="spearman")).item()
    assert 0.1 < correlation < 0.7
