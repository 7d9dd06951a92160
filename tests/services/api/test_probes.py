"""Health, readiness and metrics."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from graph.errors import GraphError, GraphUnavailableError, KerecError
from services.api.app import create_app
from tests.services.api.fakes import Shop, parts


@pytest.mark.parametrize(
    "error", [GraphUnavailableError("The graph server is away."), GraphError("No shop is loaded: run kerec load.")]
)
def test_readiness_follows_the_graph_and_health_does_not(client: FlaskClient, shop: Shop, error: KerecError) -> None:
    assert (client.get("/readyz").status_code, client.get("/readyz").json) == (200, {"status": "ready"})
    shop.down = error
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["detail"]) == (503, str(error))
    assert answer.content_type == "application/problem+json"
    assert int(answer.headers["Retry-After"]) > 0
    assert (client.get("/healthz").status_code, client.get("/healthz").json) == (200, {"status": "ok"})


def samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample of a Prometheus text by its name and labels."""
    families = text_string_to_metric_families(text)
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def test_metrics_count_requests_recall_and_events() -> None:
    given = parts(Shop())
    client = create_app(given).test_client()
    for path in ("/v1/users/u1/recommendations", "/v1/users/u2/recommendations", "/nothing", "/elsewhere"):
        client.get(path)
    client.open("/healthz", method="BREW")
    given.metrics.observe_recall("complementary", 0)
    given.metrics.observe_recall("complementary", 40)
    good = {"event_id": "e1", "user_id": "u1", "item_id": "i1", "type": "click"}
    client.post("/v1/events", json={"events": [good, good | {"event_id": "e2"}, {}]})
    client.post("/v1/events", json={"events": [good]})
    answer = client.get("/metrics")
    assert answer.content_type.startswith("text/plain")
    found = samples(answer.text)
    lists = "/v1/users/{id}/recommendations"
    assert found["kerec_http_requests_total", (("method", "GET"), ("route", lists), ("status", "200"))] == 2
    assert found["kerec_http_requests_total", (("method", "GET"), ("route", "unmatched"), ("status", "404"))] == 2
    assert found["kerec_http_requests_total", (("method", "other"), ("route", "unmatched"), ("status", "405"))] == 1
    assert found["kerec_http_request_seconds_count", (("method", "GET"), ("route", lists))] == 2
    assert found["kerec_recall_items_sum", (("channel", "complementary"),)] == 40
    assert found["kerec_recall_items_bucket", (("channel", "complementary"), ("le", "0.0"))] == 1
    events = {fate: found["kerec_events_total", (("fate", fate),)] for fate in ("accepted", "duplicate", "rejected")}
    assert events == {"accepted": 2, "duplicate": 1, "rejected": 1}
    assert "u1" not in answer.text


def test_two_applications_count_apart() -> None:
    one, other = (create_app(parts(Shop())).test_client() for _ in range(2))
    one.get("/v1/items/i1/complements")
    assert "complements" in one.get("/metrics").text
    assert "complements" not in other.get("/metrics").text
