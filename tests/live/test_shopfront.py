"""The simulator's shopfront: a shop behind the real API on a real graph, that answers to what it is told."""

from __future__ import annotations

from pathlib import Path

from graph.address import GraphAddress
from graph.client import GraphClient
from graph.records import EventType
from services.demo.shop import demo_table
from services.simulating.arms import TREATED
from services.simulating.catalogue import demo_edges
from services.simulating.front import open_front
from services.workspace import wipe
from tests.live.environment import graph_environment
from training.simulator.log import Sent, event_frame

CATALOGUE = 300


def bought(number: int, item: str, day: float) -> Sent:
    return Sent(f"e{number}", f"u{number}", item, EventType.PURCHASE, day)


def test_lists_follow_what_is_bought_and_what_is_on_sale(embedded_address: GraphAddress, tmp_path: Path) -> None:
    gold = demo_table("item_entities").rename({"entity_id": "entity"})
    kinds = dict(gold.iter_rows())
    items = demo_table("items")["id"].head(CATALOGUE).to_list()
    sold = {kinds[item] for item in items[:-1] if item in kinds}
    head, tail = next(pair for pair in demo_edges().select("head", "tail").iter_rows() if set(pair) <= sold)
    trigger = next(item for item in items if kinds.get(item) == head)
    newcomer = items[-1]
    past = event_frame([bought(number, item, 1.0) for number, item in enumerate(items[:40]) if kinds.get(item) != head])
    with GraphClient(embedded_address) as client:
        wipe(client)
        environ = graph_environment(embedded_address)
        with open_front(TREATED, tmp_path / "shop", past, items[:-1], 7, environ) as front:
            [unknown] = front.lists(["somebody"], 5)
            front.post([Sent("first", "somebody", trigger, EventType.PURCHASE, 2.0)])
            [known] = front.lists(["somebody"], 20)
            front.open_week(items)
            front.post([Sent("new", "else", newcomer, EventType.PURCHASE, 9.0)])
            rows = client.rows("load/item/read")
        wipe(client)

    assert {shown.channel for shown in unknown} == {"popularity"}
    edges = {(shown.head, shown.tail) for shown in known if shown.channel == "complementary"}
    assert (head, tail) in edges
    assert {pair[0] for pair in edges} == {head}
    assert all(kinds[shown.item] == shown.tail for shown in known if shown.channel == "complementary")
    assert {row["id"] for row in rows} == set(items)
