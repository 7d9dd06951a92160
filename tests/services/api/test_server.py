"""The real server: gunicorn in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import psutil
import pytest

from graph.errors import SettingsError
from services.api.app import ApiSettings
from services.api.listener import listen, url
from services.api.server import serve
from tests.services.api.fakes import ODD_IDS, Shop, parts

ROOT = Path(__file__).parents[3]
LIST = "/v1/users/u1/recommendations"


@dataclass
class Process:
    """A serving process and what it has said so far."""

    popen: subprocess.Popen[str]
    log: list[str] = field(default_factory=list)
    address: str = ""

    def connect(self) -> HTTPConnection:
        return HTTPConnection(urlsplit(self.address).netloc, timeout=20)

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, Any, dict[str, str]]:
        """One request on a connection of its own: status, JSON or text, headers."""
        connection = self.connect()
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        kind = answer.headers.get_content_type()
        return answer.status, json.loads(body) if kind.endswith("json") else body.decode(), dict(answer.headers)

    def end(self, number: int = signal.SIGTERM) -> list[str]:
        """Ask it to stop; what it said after the address."""
        self.popen.send_signal(number)
        return self.last_words()

    def last_words(self) -> list[str]:
        """What it says from now until it has ended."""
        assert self.popen.stdout is not None
        said = self.popen.stdout.read().splitlines()
        self.popen.wait(20)
        return said


@contextmanager
def serving(environment: dict[str, str] | None = None, cwd: Path = ROOT, **options: Any) -> Iterator[Process]:
    """The API in a process of its own on a free port."""
    popen = subprocess.Popen(
        [sys.executable, "-m", "tests.services.api.serving", json.dumps({"port": 0, **options})],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process = Process(popen)
    assert popen.stdout is not None
    assert popen.stderr is not None
    reader = threading.Thread(target=process.log.extend, args=(popen.stderr,))
    reader.start()
    try:
        process.address = popen.stdout.readline().strip()
        yield process
    finally:
        if popen.poll() is None:
            popen.terminate()
            popen.wait(20)
        reader.join(20)
        popen.stdout.close()
        popen.stderr.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Process]:
    with serving() as process:
        yield process


def exchange(address: str, sent: bytes) -> tuple[str, dict[str, str], Any]:
    """Raw bytes over a socket: status line, headers, JSON."""
    where = urlsplit(address)
    with socket.create_connection((where.hostname, where.port), timeout=20) as raw:
        raw.sendall(sent)
        raw.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: raw.recv(65536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    return status, dict(line.split(": ", 1) for line in lines), json.loads(body)


@pytest.mark.parametrize("odd", ODD_IDS)
def test_odd_ids_arrive_as_they_are(server: Process, odd: str) -> None:
    status, body, _ = server.get(f"/v1/users/{quote(odd, safe='')}/recommendations?k=1")
    assert (status, body["user_id"], body["known"]) == (200, odd, True)


def test_a_kept_connection_is_answered_without_delay(server: Process) -> None:
    connection = server.connect()
    seconds = []
    for _ in range(60):
        start = time.perf_counter()
        connection.request("GET", LIST)
        answer = connection.getresponse()
        assert len(json.loads(answer.read())["items"]) == 20
        seconds.append(time.perf_counter() - start)
    connection.close()
    assert statistics.median(seconds) < 0.02  # Nagle's algorithm against delayed acknowledgements would cost 0.04


def test_one_json_line_a_request_with_the_id_of_the_answer(server: Process) -> None:
    _, _, headers = server.get(LIST, {"X-Request-ID": "seen-1"})
    assert headers["X-Request-ID"] == "seen-1"
    deadline = time.monotonic() + 10
    while not (lines := [line for line in server.log if "seen-1" in line]) and time.monotonic() < deadline:
        time.sleep(0.01)
    line = json.loads(lines[0])
    assert len(lines) == 1
    assert (line["event"], line["method"], line["route"], line["status"], line["level"]) == (
        "request",
        "GET",
        "/v1/users/{id}/recommendations",
        200,
        "info",
    )
    assert line["ms"] > 0
    assert "timestamp" in line


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 9000 + b"\r\n\r\n", 431),
        (b"POST /v1/events HTTP/1.1\r\nTransfer-Encoding: brotli\r\n\r\n", 501),
        (b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404),
        (b"BREW /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405),
        (
            b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
            400,
        ),
        (
            b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
            400,
        ),
    ],
)
def test_what_is_hardly_http_gets_a_problem_too(server: Process, sent: bytes, status: int) -> None:
    line, headers, body = exchange(server.address, sent)
    assert int(line.split()[1]) == status
    assert headers["Content-Type"] == "application/problem+json"
    assert (body["status"], body["request_id"]) == (status, headers["X-Request-ID"])


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_long_is_refused_and_the_server_lives_on(server: Process, chunked: bool) -> None:
    body = b'{"events": ["' + b"x" * (1 << 20) + b'"]}'
    connection = server.connect()
    sent: Any = (body[start : start + 65536] for start in range(0, len(body), 65536)) if chunked else body
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/v1/events", sent, headers, encode_chunked=chunked)
    answer = connection.getresponse()
    assert answer.status == 413
    assert json.loads(answer.read())["detail"] == "The body is longer than 1 MiB; send less at a time."
    connection.close()
    assert server.get("/healthz")[0] == 200


def test_a_chunked_body_is_read(server: Process) -> None:
    connection = server.connect()
    pieces = iter([b'{"items": ', b'["i1"], "k": 2}'])
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/v1/baskets/recommendations", pieces, headers, encode_chunked=True)
    assert [item["item_id"] for item in json.loads(connection.getresponse().read())["items"]] == ["i0", "i2"]
    connection.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_parent_alone_cleans_up(number: int) -> None:
    with serving(workers=2) as process:
        assert process.get("/healthz")[0] == 200
        assert process.end(number) == ["cleaned up by the parent"]
        assert process.popen.returncode == 0


def test_sigterm_lets_a_slow_request_finish() -> None:
    with serving(seconds=1.5) as process:
        answers: list[int] = []
        slow = threading.Thread(target=lambda: answers.append(process.get(LIST)[0]))
        slow.start()
        time.sleep(0.5)
        start = time.monotonic()
        assert process.end() == ["cleaned up by the parent"]
        slow.join(10)
        assert answers == [200]
        assert time.monotonic() - start < 10
        with pytest.raises(OSError, match="refused"):
            process.get("/healthz")


def test_sighup_starts_new_workers_on_the_same_address() -> None:
    with serving() as process:
        assert process.get(LIST)[0] == 200
        before = {child.pid for child in psutil.Process(process.popen.pid).children()}
        process.popen.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 15
        while before & {child.pid for child in psutil.Process(process.popen.pid).children()}:
            assert time.monotonic() < deadline
            assert process.get(LIST)[0] == 200
            time.sleep(0.1)
        assert process.get(LIST)[0] == 200
        assert process.end() == ["cleaned up by the parent"]


def test_a_killed_worker_is_replaced() -> None:
    with serving() as process:
        assert process.get(LIST)[0] == 200
        psutil.Process(process.popen.pid).children()[0].kill()
        assert process.get(LIST)[0] == 200
        assert process.end() == ["cleaned up by the parent"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_workers_are_being_born_ends_them_at_once(number: int) -> None:
    for pause in (0.0, 0.05, 0.1):
        with serving(workers=4) as process:
            time.sleep(pause)
            start = time.monotonic()
            assert process.end(number) == ["cleaned up by the parent"]
            assert time.monotonic() - start < 10


def test_several_workers_count_together() -> None:
    with serving(workers=2) as process:
        for _ in range(40):
            assert process.get("/v1/items/i1/complements")[0] == 200
        text = process.get("/metrics")[1]
        line = 'kerec_http_requests_total{method="GET",route="/v1/items/{id}/complements",status="200"} 40.0'
        assert line in text.splitlines()


def test_no_home_is_needed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for environment in ({"HOME": str(home)}, {"HOME": "/proc/nowhere", "XDG_RUNTIME_DIR": ""}):
        with serving(environment, cwd=Path("/"), workers=2) as process:
            assert process.get(LIST)[0] == 200
            assert process.end() == ["cleaned up by the parent"]
    assert not home.exists()


def test_a_worker_that_cannot_start_says_why_in_one_line() -> None:
    with serving(refusal="The graph server refused the password: set KEREC_GRAPH_PASSWORD.", workers=2) as process:
        said = process.last_words()
    assert said == [
        "error: The graph server refused the password: set KEREC_GRAPH_PASSWORD.",
        "cleaned up by the parent",
    ]
    assert process.popen.returncode == 1
    assert "Traceback" not in "".join(process.log)


def test_a_port_in_use_is_said_before_any_worker_starts() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with serving(port=port) as process:
            process.popen.wait(20)
        assert process.address == (
            f"error: Port {port} on 127.0.0.1 is in use: choose another port, or stop the program that listens there."
        )
        assert process.popen.returncode == 1
        assert process.log == []


def test_an_open_address_needs_a_key() -> None:
    with pytest.raises(SettingsError, match="without a key"):
        serve(lambda: parts(Shop()), ApiSettings(), host="0.0.0.0", port=0)


@pytest.mark.parametrize(
    ("host", "reason"),
    [("192.0.2.1", "192.0.2.1 is not an address of this machine"), ("no such host", "Cannot listen on 'no such host'")],
)
def test_an_address_that_is_not_ours(host: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason) as caught:
        listen(host, 0)
    assert "\n" not in str(caught.value)


def test_addresses_of_listeners() -> None:
    with listen("127.0.0.1", 0) as plain:
        assert url(plain) == f"http://127.0.0.1:{plain.getsockname()[1]}"
    if socket.has_ipv6:
        with listen("::1", 0) as six:
            assert url(six) == f"http://[::1]:{six.getsockname()[1]}"


def test_the_process_imports_neither_torch_nor_anthropic() -> None:
    code = (
        "import sys; import services.api.app, services.api.server;"
        "sys.exit(str(sorted({'torch', 'anthropic', 'pandas', 'py2neo'} & set(sys.modules)) or ''))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""
