"""Ids in paths hold any character."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from services.api.app import ApiSettings, create_app
from services.api.paths import canonical
from tests.services.api.fakes import ODD_IDS, Shop, parts

IDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
CLIENT = create_app(parts(Shop()), ApiSettings(validate_responses=True)).test_client()


@pytest.mark.parametrize("odd", ODD_IDS)
def test_odd_ids_arrive_as_they_are(client: FlaskClient, shop: Shop, odd: str) -> None:
    encoded = quote(odd, safe="")
    body = client.get(f"/v1/users/{encoded}/recommendations").json
    assert (body["user_id"], body["known"]) == (odd, True)
    assert client.get(f"/v1/items/{encoded}/complements").status_code == 200
    assert client.delete(f"/v1/users/{encoded}").status_code == 204
    assert shop.forgotten == [odd]


@given(IDS)
def test_any_id_survives_the_path(odd: str) -> None:
    body = CLIENT.get(f"/v1/users/{quote(odd, safe='')}/recommendations?k=1").json
    assert body["user_id"] == odd


@given(IDS)
def test_canonical_paths_keep_every_segment(odd: str) -> None:
    path = f"/v1/users/{quote(odd, safe='')}/recommendations"
    assert canonical(path) == canonical(canonical(path)) == path


def test_what_needs_no_encoding_may_be_sent_either_way(client: FlaskClient) -> None:
    for sent in ("a:b@c,d", "a%3Ab%40c%2Cd", "a%3ab%40c%2cd"):
        assert client.get(f"/v1/users/{sent}/recommendations").json["user_id"] == "a:b@c,d"
    assert client.get("/%76%31/users/%75%31/recommendations").json["user_id"] == "u1"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/users/a/b/recommendations",
        "/v1/users//recommendations",
        "/v1//users/u1/recommendations",
        "/v1/users/u1/recommendations/",
        "/v1",
        "/",
    ],
)
def test_a_bare_slash_separates_segments(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert answer.json["detail"] == "No such path; /openapi.json lists those there are."
    assert answer.json["instance"] == path


def test_bytes_that_are_no_text_are_refused(client: FlaskClient) -> None:
    answer = client.get("/v1/users/%FF%FE/recommendations")
    assert (answer.status_code, answer.json["detail"]) == (400, "An id in the path is not percent-encoded UTF-8.")


def test_a_server_that_hands_on_no_raw_target_still_serves_ids_without_slashes(client: FlaskClient) -> None:
    environ = {"RAW_URI": None, "REQUEST_URI": None}
    body = client.get("/v1/users/%C3%A4%20%25/recommendations", environ_overrides=environ).json
    assert body["user_id"] == "ä %"


def test_an_absolute_target_is_read_by_its_path(client: FlaskClient) -> None:
    overrides = {"RAW_URI": "http://shop.example/v1/users/a%2Fb/recommendations?k=1#top"}
    assert client.get("/", query_string="k=1", environ_overrides=overrides).json["user_id"] == "a/b"


def test_a_mount_point_is_left_out(client: FlaskClient) -> None:
    overrides = {"RAW_URI": "/kerec%20api/v1/users/a%2Fb/recommendations", "SCRIPT_NAME": "/kerec api"}
    assert client.get("/", environ_overrides=overrides).json["user_id"] == "a/b"
