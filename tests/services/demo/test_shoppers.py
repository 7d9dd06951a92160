"""The generated events are well formed, repeatable, and show the hidden needs."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

import numpy as np
import polars as pl
import pytest

from services.demo.shop import demo_events, demo_table
from services.demo.shoppers import EVENT_COLUMNS, generate


@pytest.fixture(scope="module")
def events() -> pl.DataFrame:
    return demo_events()


def items() -> pl.DataFrame:
    gold = demo_table("item_entities").rename({"item_id": "id", "entity_id": "entity"})
    return demo_table("items").join(gold, on="id")


def needs() -> pl.DataFrame:
    return demo_table("needs").with_columns(pl.col("rate").cast(pl.Float64))


def purchased(events: pl.DataFrame) -> dict[str, dict[str, float]]:
    """Each user's concepts with the day of their first purchase."""
    rows = events.filter(pl.col("type") == "purchase").join(items(), left_on="item_id", right_on="id")
    firsts: dict[str, dict[str, float]] = defaultdict(dict)
    for user, concept, time in rows.select("user_id", "entity", "time").iter_rows():
        firsts[user].setdefault(concept, datetime.fromisoformat(time).timestamp() / 86_400)
    return firsts


def lift(firsts: dict[str, dict[str, float]], pairs: list[tuple[str, str]]) -> float:
    """How much more often tail follows head within 30 days than tail is bought at all in 30 of the 120 days."""
    followed, expected = 0.0, 0.0
    shares: dict[str, float] = defaultdict(float)
    for concepts in firsts.values():
        for concept in concepts:
            shares[concept] += 1 / len(firsts)
    for head, tail in pairs:
        heads = [concepts for concepts in firsts.values() if head in concepts]
        followed += sum(0 < concepts.get(tail, -1.0) - concepts[head] <= 30 for concepts in heads)
        expected += len(heads) * shares[tail] * 30 / 120
    return followed / expected


def test_one_seed_gives_one_frame_and_another_seed_another() -> None:
    small = [generate(items(), needs(), shoppers=40, seed=seed) for seed in (1, 1, 2)]
    assert small[0].equals(small[1])
    assert not small[0].equals(small[2])


def test_the_global_generator_is_left_alone() -> None:
    np.random.seed(5)
    before = np.random.get_state()[1].tolist()  # type: ignore[index]
    generate(items(), needs(), shoppers=5)
    assert np.random.get_state()[1].tolist() == before  # type: ignore[index]


def test_the_sizes_are_those_of_a_season(events: pl.DataFrame) -> None:
    counts = dict(events["type"].value_counts().iter_rows())
    assert 15_000 <= events.height <= 25_000
    assert 6_000 <= counts["purchase"] <= 8_000
    assert set(counts) == {"purchase", "click", "exposure"}
    assert events["user_id"].n_unique() == 1500


def test_events_are_well_formed_and_in_time_order(events: pl.DataFrame) -> None:
    assert events.schema == pl.Schema(EVENT_COLUMNS)
    assert events["event_id"].is_unique().all()
    assert events["time"].is_sorted()
    assert events["time"].str.contains(r"^2025-\d\d-\d\dT\d\d:\d\d:\d\dZ$").all()
    assert set(events["item_id"]) <= set(items()["id"])
    assert (events["position"].is_null() == events["request_id"].is_null()).all()
    assert events.filter((pl.col("type") == "purchase") & pl.col("position").is_not_null()).is_empty()
    assert events.filter((pl.col("type") == "exposure") & pl.col("position").is_null()).is_empty()


def test_a_shown_list_has_distinct_items_at_positions_from_zero_and_belongs_to_one_user(events: pl.DataFrame) -> None:
    lists = (
        events.filter(pl.col("type") == "exposure")
        .group_by("request_id")
        .agg(pl.col("position"), pl.col("item_id").n_unique().alias("items"), pl.col("user_id").n_unique())
    )
    assert all(row == list(range(len(row))) for row in lists["position"].to_list())
    assert (lists["items"] == lists["position"].list.len()).all()
    assert set(lists["user_id"]) == {1}


def test_a_click_on_a_list_is_on_what_was_shown_there(events: pl.DataFrame) -> None:
    keys = ["user_id", "item_id", "request_id", "position"]
    clicks = events.filter((pl.col("type") == "click") & pl.col("request_id").is_not_null())
    shown = events.filter(pl.col("type") == "exposure").select(*keys, shown="time")
    joined = clicks.join(shown, on=keys)
    assert clicks.height > 300
    assert joined.height == clicks.height
    assert (joined["time"] >= joined["shown"]).all()


def test_upper_positions_are_clicked_more(events: pl.DataFrame) -> None:
    listed = events.filter(pl.col("position").is_not_null())
    rate = {
        top: listed.filter((pl.col("type") == "click") & (pl.col("position") < 2).eq(top)).height
        / listed.filter((pl.col("type") == "exposure") & (pl.col("position") < 2).eq(top)).height
        for top in (True, False)
    }
    assert rate[True] > 1.4 * rate[False]


def test_no_item_is_seen_or_bought_before_it_was_created(events: pl.DataFrame) -> None:
    dated = events.join(items().select("id", "created_at"), left_on="item_id", right_on="id")
    assert (dated["time"] >= dated["created_at"]).all()
    assert (dated["created_at"] > "2025-06-02").any()


def test_hidden_needs_show_in_what_is_bought_next(events: pl.DataFrame) -> None:
    firsts = purchased(events)
    hidden = [(head, tail) for head, tail in needs().select("head", "tail").iter_rows()]
    concepts = sorted({concept for pair in hidden for concept in pair})
    drawn = np.random.default_rng(11).choice(concepts, size=(2000, 2))
    random_pairs = [(str(a), str(b)) for a, b in drawn if a != b and (str(a), str(b)) not in set(hidden)]
    assert lift(firsts, hidden) > 3
    assert lift(firsts, hidden) > 2 * lift(firsts, random_pairs)


def test_needs_unknown_to_the_verdicts_show_too_and_wrong_verdicts_less(events: pl.DataFrame) -> None:
    firsts = purchased(events)
    hidden = set(needs().select("head", "tail").iter_rows())
    listed = demo_table("verdicts").filter(pl.col("label") == "complement")
    complements = set(listed.select("head", "tail").iter_rows())
    assert lift(firsts, sorted(hidden - complements)) > 2 * lift(firsts, sorted(complements - hidden))
