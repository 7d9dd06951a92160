"""A local HTTP server that speaks the Messages API, and judges that ask it."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import pytest

from services.judging.budget import Budget
from services.judging.claude import ClaudeTransport, claude_judge
from services.judging.language import LanguageJudge, Pace
from services.judging.ledger import Ledger

Reaction = tuple[int, dict[str, str], bytes]


@dataclass
class MessagesApi:
    """What the server was asked, and what it does next: first `script`, then `react` or accepting every pair."""

    url: str = ""
    key: str = "sk-test"
    requests: list[dict[str, Any]] = field(default_factory=list)
    script: deque[Reaction | Callable[[dict[str, Any]], Reaction]] = field(default_factory=deque)
    react: Callable[[dict[str, Any]], Reaction] | None = None
    lock: Lock = field(default_factory=Lock)

    def handle(self, key: str, request: dict[str, Any]) -> Reaction:
        with self.lock:
            self.requests.append(request)
            next_one = self.script.popleft() if self.script else self.react or self.accept_all
        if key != self.key:
            return self.refusal(401, "authentication_error", "invalid x-api-key")
        return next_one(request) if callable(next_one) else next_one

    @staticmethod
    def asked(request: dict[str, Any]) -> list[dict[str, Any]]:
        """The numbered pairs of a request."""
        return [json.loads(line) for line in request["messages"][0]["content"].splitlines()[1:]]

    @staticmethod
    def answer(pair: int, label: str = "complement", **changes: Any) -> dict[str, Any]:
        """One well-formed answer of the model."""
        right = {"pair": pair, "label": label, "direction": "forward", "strength": 2, "reason": "goes with it"}
        return {**right, **changes}

    @staticmethod
    def message(text: str, stop: str = "end_turn") -> Reaction:
        """A Messages API answer; it begins with a block of thinking, as current models' answers do."""
        body = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": "claude-sonnet-5-5",
            "content": [{"type": "thinking", "thinking": "", "signature": "x"}, {"type": "text", "text": text}],
            "stop_reason": stop,
            "stop_sequence": None,
            "usage": {"input_tokens": 1_000, "output_tokens": 500},
        }
        return 200, {"content-type": "application/json"}, json.dumps(body).encode()

    @classmethod
    def answers(cls, *given: dict[str, Any]) -> Reaction:
        """A complete message with these answers."""
        return cls.message(json.dumps({"answers": given}))

    @staticmethod
    def refusal(status: int, kind: str, text: str, **headers: str) -> Reaction:
        """An error of the Messages API."""
        body = {"type": "error", "error": {"type": kind, "message": text}, "request_id": "req_1"}
        return status, {"content-type": "application/json", **headers}, json.dumps(body).encode()

    @classmethod
    def accept_all(cls, request: dict[str, Any]) -> Reaction:
        """Every pair is complementary."""
        return cls.answers(*(cls.answer(pair["pair"]) for pair in cls.asked(request)))


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[MessagesApi]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    state = MessagesApi()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, headers, body = state.handle(self.sent_key(), request)
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def sent_key(self) -> str:
            """SDKs differ in the header that carries the key: x-api-key before, now a bearer token."""
            return str(self.headers["x-api-key"] or self.headers["authorization"]).removeprefix("Bearer ")

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger" / "judging.sqlite") as opened:
        yield opened


@pytest.fixture
def claude(api: MessagesApi, ledger: Ledger) -> Callable[..., LanguageJudge]:
    """Builds a Claude judge of the local server: one request at a time, no waiting between attempts."""

    def build(limit: float = 100.0, key: str = api.key, timeout: float = 10.0, **pace: Any) -> LanguageJudge:
        transport = ClaudeTransport(api_key=key, base_url=api.url, timeout=timeout)
        chosen = Pace(**{"batch": 4, "workers": 1, "attempts": 3, "first_wait": 0.0, **pace})
        return claude_judge(ledger, Budget(limit), transport, pace=chosen)

    return build
