"""A small shop through all steps on both servers: answers counted by hand, repeatable, equal on every server."""

from __future__ import annotations

import math
from pathlib import Path

import polars as pl
import pytest

from graph.address import GraphAddress
from graph.client import GraphClient
from graph.export import DIGITS
from graph.records import Event, EventType
from services.pipeline.archive import read_release
from services.ranking.building import build_recommender
from services.shop import Shop
from services.workspace import Workspace, wipe
from tests.live.runs import differences, edges, export, export_bytes, opened, ran
from tests.live.shops import BOUGHT, ITEMS, PRIORS, SLASHED_ITEM, SLASHED_USER, VERDICTS, SmallShop, Variant

VARIANTS: tuple[Variant, ...] = ("time", "order", "baskets")
ACCEPTED = {pair: strength for pair, (label, strength, _) in VERDICTS.items() if label == "complement"}


@pytest.fixture(params=VARIANTS)
def small(request: pytest.FixtureRequest, tmp_path: Path) -> SmallShop:
    return SmallShop(tmp_path / "shop", request.param)


@pytest.fixture
def workspace(client: GraphClient, small: SmallShop) -> Workspace:
    return opened(client, small)


def test_the_graph_holds_what_can_be_counted_by_hand(workspace: Workspace, small: SmallShop) -> None:
    outcomes = {outcome.step: outcome.summary for outcome in ran(workspace)}
    exported = export(workspace.client)

    has_users = small.variant != "baskets"
    assert outcomes["load"]["items"] == len(ITEMS)
    assert outcomes["load"]["linked"] == len(ITEMS) - 1
    assert outcomes["load"]["rejected"] == 0
    assert exported["User"]["id"].to_list() == (sorted(BOUGHT) if has_users else [])
    linked = dict(edges(exported, "IS_A").keys())
    assert linked == {item: entity for item, (entity, _) in ITEMS.items() if entity}
    assert edges(exported, "COMPLEMENTS").keys() == ACCEPTED.keys()
    assert edges(exported, "SUBSTITUTES").keys() == {("pot", "kettle")}
    assert edges(exported, "REJECTED")["tent", "tea"]["label"] == "unrelated"
    assert edges(exported, "COMPLEMENTS").keys().isdisjoint(edges(exported, "REJECTED"))
    counts = {pair: row["count"] for pair, row in edges(exported, "BOUGHT").items()}
    assert counts == ({(u, i): items.count(i) for u, items in BOUGHT.items() for i in items} if has_users else {})
    seen = {name: {pair: row["count"] for pair, row in edges(exported, name).items()} for name in ("CLICKED", "SAW")}
    clicks = {("u1", "pot1"): 1, ("u8", "tent1"): 2}
    assert seen == {"CLICKED": clicks if has_users else {}, "SAW": {("u1", "pot1"): 1} if has_users else {}}


def test_weights_are_those_of_a_slow_count(workspace: Workspace, small: SmallShop) -> None:
    ran(workspace)
    exported = export(workspace.client)

    rows = edges(exported, "COMPLEMENTS")
    expected = slow_weights(ordered=small.variant != "baskets")
    assert {pair: row["weight"] for pair, row in rows.items()} == pytest.approx(expected)
    stove = sorted((row["rank"], -float(str(row["weight"]))) for pair, row in rows.items() if pair[0] == "stove")
    assert [rank for rank, _ in stove] == [1, 2]
    assert stove == sorted(stove, key=lambda row: row[1])
    [release] = exported["Release"].to_dicts()
    assert {row["release"] for row in rows.values()} == {release["id"]}
    assert exported["Shop"]["release"].to_list() == [release["id"]]
    kept = read_release(workspace.shop, release["id"])
    there = exported["COMPLEMENTS"].select("head", "tail", "weight", "items", "pulls", "affinity", "rank")
    assert kept.weights.with_columns(pl.col("weight").round_sig_figs(DIGITS)).equals(there.sort("head", "rank"))


def test_clicks_on_what_was_shown_weigh_edges(client: GraphClient, tmp_path: Path) -> None:
    workspace = opened(client, SmallShop(tmp_path))
    ran(workspace)
    before = {pair: row["weight"] for pair, row in edges(export(client), "COMPLEMENTS").items()}
    assert before["stove", "gas"] > before["stove", "pot"]  # type: ignore[operator]
    workspace.journal.append([event for number in range(60) for event in shown_both(number)])
    ran(workspace)

    after = {pair: row["weight"] for pair, row in edges(export(client), "COMPLEMENTS").items()}
    assert after["stove", "pot"] > 2 * after["stove", "gas"]  # type: ignore[operator]
    assert after.keys() == before.keys()


def shown_both(number: int) -> list[Event]:
    """Somebody who has a stove is shown gas and a pot, and clicks the pot."""
    user, day, now = f"n{number}", 86_400_000, 1_800_000_000_000

    def event(kind: EventType, item: str, at: int, position: int | None = None) -> Event:
        return Event(f"{kind}-{number}-{item}", kind, item, user, at=at, position=position)

    return [
        event(EventType.PURCHASE, "stove1", now),
        event(EventType.EXPOSURE, "gas1", now + day, 0),
        event(EventType.EXPOSURE, "pot1", now + day, 1),
        event(EventType.CLICK, "pot1", now + day + 1, 1),
    ]


