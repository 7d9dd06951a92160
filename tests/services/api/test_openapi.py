"""The OpenAPI document: every route, and answers that are as it says."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from graph.errors import GraphUnavailableError
from services.api.access import template
from services.api.app import create_app
from tests.services.api.fakes import Shop, parts

ROUTES = {
    ("get", "/v1/users/{id}/recommendations"),
    ("post", "/v1/baskets/recommendations"),
    ("get", "/v1/items/{id}/complements"),
    ("get", "/v1/items/{id}/substitutes"),
    ("get", "/v1/explanations"),
    ("post", "/v1/events"),
    ("delete", "/v1/users/{id}"),
    ("get", "/healthz"),
    ("get", "/readyz"),
    ("get", "/metrics"),
    ("get", "/openapi.json"),
}
EVENT = {"event_id": "e1", "user_id": "u1", "item_id": "i1", "type": "click", "at": "2026-01-01T00:00:00Z"}
# (method, path, its template, body, status)
CALLS: tuple[tuple[str, str, str, Any, int], ...] = (
    ("get", "/v1/users/u1/recommendations", "/v1/users/{id}/recommendations", None, 200),
    ("get", "/v1/users/stranger/recommendations?k=100", "/v1/users/{id}/recommendations", None, 200),
    ("get", "/v1/users/u1/recommendations?k=0", "/v1/users/{id}/recommendations", None, 422),
    ("get", "/v1/users/%FF/recommendations", "/v1/users/{id}/recommendations", None, 400),
    ("post", "/v1/baskets/recommendations", "/v1/baskets/recommendations", {"items": ["i1", "gone"]}, 200),
    ("post", "/v1/baskets/recommendations", "/v1/baskets/recommendations", {"items": 1}, 422),
    ("post", "/v1/baskets/recommendations", "/v1/baskets/recommendations", None, 415),
    ("get", "/v1/items/i1/complements", "/v1/items/{id}/complements", None, 200),
    ("get", "/v1/items/gone/complements", "/v1/items/{id}/complements", None, 404),
    ("get", "/v1/items/i1/substitutes", "/v1/items/{id}/substitutes", None, 200),
    ("get", "/v1/items/gone/substitutes", "/v1/items/{id}/substitutes", None, 404),
    ("get", "/v1/explanations?from=i1&to=i2", "/v1/explanations", None, 200),
    ("get", "/v1/explanations?from=gone&to=i2", "/v1/explanations", None, 404),
    ("get", "/v1/explanations", "/v1/explanations", None, 422),
    ("post", "/v1/events", "/v1/events", {"events": [EVENT, {}]}, 202),
    ("post", "/v1/events", "/v1/events", {"events": [EVENT] * 1001}, 422),
    ("post", "/v1/events", "/v1/events", {"events": ["x" * (1 << 20)]}, 413),
    ("delete", "/v1/users/u1", "/v1/users/{id}", None, 204),
    ("get", "/healthz", "/healthz", None, 200),
    ("get", "/readyz", "/readyz", None, 200),
    ("get", "/metrics", "/metrics", None, 200),
    ("get", "/openapi.json", "/openapi.json", None, 200),
)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    answer = create_app(parts(Shop())).test_client().get("/openapi.json")
    assert answer.content_type == "application/json"
    found: dict[str, Any] = answer.json
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and operation of everything documented."""
    return [(method, path, each) for path, item in document["paths"].items() for method, each in item.items()]


def closed(document: dict[str, Any]) -> dict[str, Any]:
    """The document with every object limited to the properties that it names."""
    strict = copy.deepcopy(document)
    for schema in strict["components"]["schemas"].values():
        if schema.get("type") == "object":
            schema["additionalProperties"] = False
    return strict


def check(document: dict[str, Any], method: str, path: str, answer: TestResponse) -> None:
    documented = document["paths"][path][method]["responses"][str(answer.status_code)]
    if "content" not in documented:
        assert answer.data == b""
        return
    schema = documented["content"][answer.mimetype]["schema"]
    body = answer.text if answer.mimetype == "text/plain" else answer.json
    Draft202012Validator({**schema, "components": closed(document)["components"]}).validate(body)


def test_every_route_of_the_contract_is_there_and_no_other(document: dict[str, Any]) -> None:
    assert {(method, path) for method, path, _ in operations(document)} == ROUTES
    rules = create_app(parts(Shop())).url_map.iter_rules()
    served = {(method.lower(), template(rule.rule)) for rule in rules for method in rule.methods - {"HEAD", "OPTIONS"}}
    assert served == ROUTES


@pytest.mark.parametrize(("method", "path", "route", "body", "status"), CALLS)
def test_answers_are_as_documented(
    client: FlaskClient, document: dict[str, Any], method: str, path: str, route: str, body: object, status: int
) -> None:
    answer = client.open(path, method=method, **({} if body is None else {"json": body}))
    assert answer.status_code == status
    check(document, method, route, answer)


@pytest.mark.parametrize(("method", "path", "route", "body", "status"), [call for call in CALLS if call[4] == 200])
def test_failures_are_as_documented(
    client: FlaskClient,
    shop: Shop,
    document: dict[str, Any],
    method: str,
    path: str,
    route: str,
    body: object,
    status: int,
) -> None:
    shop.down = GraphUnavailableError("The graph server does not answer.")
    answer = client.open(path, method=method, **({} if body is None else {"json": body}))
    check(document, method, route, answer)
    shop.down = RuntimeError("boom")
    check(document, method, route, client.open(path, method=method, **({} if body is None else {"json": body})))
    assert answer.status_code == (503 if route.startswith("/v1") or route == "/readyz" else status)


def test_every_error_is_documented_as_a_problem(document: dict[str, Any]) -> None:
    for _, _, operation in operations(document):
        errors = {status: each for status, each in operation["responses"].items() if int(status) >= 400}
        assert "500" in errors
        for each in errors.values():
            assert each["content"] == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def test_schemas_are_sound_and_their_examples_fit(document: dict[str, Any]) -> None:
    strict = closed(document)
    for name, schema in document["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        if "example" in schema:
            named = {"$ref": f"#/components/schemas/{name}", "components": strict["components"]}
            Draft202012Validator(named).validate(schema["example"])


@pytest.mark.parametrize("route", ["/v1/events", "/v1/baskets/recommendations"])
def test_the_example_of_a_body_is_accepted(client: FlaskClient, document: dict[str, Any], route: str) -> None:
    reference = document["paths"][route]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    example = document["components"]["schemas"][reference.rpartition("/")[2]]["example"]
    answer = client.post(route, json=example)
    assert answer.status_code in (200, 202)
    assert answer.json.get("rejected", []) == []


def test_operations_have_a_name_and_a_summary_of_their_own(document: dict[str, Any]) -> None:
    found = operations(document)
    assert len({operation["operationId"] for _, _, operation in found}) == len(found)
    assert all(operation["summary"] for _, _, operation in found)
