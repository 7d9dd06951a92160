import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from graph.errors import GraphUnavailableError
from graph.records import EventType
from training.simulator.http import HttpService, RefusedError
from training.simulator.log import Sent
from training.simulator.port import Shown

EDGE = {"bought": "i1", "source": {"id": "tent", "name": "T"}, "target": {"id": "mat", "name": "M"}, "weight": 0.5}
NONE = {"bought": None, "source": None, "target": None, "weight": None}


class Service(ThreadingHTTPServer):
    """Answers as the API does, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.paths: list[str] = []
        self.events: list[dict[str, Any]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        if "nobody" in self.path:
            self.send_error(503)
            return
        user = self.path.split("/")[3]
        items = [
            {"item_id": f"{user}-1", "channel": "complementary", "because": EDGE},
            {"item_id": f"{user}-2", "channel": "popularity", "because": NONE},
        ]
        self._answer({"items": items})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.events += body["events"]
        bad = [{"index": n, "reason": "unknown"} for n, event in enumerate(body["events"]) if event["item_id"] == "bad"]
        self._answer({"accepted": len(body["events"]), "duplicate": 0, "rejected": bad})

    def _answer(self, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        return


@pytest.fixture
def server() -> Iterator[Service]:
    with Service() as service:
        thread = Thread(target=service.serve_forever)
        thread.start()
        yield service
        service.shutdown()
        thread.join()


@pytest.fixture
def service(server: Service) -> HttpService:
    return HttpService(f"http://127.0.0.1:{server.server_port}")


def sent(number: int, item: str = "i1", request: str | None = None) -> Sent:
    return Sent(f"e{number}", "u1", item, EventType.CLICK, 1.0 + number / 86_400, 3 if request else None, request)


def test_lists_come_in_the_order_of_users_with_their_edges(server: Service, service: HttpService) -> None:
    users = [f"u{number}" for number in range(12)]
    lists = service.lists(users, 7)
    assert lists == [
        [Shown(f"{user}-1", "complementary", "tent", "mat", 0.5), Shown(f"{user}-2", "popularity")] for user in users
    ]
    assert sorted(server.paths) == sorted(f"/v1/users/{user}/recommendations?k=7" for user in users)


def test_names_are_percent_encoded(server: Service, service: HttpService) -> None:
    service.lists(["a/b c"], 1)
    assert server.paths == ["/v1/users/a%2Fb%20c/recommendations?k=1"]


def test_events_are_sent_in_parts_the_latest_first(server: Service, service: HttpService) -> None:
    service.post([sent(number, request="r1") for number in range(1_500)])
    assert [event["event_id"] for event in server.events] == [f"e{number}" for number in reversed(range(1_500))]
    assert server.events[-1] == {
        "event_id": "e0",
        "user_id": "u1",
        "item_id": "i1",
        "type": "click",
        "at": "2025-06-02T00:00:00Z",
        "position": 3,
        "request_id": "r1",
    }


def test_what_has_no_request_has_no_position(server: Service, service: HttpService) -> None:
    service.post([sent(1)])
    assert "position" not in server.events[0]
    service.post([])
    assert len(server.events) == 1


def test_a_refusal_says_which_event_and_why(service: HttpService) -> None:
    with pytest.raises(RefusedError, match=r"'item_id': 'bad'.*unknown"):
        service.post([sent(1), sent(2, "bad")])


def test_an_error_and_an_absence_are_told_apart(server: Service, service: HttpService) -> None:
    with pytest.raises(RefusedError, match="503"):
        service.lists(["nobody"], 1)
    with pytest.raises(GraphUnavailableError, match="does not answer"):
        HttpService("http://127.0.0.1:9").lists(["u1"], 1)