def test_copurchase_popularity_and_interest_of_dated_purchases(client: GraphClient, tmp_path: Path) -> None:
    ran(opened(client, SmallShop(tmp_path)))
    exported = export(client)

    before = edges(exported, "BOUGHT_BEFORE")
    # after tent1 came mat1 (u1, next), stove1 (u1, second) and gas1 (u3, next)
    assert before["tent1", "mat1"]["weight"] == pytest.approx(1 / (1 + 1 / 2 + 1 + 3))
    assert before["tent1", "stove1"]["weight"] == pytest.approx((1 / 2) / (1 + 1 / 2 + 1 + 3))
    assert before["mat1", "tent1"]["weight"] == pytest.approx(1 / (1 + 1 + 3))  # u7, and stove1 next of u1
    popular = {row["id"]: row["popularity"] for row in exported["Item"].to_dicts()}
    assert popular == {item: sum(items.count(item) for items in BOUGHT.values()) for item in ITEMS}
    ranks = {row["popularity_rank"]: row["popularity"] for row in exported["Item"].to_dicts()}
    assert [ranks[place] for place in range(1, len(ITEMS) + 1)] == sorted(popular.values(), reverse=True)
    wanted = edges(exported, "INTERESTED_IN")
    assert wanted["u1", "mat"]["weight"] == pytest.approx(0.9 * math.exp(-2 / 7))  # bought on the second day of four
    missed = (1 - 0.9 * math.exp(-3 / 7)) * (1 - 0.9 * math.exp(-1 / 7)) * (1 - 0.9)
    assert wanted["u6", "tea"]["weight"] == pytest.approx(1 - missed)


def test_a_second_run_does_nothing_and_exports_the_same_bytes(workspace: Workspace, tmp_path: Path) -> None:
    first = ran(workspace)
    before = export_bytes(workspace.client, tmp_path / "one")
    second = ran(workspace)

    assert not any(outcome.unchanged for outcome in first)
    assert all(outcome.unchanged for outcome in second)
    assert [outcome.summary for outcome in second] == [outcome.summary for outcome in first]
    assert export_bytes(workspace.client, tmp_path / "two") == before
    assert "Item.parquet" in before
    assert "Step.parquet" not in before


def test_both_servers_hold_equal_graphs(
    embedded_address: GraphAddress, neo4j_address: GraphAddress, small: SmallShop, tmp_path: Path
) -> None:
    exports = []
    for place, address in enumerate((embedded_address, neo4j_address)):
        with GraphClient(address, retry_seconds=5) as client:
            shop = SmallShop(tmp_path / f"shop{place}", small.variant)
            ran(opened(client, shop, empty=True))
            exports.append(export(client))
            wipe(client)

    assert differences(*exports) == []
    assert exports[0]["BOUGHT_BEFORE"].height > 0


def test_lists_follow_from_the_graph(client: GraphClient, tmp_path: Path) -> None:
    workspace = opened(client, SmallShop(tmp_path))
    ran(workspace)
    recommender = build_recommender(workspace)

    given = recommender.for_user("u3", 20)
    whys = {item.item_id: item.because for item in given.items}
    assert given.known
    assert {"tent1", "gas1"}.isdisjoint(whys)
    for mat in ("mat1", "mat2"):
        because = whys[mat]
        assert because.source is not None
        assert because.target is not None
        assert (because.source.id, because.target.id, because.bought) == ("tent", "mat", "tent1")
        assert because.reason == VERDICTS["tent", "mat"][2]
    assert not recommender.for_user("nobody", 5).known
    assert [item.item_id for item in recommender.for_user("nobody", 1).items] == ["tea1"]
    slashed = recommender.for_user(SLASHED_USER, 20)
    assert slashed.known
    assert recommender.complements("tea1", 20).items[0].item_id in ("mug1", SLASHED_ITEM)
    assert [edge.relation for edge in recommender.explain(SLASHED_ITEM, "tea2")] == ["complements"]
    assert "kettle1" in [item.item_id for item in recommender.substitutes("pot1", 20).items]


def test_a_shop_without_dictionary_and_events_can_be_run(client: GraphClient, tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text("id,title\na,A tent\nb,A mat\n")
    config = tmp_path / "kerec.toml"
    config.write_text('[shop]\nid = "test"\n[items]\npath = "items.csv"\ncolumns = { id = "id", title = "title" }\n')
    workspace = Workspace(Shop.open(config, environ={}), client)
    client.run("load/shop/start", id="test")

    ran(workspace)

    assert all(outcome.unchanged for outcome in ran(workspace))
    assert [item.item_id for item in build_recommender(workspace).for_user("u", 5).items] == ["a", "b"]


def slow_weights(*, ordered: bool) -> dict[tuple[str, str], float]:
    """Every accepted edge's weight, counted purchase by purchase."""
    lives = {
        user: [(place if ordered else 0, entity) for place, item in enumerate(items) if (entity := ITEMS[item][0])]
        for user, items in BOUGHT.items()
    }

    def holding(*wanted: str) -> list[list[tuple[int, str]]]:
        return [life for life in lives.values() if set(wanted) <= {entity for _, entity in life}]

    def followed(head: str, tail: str) -> int:
        return sum(
            any(a <= b for a, one in life if one == head for b, other in life if other == tail)
            for life in holding(head, tail)
        )

    belief = 10 * sum(PRIORS[strength] for strength in ACCEPTED.values()) / len(ACCEPTED)
    chance = sum(len(holding(head)) * PRIORS[strength] for (head, _), strength in ACCEPTED.items())
    usual = (sum(followed(*pair) for pair in ACCEPTED) + belief) / (chance + belief)
    weights = {}
    for (head, tail), strength in ACCEPTED.items():
        alike = [pair for pair, other in ACCEPTED.items() if other == strength and pair != (head, tail)]
        took, tried = sum(followed(*pair) for pair in alike), sum(len(holding(one)) for one, _ in alike)
        rate = (took + 10 * usual * PRIORS[strength]) / (tried + 10)
        weights[head, tail] = (followed(head, tail) + 10 * rate) / (len(holding(head)) + 10)
    return weights
