"""Every error is a problem document."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from graph.errors import DataError, GraphError, GraphUnavailableError, KerecError, NotFoundError, StorageError
from tests.services.api.fakes import Shop

KEYS = {"type", "title", "status", "detail", "instance", "request_id"}
AWAY = "The graph server at bolt://127.0.0.1:7687 does not answer: start it with kerec graph up."


def check_problem(answer: TestResponse, status: int, detail: str | None = None) -> None:
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert set(answer.json) - {"errors"} == KEYS
    assert (answer.json["type"], answer.json["status"]) == ("about:blank", status)
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]
    assert detail is None or answer.json["detail"] == detail
    assert "\n" not in answer.json["detail"]


def test_an_unknown_path(client: FlaskClient) -> None:
    answer = client.get("/v1/nothing?here=1")
    check_problem(answer, 404, "No such path; /openapi.json lists those there are.")
    assert (answer.json["title"], answer.json["instance"]) == ("Not Found", "/v1/nothing")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/v1/users/u1/recommendations", {"GET", "HEAD", "OPTIONS"}),
        ("GET", "/v1/events", {"POST", "OPTIONS"}),
        ("GET", "/v1/users/u1", {"DELETE", "OPTIONS"}),
        ("PUT", "/healthz", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_a_wrong_method_names_the_right_ones(client: FlaskClient, method: str, path: str, allowed: set[str]) -> None:
    answer = client.open(path, method=method)
    check_problem(answer, 405)
    assert set(answer.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize("path", ["/v1/events", "/v1/baskets/recommendations"])
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_body_of_another_type(client: FlaskClient, path: str, kind: str | None) -> None:
    answer = client.post(path, data=b'{"items": []}', content_type=kind)
    check_problem(answer, 415, "Send the body as JSON, with Content-Type: application/json.")


def test_a_compressed_body(client: FlaskClient) -> None:
    answer = client.post(
        "/v1/events", data=b"\x1f\x8b", content_type="application/json", headers={"Content-Encoding": "gzip"}
    )
    check_problem(answer, 415, "Send the body as it is: no Content-Encoding is understood.")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"items": [}',
        b'{"items": [], }',
        b'{"items": ["\xff"]}',
        b'{"items": ["\\ud800"]}',
        b'{"items": [], "k": NaN}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_a_body_that_is_not_json(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/v1/baskets/recommendations", data=body, content_type="application/json")
    check_problem(answer, 400)
    assert answer.json["detail"].startswith("The body is not JSON: ")


def test_a_body_of_more_than_a_mebibyte(client: FlaskClient) -> None:
    body = b'{"items": [], "exclude": ["' + b"x" * (1 << 20) + b'"]}'
    answer = client.post("/v1/baskets/recommendations", data=body, content_type="application/json")
    check_problem(answer, 413, "The body is longer than 1 MiB; send less at a time.")


@pytest.mark.parametrize(
    "path", ["/v1/users/u1/recommendations", "/v1/items/i1/substitutes", "/v1/explanations?from=i1&to=i2"]
)
def test_reads_ask_to_come_back_while_the_graph_is_away(client: FlaskClient, shop: Shop, path: str) -> None:
    shop.down = GraphUnavailableError(AWAY)
    answer = client.get(path)
    check_problem(answer, 503, AWAY)
    assert int(answer.headers["Retry-After"]) > 0


def test_forgetting_asks_to_come_back_while_the_graph_is_away(client: FlaskClient, shop: Shop) -> None:
    shop.down = GraphUnavailableError(AWAY)
    answer = client.delete("/v1/users/u1")
    check_problem(answer, 503, AWAY)
    assert int(answer.headers["Retry-After"]) > 0
    shop.down = NotFoundError("No user has the id 'u1'.")
    check_problem(client.delete("/v1/users/u1"), 404, "No user has the id 'u1'.")


@pytest.mark.parametrize("kind", [KerecError, GraphError, DataError])
def test_other_errors_of_ours_keep_their_line(client: FlaskClient, shop: Shop, kind: type[KerecError]) -> None:
    shop.down = kind("The graph holds shop 'toys', not 'beauty': use --replace.")
    with capture_logs() as logs:
        answer = client.get("/v1/users/u1/recommendations")
    check_problem(answer, 500, "The graph holds shop 'toys', not 'beauty': use --replace.")
    assert {"event": "failed", "kind": kind.__name__, "log_level": "error"}.items() <= logs[0].items()


def test_a_crash_tells_the_log_and_not_the_client(client: FlaskClient, shop: Shop) -> None:
    shop.down = RuntimeError("secret: hunter2")
    with capture_logs() as logs:
        answer = client.get("/v1/users/u1/recommendations")
    check_problem(answer, 500, "Something went wrong here. The log says what, under this request_id.")
    assert b"hunter2" not in answer.data
    assert logs[0]["event"] == "crashed"
    assert logs[0]["exc_info"] is shop.down


def test_a_full_disk_is_storage_to_come_back_for(client: FlaskClient, shop: Shop) -> None:
    shop.disk = StorageError("The journal cannot be written: no space left on the disk of .kerec/events.")
    event = {"event_id": "e1", "user_id": "u1", "item_id": "i1", "type": "click"}
    answer = client.post("/v1/events", json={"events": [event]})
    check_problem(answer, 503, str(shop.disk))
    assert int(answer.headers["Retry-After"]) > 0
    assert shop.journal == {}


def test_head_and_options(client: FlaskClient) -> None:
    head = client.head("/v1/users/u1/recommendations?k=2")
    assert (head.status_code, head.data) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(client.get("/v1/users/u1/recommendations?k=2").data)
    assert (client.head("/nothing").status_code, client.head("/nothing").data) == (404, b"")
    options = client.options("/v1/events")
    assert (options.status_code, set(options.headers["Allow"].split(", "))) == (200, {"POST", "OPTIONS"})
