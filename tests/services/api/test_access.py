"""Request ids, access lines and counts."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from services.api.access import request_id, template
from tests.services.api.fakes import Shop


@pytest.mark.parametrize("sent", ["a", "x" * 128, "!~[]{}", "3f9a-1c20"])
def test_a_clients_own_id_is_kept(client: FlaskClient, sent: str) -> None:
    for path in ("/healthz", "/nothing", "/v1/items/i999/complements"):
        assert client.get(path, headers={"X-Request-ID": sent}).headers["X-Request-ID"] == sent


@pytest.mark.parametrize("sent", [None, "", "x" * 129, "two words", "tab\t", "é", "line\nbreak", "line\n"])
def test_an_unusable_id_is_replaced(sent: str | None) -> None:
    made = request_id(sent)
    assert len(made) == 32
    assert int(made, 16) >= 0
    assert made != request_id(sent)


def test_every_answer_has_an_id_of_its_own(client: FlaskClient) -> None:
    answers = [
        client.get("/healthz"),
        client.delete("/v1/users/u1"),
        client.post("/v1/events"),
        client.options("/metrics"),
    ]
    assert len({answer.headers["X-Request-ID"] for answer in answers}) == 4


def test_one_line_a_request_that_names_nobody(client: FlaskClient) -> None:
    with capture_logs() as logs:
        client.get("/v1/users/alice/recommendations?k=3")
        client.delete("/v1/users/alice")
        client.get("/alice")
        client.post("/v1/baskets/recommendations", json={"items": ["alice"], "k": 0})
    assert [(line["method"], line["route"], line["status"]) for line in logs] == [
        ("GET", "/v1/users/{id}/recommendations", 200),
        ("DELETE", "/v1/users/{id}", 204),
        ("GET", "unmatched", 404),
        ("POST", "/v1/baskets/recommendations", 422),
    ]
    assert all(line["event"] == "request" and line["ms"] >= 0 for line in logs)
    assert "alice" not in str(logs)


def test_the_log_carries_the_id_of_the_answer(
    client: FlaskClient, shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.down = RuntimeError("boom")
    client.get("/v1/users/u1/recommendations", headers={"X-Request-ID": "mine-1"})
    client.get("/healthz", headers={"X-Request-ID": "mine-2"})
    lines = [line for line in capsys.readouterr().out.splitlines() if "request_id" in line]
    assert ["mine-1" in line for line in lines] == [True, True, False]
    assert "mine-2" in lines[2]


def test_templates() -> None:
    assert template("/v1/users/<id:id>/recommendations") == "/v1/users/{id}/recommendations"
    assert template("/healthz") == "/healthz"
