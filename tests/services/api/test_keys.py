"""Keys: who may call."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from services.api.app import ApiSettings, create_app
from tests.services.api.fakes import Shop, parts

FREE = ("/healthz", "/readyz", "/openapi.json")
GUARDED = ("/v1/users/u1/recommendations", "/v1/explanations?from=i1&to=i2", "/metrics", "/nothing", "/v1/events")


@pytest.fixture
def guarded() -> FlaskClient:
    settings = ApiSettings(keys=("first-key", "second-key"), validate_responses=True)
    return create_app(parts(Shop()), settings).test_client()


@pytest.mark.parametrize("path", FREE)
def test_probes_and_the_document_are_free(guarded: FlaskClient, path: str) -> None:
    assert guarded.get(path).status_code == 200


@pytest.mark.parametrize("path", GUARDED)
@pytest.mark.parametrize(
    "sent",
    [None, "", "Bearer", "Bearer ", "Bearer wrong", "Bearer first-key2", "Basic first-key", "first-key", "Bearer ä"],
)
def test_everything_else_needs_a_key(guarded: FlaskClient, path: str, sent: str | None) -> None:
    answer = guarded.get(path, headers={} if sent is None else {"Authorization": sent})
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer realm=kerec"
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]


@pytest.mark.parametrize("sent", ["Bearer first-key", "bearer second-key", "BEARER  first-key"])
def test_any_of_the_keys_opens(guarded: FlaskClient, sent: str) -> None:
    assert guarded.get("/v1/users/u1/recommendations", headers={"Authorization": sent}).status_code == 200


def test_a_body_is_not_read_without_a_key(guarded: FlaskClient) -> None:
    assert guarded.post("/v1/events", data=b"{", content_type="application/json").status_code == 401


def test_the_document_demands_a_key_only_where_the_server_does(guarded: FlaskClient, client: FlaskClient) -> None:
    document = guarded.get("/openapi.json").json
    assert document["security"] == [{"key": []}]
    assert document["components"]["securitySchemes"]["key"] == {"type": "http", "scheme": "bearer"}
    assert all(document["paths"][path]["get"]["security"] == [] for path in FREE)
    assert "security" not in document["paths"]["/metrics"]["get"]
    assert "security" not in client.get("/openapi.json").json
