"""Events over HTTP: each judged by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from graph.errors import GraphUnavailableError
from graph.records import Event, EventType
from services.catalog.identity import event_hash
from tests.services.api.fakes import Shop

NEW_YEAR = 1_767_225_600_000


def event(**fields: Any) -> dict[str, Any]:
    """A click that is fine, with other fields; None leaves one out."""
    whole = {"event_id": "e1", "user_id": "u1", "item_id": "i1", "type": "click", "at": "2026-01-01T00:00:00Z"} | fields
    return {name: value for name, value in whole.items() if value is not None}


def post(client: FlaskClient, *events: object) -> dict[str, Any]:
    answer = client.post("/v1/events", json={"events": list(events)})
    assert answer.status_code == 202
    assert list(answer.json) == ["accepted", "duplicate", "rejected"]
    body: dict[str, Any] = answer.json
    return body


def test_an_event_reaches_the_journal_with_all_its_fields(client: FlaskClient, shop: Shop) -> None:
    assert post(client, event(position=3, request_id="r1")) == {"accepted": 1, "duplicate": 0, "rejected": []}
    assert shop.journal == {"e1": Event("e1", EventType.CLICK, "i1", user="u1", at=NEW_YEAR, position=3, request="r1")}


def test_a_retry_is_a_duplicate_and_other_content_is_rejected(client: FlaskClient, shop: Shop) -> None:
    post(client, event())
    outcome = post(client, event(), event(event_id="e2"), event(item_id="i2"), event(event_id="e3", type="purchase"))
    reason = "event_id: The same event_id was sent before with other content"
    assert outcome == {"accepted": 2, "duplicate": 1, "rejected": [{"index": 2, "reason": reason}]}
    assert shop.journal["e1"].item == "i1"


def test_the_good_are_taken_and_the_bad_are_named(client: FlaskClient, shop: Shop) -> None:
    outcome = post(
        client,
        "nonsense",
        event(event_id="a"),
        event(event_id="b", item_id="gone"),
        event(event_id="c", type="view"),
        event(event_id="d"),
        None,
        event(event_id="a", item_id="i2"),
    )
    assert (outcome["accepted"], outcome["duplicate"]) == (2, 0)
    assert [rejected["index"] for rejected in outcome["rejected"]] == [0, 2, 3, 5, 6]
    assert outcome["rejected"][1]["reason"] == "item_id: Unknown item 'gone'"
    assert set(shop.journal) == {"a", "d"}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"user_id": None}, "user_id: Field required"),
        ({"user_id": ""}, "user_id: String should have at least 1 character"),
        ({"user_id": 7}, "user_id: Input should be a valid string"),
        ({"item_id": None}, "item_id: Field required"),
        ({"type": None}, "type: Field required"),
        ({"type": "view"}, "type: Input should be 'purchase', 'click' or 'exposure'"),
        ({"event_id": ""}, "event_id: String should have at least 1 character"),
        ({"event_id": None, "at": None}, "at: Required where there is no event_id"),
        ({"at": "yesterday"}, "at: Input should be an ISO 8601 time such as 2026-01-01T00:00:00Z"),
        ({"at": 1767225600}, "at: Input should be an ISO 8601 time such as 2026-01-01T00:00:00Z"),
        ({"at": "2026-02-30T00:00:00Z"}, "at: Input should be an ISO 8601 time such as 2026-01-01T00:00:00Z"),
        ({"position": -1}, "position: Input should be greater than or equal to 0"),
        ({"position": "3"}, "position: Input should be a valid integer"),
        ({"position": 1.5}, "position: Input should be a valid integer"),
        ({"postion": 3}, "body: Unknown key 'postion'; did you mean 'position'?"),
        ({"price": 3}, "body: Unknown key 'price'; "),
    ],
)
def test_why_an_event_is_rejected(client: FlaskClient, shop: Shop, fields: dict[str, Any], reason: str) -> None:
    outcome = post(client, event(**fields))
    assert (outcome["accepted"], outcome["duplicate"], len(outcome["rejected"])) == (0, 0, 1)
    assert outcome["rejected"][0]["reason"].startswith(reason)
    assert shop.journal == {}


@pytest.mark.parametrize(
    "at",
    [
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00",
        "2026-01-01T01:00:00+01:00",
        "2025-12-31T19:00:00.000-05:00",
        "2026-01-01",
        "2026-01-01 00:00",
    ],
)
def test_times_are_utc_unless_they_say_otherwise(client: FlaskClient, shop: Shop, at: str) -> None:
    post(client, event(at=at))
    assert shop.journal["e1"].at == NEW_YEAR


def test_the_ends_of_the_calendar(client: FlaskClient, shop: Shop) -> None:
    outcome = post(
        client,
        event(event_id="first", at="0001-01-01T00:00:00+14:00"),
        event(event_id="last", at="9999-12-31T23:59:59.999-12:00"),
    )
    assert shop.journal["first"].at == -62_135_596_800_000 - 14 * 3_600_000
    assert [each["index"] for each in outcome["rejected"]] == [1]


def test_an_event_without_an_id_is_known_by_its_fields(client: FlaskClient, shop: Shop) -> None:
    assert post(client, event(event_id=None))["accepted"] == 1
    assert post(client, event(event_id=None, at="2026-01-01T01:00:00+01:00"))["duplicate"] == 1
    assert post(client, event(event_id=None, position=0))["accepted"] == 1
    bare = Event("", EventType.CLICK, "i1", user="u1", at=NEW_YEAR)
    assert event_hash(bare) in shop.journal
    assert all(name == stored.id for name, stored in shop.journal.items())


def test_an_event_with_an_id_may_leave_its_time_to_the_journal(client: FlaskClient, shop: Shop) -> None:
    assert post(client, event(at=None))["accepted"] == 1
    assert post(client, event(at=None))["duplicate"] == 1
    assert shop.journal["e1"].at is None


def test_events_are_taken_while_the_graph_is_away(client: FlaskClient, shop: Shop) -> None:
    shop.down = GraphUnavailableError("The graph server does not answer.")
    assert post(client, event())["accepted"] == 1


def test_no_events_and_a_thousand_are_fine_and_more_are_not(client: FlaskClient, shop: Shop) -> None:
    assert post(client) == {"accepted": 0, "duplicate": 0, "rejected": []}
    assert post(client, *(event(event_id=str(n)) for n in range(1000)))["accepted"] == 1000
    answer = client.post("/v1/events", json={"events": [event(event_id=f"x{n}") for n in range(1001)]})
    assert answer.status_code == 422
    assert "x0" not in shop.journal


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "events"), ({"events": None}, "events"), ({"events": {}}, "events"), ([], "body"), ({"event": []}, "body")],
)
def test_a_malformed_envelope_is_refused(client: FlaskClient, body: object, field: str) -> None:
    answer = client.post("/v1/events", json=body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_a_time_more_than_a_day_ahead_is_refused(client: FlaskClient) -> None:
    soon, late = (datetime.now(UTC) + timedelta(hours=hours) for hours in (12, 48))
    outcome = post(client, event(at=soon.isoformat()), event(event_id="e2", at=late.isoformat()))
    assert outcome["accepted"] == 1
    assert [(each["index"], "a day ahead" in each["reason"]) for each in outcome["rejected"]] == [(1, True)]
