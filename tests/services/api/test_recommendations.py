"""Lists for users, baskets and items over HTTP."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.services.api.fakes import ITEMS, RELEASE, Shop

BECAUSE_KEYS = ["bought", "source", "target", "weight", "reason"]


def test_a_user_gets_twenty_items_with_reasons(client: FlaskClient) -> None:
    answer = client.get("/v1/users/u1/recommendations")
    body = answer.json
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert list(body) == ["user_id", "known", "release", "items"]
    assert (body["user_id"], body["known"], body["release"]) == ("u1", True, RELEASE)
    assert [item["item_id"] for item in body["items"]] == list(ITEMS[:20])
    assert body["items"][0] == {
        "rank": 1,
        "item_id": "i0",
        "title": "Title of i0 – “é”",
        "score": 1.0,
        "channel": "complementary",
        "because": {
            "bought": "i3",
            "source": {"id": "tent", "name": "Tent"},
            "target": {"id": "sleeping-mat", "name": "Sleeping mat"},
            "weight": 0.81,
            "reason": "Whoever sleeps in a tent lies on something.",
        },
    }


def test_because_has_the_same_keys_where_no_edge_supports_an_item(client: FlaskClient) -> None:
    second = client.get("/v1/users/u1/recommendations?k=2").json["items"][1]
    assert second["because"] == dict.fromkeys(BECAUSE_KEYS)


def test_an_unknown_user_is_served_and_called_unknown(client: FlaskClient) -> None:
    body = client.get("/v1/users/stranger/recommendations").json
    assert body["known"] is False
    assert len(body["items"]) == 20


@pytest.mark.parametrize(("query", "length"), [("?k=1", 1), ("?k=100", 100), ("?k=7&colour=blue", 7), ("", 20)])
def test_k_bounds_the_list(client: FlaskClient, query: str, length: int) -> None:
    assert len(client.get(f"/v1/items/i1/complements{query}").json["items"]) == length


@pytest.mark.parametrize("k", ["0", "101", "-1", "x", "", "1.5", "1e2", "99999999999999999999999999"])
def test_k_out_of_bounds_is_refused(client: FlaskClient, k: str) -> None:
    for path in ("/v1/users/u1/recommendations", "/v1/items/i1/complements", "/v1/items/i1/substitutes"):
        answer = client.get(f"{path}?k={quote(k)}")
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json["errors"]] == ["k"]


@pytest.mark.parametrize("kind", ["complements", "substitutes"])
def test_items_beside_an_item(client: FlaskClient, kind: str) -> None:
    body = client.get(f"/v1/items/i1/{kind}?k=3").json
    assert list(body) == ["known", "release", "items"]
    assert [item["item_id"] for item in body["items"]] == ["i0", "i2", "i3"]


@pytest.mark.parametrize("kind", ["complements", "substitutes"])
def test_an_unknown_item_in_the_path_is_not_found(client: FlaskClient, kind: str) -> None:
    answer = client.get(f"/v1/items/i999/{kind}")
    assert answer.status_code == 404
    assert answer.json["detail"] == "No item has the id 'i999'."


def test_a_basket_leaves_out_what_it_holds_and_what_is_excluded(client: FlaskClient) -> None:
    body = client.post(
        "/v1/baskets/recommendations", json={"items": ["i0", "gone"], "k": 3, "exclude": ["i2", "i3"]}
    ).json
    assert list(body) == ["known", "release", "items", "unknown_items"]
    assert [item["item_id"] for item in body["items"]] == ["i1", "i4", "i5"]
    assert (body["known"], body["unknown_items"]) == (True, ["gone"])


def test_an_empty_basket_gets_the_popular_items(client: FlaskClient) -> None:
    answer = client.post("/v1/baskets/recommendations", json={"items": []})
    assert answer.status_code == 200
    assert (answer.json["known"], answer.json["unknown_items"], len(answer.json["items"])) == (False, [], 20)


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({}, "items", "required"),
        ({"items": "i1"}, "items", "list"),
        ({"items": [1]}, "items.0", "string"),
        ({"items": [""]}, "items.0", "at least 1"),
        ({"items": ["i1"], "k": 0}, "k", "greater"),
        ({"items": ["i1"], "k": 101}, "k", "less"),
        ({"items": ["i1"], "exclude": [None]}, "exclude.0", "string"),
        ({"items": ["i1"] * 1001}, "items", "1000"),
        ({"itmes": ["i1"]}, "body", "did you mean 'items'?"),
        ({"items": [], "zzz": 1}, "body", "known are items, k, exclude"),
        ([], "body", ""),
        ("items", "body", ""),
        (7, "body", ""),
    ],
)
def test_a_wrong_basket_is_refused_by_field(client: FlaskClient, body: object, field: str, words: str) -> None:
    answer = client.post("/v1/baskets/recommendations", json=body)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert words in answer.json["errors"][0]["detail"]


def test_explanations_name_the_edges(client: FlaskClient) -> None:
    body = client.get("/v1/explanations?from=i1&to=entity:sleeping-mat").json
    assert list(body) == ["edges"]
    assert body["edges"] == [
        {
            "source": {"id": "tent", "name": "Tent"},
            "target": {"id": "sleeping-mat", "name": "Sleeping mat"},
            "relation": "COMPLEMENTS",
            "weight": 0.81,
            "probability": 0.9,
            "reason": "Whoever sleeps in a tent lies on something.",
            "judge": "recorded",
            "release": RELEASE,
        }
    ]
    assert client.get("/v1/explanations?from=i1&to=i1").json == {"edges": []}


def test_explanations_need_both_ends_and_known_ones(client: FlaskClient) -> None:
    assert [e["field"] for e in client.get("/v1/explanations?from=i1").json["errors"]] == ["to"]
    assert [e["field"] for e in client.get("/v1/explanations?from=&to=i1").json["errors"]] == ["from"]
    answer = client.get("/v1/explanations?from=i1&to=entity:boat")
    assert (answer.status_code, answer.json["detail"]) == (404, "Nothing has the id 'entity:boat'.")


def test_a_forgotten_user_is_handed_to_the_forgetter(client: FlaskClient, shop: Shop) -> None:
    answer = client.delete("/v1/users/a%2Fb")
    assert (answer.status_code, answer.data) == (204, b"")
    assert shop.forgotten == ["a/b"]
