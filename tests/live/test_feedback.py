"""The loop of feedback over the real API: what is posted changes the graph, and with it what is recommended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from graph.address import GraphAddress
from graph.client import GraphClient
from services.api.app import ApiSettings, create_app
from services.api.ports import ApiParts
from services.api.wiring import parts_factory
from services.feedback.profiles import follow_journal
from services.workspace import Workspace, feedback_lock, wipe
from tests.live.runs import edges, export, opened, ran
from tests.live.shops import SLASHED_ITEM, SLASHED_USER, SmallShop
from tests.wire import Wire

PATIENCE = 30.0
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Api:
    """The API of a small shop, in this process, with its follower at work."""

    client: FlaskClient
    workspace: Workspace
    small: SmallShop

    def post(self, *events: Body) -> Body:
        answer = self.client.post("/v1/events", json={"events": list(events)})
        assert answer.status_code == HTTPStatus.ACCEPTED, answer.text
        return dict(answer.json)

    def items(self, user: str) -> dict[str, Body]:
        answer = self.client.get(f"/v1/users/{quote(user, safe='')}/recommendations?k=100")
        assert answer.status_code == HTTPStatus.OK, answer.text
        return {item["item_id"]: item for item in answer.json["items"]}

    def known(self, user: str) -> bool:
        return bool(self.client.get(f"/v1/users/{quote(user, safe='')}/recommendations").json["known"])

    def counts(self, name: str = "BOUGHT") -> dict[tuple[str, str], Any]:
        return {pair: row["count"] for pair, row in edges(export(self.workspace.client), name).items()}


@pytest.fixture
def serve(request: pytest.FixtureRequest) -> Callable[[Workspace, GraphAddress], FlaskClient]:
    def start(workspace: Workspace, address: GraphAddress) -> FlaskClient:
        parts: ApiParts = parts_factory(workspace.shop, address, 4)()
        request.addfinalizer(parts.close)
        return create_app(parts, ApiSettings(validate_responses=True)).test_client()

    return start


@pytest.fixture
def wire(client: GraphClient) -> Iterator[Wire]:
    """To be asked for before what uses it, so that it is cut last."""
    wire = Wire(client.address)
    yield wire
    wire.cut()


@pytest.fixture
def api(client: GraphClient, tmp_path: Path, serve: Callable[..., FlaskClient]) -> Api:
    small = SmallShop(tmp_path / "shop")
    workspace = opened(client, small)
    ran(workspace)
    return Api(serve(workspace, client.address), workspace, small)


def event(number: int | str, user: str, item: str, type: str = "purchase", day: int = 5) -> Body:  # noqa: A002
    return {
        "event_id": f"e{number}",
        "user_id": user,
        "item_id": item,
        "type": type,
        "at": f"2026-03-{day:02}T09:00:00Z",
    }


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"not after {PATIENCE:.0f} s"
        time.sleep(0.05)


def test_a_purchase_changes_what_is_recommended(api: Api) -> None:
    assert "kettle1" in api.items("new/user")
    assert not api.known("new/user")

    assert api.post(event(1, "new/user", "kettle1")) == {"accepted": 1, "duplicate": 0, "rejected": []}
    eventually(lambda: api.known("new/user"))

    items = api.items("new/user")
    assert "kettle1" not in items
    assert items["tea2"]["because"]["source"]["id"] == "kettle"
    assert items["tea2"]["because"]["bought"] == "kettle1"
    assert items["tea2"]["because"]["reason"] == "Tea needs hot water."
    api.post(event(2, "new/user", "stove2"))
    eventually(lambda: "stove2" not in api.items("new/user"))
    assert {api.items("new/user")[gas]["because"]["source"]["id"] for gas in ("gas1", "gas2")} == {"stove"}


def test_each_event_counts_once(api: Api) -> None:
    one = event(1, "u8", "tent1", "click")
    assert api.post(one, event(2, "u8", "tent1", "click"), one) == {"accepted": 2, "duplicate": 1, "rejected": []}
    assert api.post(one)["duplicate"] == 1
    conflict = api.post({**one, "item_id": "tent2"}, event(3, "u8", "nothing"))
    assert conflict["accepted"] == 0
    assert [refused["index"] for refused in conflict["rejected"]] == [0, 1]
    assert "other content" in conflict["rejected"][0]["reason"]

    eventually(lambda: api.counts("CLICKED")["u8", "tent1"] == 4)  # two stand in the file
    ran(opened(api.workspace.client, api.small))
    assert api.counts("CLICKED") == {("u1", "pot1"): 1, ("u8", "tent1"): 4}


def test_an_event_without_time_or_id_is_retried_without_counting_twice(api: Api) -> None:
    undated = {"event_id": "x", "user_id": "u1", "item_id": "gas1", "type": "purchase"}
    unnamed = {"user_id": "u1", "item_id": "gas2", "type": "purchase", "at": "2026-03-05T09:00:00Z"}

    assert api.post(undated, unnamed)["accepted"] == 2
    assert api.post(undated, unnamed) == {"accepted": 0, "duplicate": 2, "rejected": []}
    eventually(lambda: ("u1", "gas2") in api.counts())
    assert (api.counts()["u1", "gas1"], api.counts()["u1", "gas2"]) == (1, 1)


def test_ids_with_slashes(api: Api) -> None:
    assert api.known(SLASHED_USER)
    api.post(event("/1", SLASHED_USER, SLASHED_ITEM))
    eventually(lambda: SLASHED_ITEM not in api.items(SLASHED_USER))
    item = quote(SLASHED_ITEM, safe="")
    assert api.client.get(f"/v1/items/{item}/complements").status_code == HTTPStatus.OK
    assert api.client.get(f"/v1/items/{item}/substitutes").json["items"][0]["item_id"] == "mug1"
    edge = api.client.get("/v1/explanations", query_string={"from": "entity:tea", "to": SLASHED_ITEM})
    assert edge.json["edges"][0]["source"]["id"] == "tea"
    assert api.client.delete(f"/v1/users/{quote(SLASHED_USER, safe='')}").status_code == HTTPStatus.NO_CONTENT
    assert not api.known(SLASHED_USER)


def test_a_person_is_forgotten_everywhere_and_for_good(api: Api) -> None:
    assert api.client.delete("/v1/users/u4").status_code == HTTPStatus.NO_CONTENT

    assert not api.known("u4")
    assert api.workspace.journal.frame(["u4"]).height == 0
    [load, *_] = ran(opened(api.workspace.client, api.small))  # the file still holds what the person bought
    assert load.summary["forgotten"] == 3
    exported = export(api.workspace.client)
    assert "u4" not in exported["User"]["id"]
    assert {row["id"]: row["popularity"] for row in exported["Item"].to_dicts()}["pot1"] == 0
    assert ("gas1", "pot1") not in edges(exported, "BOUGHT_BEFORE")
    written = [path for path in (api.small.folder / ".kerec").rglob("*") if path.is_file()]
    assert not [path.name for path in written if b"u4" in path.read_bytes() and path.suffix in (".sqlite", ".csv")]
    api.post(event(1, "u4", "tea1", day=6))
    time.sleep(0.2)
    assert not api.known("u4")  # dated before the person was forgotten
    api.post({"event_id": "e2", "user_id": "u4", "item_id": "tea1", "type": "purchase"})
    eventually(lambda: api.known("u4"))


def test_while_the_graph_is_away_events_are_kept_and_reads_refused(
    wire: Wire, api: Api, serve: Callable[..., FlaskClient]
) -> None:
    away = serve(api.workspace, wire.address)
    assert away.get("/v1/users/u1/recommendations").status_code == HTTPStatus.OK
    wire.cut()

    posted = away.post("/v1/events", json={"events": [event(1, "late", "kettle1")]})
    refused = [
        away.get("/v1/users/late/recommendations"),
        away.post("/v1/baskets/recommendations", json={"items": ["tent1"]}),
        away.delete("/v1/users/u1"),
        away.get("/readyz"),
    ]

    assert posted.status_code == HTTPStatus.ACCEPTED
    for answer in refused:
        assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert answer.content_type == "application/problem+json"
        assert int(answer.headers["Retry-After"]) > 0
    assert away.get("/healthz").status_code == HTTPStatus.OK
    assert api.workspace.journal.frame(["u1"]).height > 0
    wire.mend()
    eventually(lambda: away.get("/readyz").status_code == HTTPStatus.OK)
    assert away.post("/v1/events", json={"events": [event(2, "late", "stove1")]}).status_code == HTTPStatus.ACCEPTED
    eventually(lambda: {("late", "kettle1"), ("late", "stove1")} <= api.counts().keys())


def test_the_follower_lives_on_when_another_process_holds_the_users(api: Api) -> None:
    with feedback_lock(api.workspace.shop):  # as a load does
        api.post(event(1, "waiting", "kettle1"))
        assert follow_journal(api.workspace, wait=False) == 0
        time.sleep(1.5)
        assert not api.known("waiting")

    eventually(lambda: api.known("waiting"))


def test_what_arrives_while_weights_are_computed_is_weighed_next_time(api: Api) -> None:
    posted: list[str] = []

    def progress(what: str, _done: int, _total: int) -> None:
        if what.startswith("item_popularity") and not posted:  # the purchases have been read by now
            posted.append(what)
            api.post(event(1, "buyer", "kettle1", day=4), event(2, "buyer", "tea1", day=5))

    before = api.workspace.journal.frame().filter(type="purchase").height
    api.post(event(0, "other", "lantern1"))  # so that there is something to weigh
    [*_, first] = ran(Workspace(api.workspace.shop, api.workspace.client, progress))
    [*_, second] = ran(api.workspace)

    assert posted
    assert (first.unchanged, second.unchanged) == (False, False)
    assert first.summary["purchases"] == before + 1
    assert second.summary["purchases"] == before + 3


@pytest.mark.parametrize("variant", ["order", "baskets"])
def test_events_of_a_shop_without_a_clock_come_after_its_file(
    client: GraphClient, tmp_path: Path, serve: Callable[..., FlaskClient], variant: Any
) -> None:
    small = SmallShop(tmp_path / "shop", variant)
    workspace = opened(client, small)
    ran(workspace)
    api = Api(serve(workspace, client.address), workspace, small)

    api.post(event(1, "u3", "kettle1"), event(2, "fresh", "tent2"))
    eventually(lambda: {("u3", "kettle1"), ("fresh", "tent2")} <= api.counts().keys())

    bought = edges(export(client), "BOUGHT")
    assert bought["u3", "kettle1"]["position"] == (2 if variant == "order" else 0)
    assert api.items("fresh")["mat1"]["because"]["source"]["id"] == "tent"
    followed = export(client)
    ran(opened(client, small))
    for name in ("BOUGHT", "INTERESTED_IN", "User"):
        assert export(client)[name].equals(followed[name])


def test_an_api_on_an_empty_graph_is_not_ready_and_says_why(
    client: GraphClient, tmp_path: Path, serve: Callable[..., FlaskClient]
) -> None:
    wipe(client)
    small = SmallShop(tmp_path / "shop")
    browser = serve(Workspace(small.open(), client), client.address)

    answer = browser.get("/readyz")

    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "kerec run" in answer.json["detail"]
