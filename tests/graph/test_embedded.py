"""The embedded server's life: leased, shared, lingering, kept, killed, started again."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

from graph.address import GraphAddress, ServerKind
from graph.client import GraphClient
from graph.embedded import DATABASE, EmbeddedServer
from graph.errors import GraphError, StorageError

ROOT = Path(__file__).parents[2]
LINGER = 0.5
HOLDER = (
    "import sys\nfrom pathlib import Path\nfrom graph.embedded import EmbeddedServer\n"
    "with EmbeddedServer(Path(sys.argv[1]), float(sys.argv[2])).lease() as address:\n"
    "    print(address.uri, flush=True)\n    sys.stdin.read()\n"
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(tmp_path / "graph", LINGER)
    yield server
    if server.folder.is_dir():
        server.stop()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EmbeddedServer, GraphAddress]]:
    """A running server that no test ends, started under bad conditions.

    Modules in the current folder have names of ours and of Python's, and what stands in its own folder is no port.
    """
    server = EmbeddedServer(tmp_path_factory.mktemp("shared"), LINGER)
    (server.folder / "port").write_text("99999")
    here = tmp_path_factory.mktemp("here")
    for name in ("graph", "secrets", "socket"):
        (here / f"{name}.py").write_text("raise SystemExit('Error: the wrong module')")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        patch.setattr(sys, "path", [path for path in sys.path if path])
        with server.lease() as address:
            yield server, address
    server.stop()


@contextmanager
def holder(server: EmbeddedServer) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds a lease until its input is closed."""
    command = [sys.executable, "-c", HOLDER, str(server.folder), str(server.linger)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        yield process


def told(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def pid(server: EmbeddedServer) -> int:
    return int(json.loads((server.folder / "server.json").read_text())["pid"])


def sidecars(server: EmbeddedServer) -> list[int]:
    """The processes that serve the folder."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        command = process.info["cmdline"] or []
        if "graph.embedded" in command and str(server.folder) in command:
            found.append(process.pid)
    return found


def until(condition: Callable[[], bool], seconds: float = 30) -> float:
    """Seconds until the condition held."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds
        time.sleep(0.02)
    return time.monotonic() - started


def remember(address: GraphAddress, name: str) -> None:
    with GraphClient(address) as client:
        client.run("load/user/write", rows=[{"id": name}])


def remembered(address: GraphAddress) -> set[str]:
    with GraphClient(address) as client:
        return {row["id"] for row in client.rows("load/user/read")}


def test_a_lease_starts_it_others_attach_and_it_ends_after_the_last(server: EmbeddedServer) -> None:
    assert server.address() is None
    with holder(server) as other:
        with server.lease() as address:
            assert address == server.address()
            assert (address.kind, address.database) == (ServerKind.EMBEDDED, DATABASE)
            assert told(other) == address.uri
            assert sidecars(server) == [pid(server)]
            remember(address, "a")
            (first,) = sidecars(server)
        time.sleep(LINGER + 0.5)
        assert server.address() == address  # the other still holds it
        other.kill()  # and its lease goes with it
        other.wait()
        assert until(lambda: server.address() is None) >= LINGER / 2
    with server.lease() as again:
        assert again == address  # the same port and password
        assert sidecars(server) != [first]
        assert remembered(again) == {"a"}


def test_three_that_start_it_at_once_get_one_and_a_killed_one_is_started_again(server: EmbeddedServer) -> None:
    with ExitStack() as stack:
        others = [stack.enter_context(holder(server)) for _ in range(3)]
        (uri,) = {told(other) for other in others}
        assert sidecars(server) == [pid(server)]
        with server.lease() as address:
            assert address.uri == uri
            remember(address, "before")
        killed = pid(server)
        os.kill(killed, signal.SIGKILL)
        until(lambda: server.address() is None)
        with server.lease() as address:
            assert address.uri == uri
            with GraphClient(address, retry_seconds=0) as client:
                client.check()  # it answers at once: what the killed one left did not pass for it
            assert remembered(address) == {"before"}
            assert pid(server) != killed
        for other in others:
            other.communicate()


def test_kept_it_outlives_its_leases_until_it_is_stopped(server: EmbeddedServer) -> None:
    with server.lease() as address:
        server.keep()
        (process,) = map(psutil.Process, sidecars(server))
    time.sleep(LINGER + 0.5)
    assert server.address() == address
    remember(address, "kept")
    assert EmbeddedServer(server.folder).stop()
    assert server.address() is None
    until(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE)
    assert not server.stop()
    port = int(address.uri.rpartition(":")[2])
    assert (server.folder / "port").read_text() == str(port)
    with socket.create_server(("127.0.0.1", port)), server.lease() as elsewhere:
        assert elsewhere.uri != address.uri
        assert (server.folder / "port").read_text() == elsewhere.uri.rpartition(":")[2]
        assert remembered(elsewhere) == {"kept"}


def test_its_secrets_are_readable_by_their_owner_only(shared: tuple[EmbeddedServer, GraphAddress]) -> None:
    server, address = shared
    for name in ("password", "server.json", "server.log"):
        assert stat.S_IMODE((server.folder / name).stat().st_mode) == 0o600
    assert len(address.password) >= 8
    commands = [" ".join(psutil.Process(number).cmdline()) for number in sidecars(server)]
    assert not any(address.password in command for command in commands)


def test_it_listens_on_this_machine_only(shared: tuple[EmbeddedServer, GraphAddress]) -> None:
    server, address = shared
    sockets = psutil.Process(pid(server)).net_connections("inet")
    listening = {found.laddr for found in sockets if found.status == psutil.CONN_LISTEN}
    assert int(address.uri.rpartition(":")[2]) in {place.port for place in listening}
    assert {place.ip for place in listening} <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"}


def test_it_starts_beside_misleading_modules_and_a_port_that_is_none(
    shared: tuple[EmbeddedServer, GraphAddress],
) -> None:
    server, address = shared
    remember(address, "here")
    assert "here" in remembered(address)
    assert (server.folder / "port").read_text() == address.uri.rpartition(":")[2]


def test_an_error_of_the_holders_own_stays_its_own(shared: tuple[EmbeddedServer, GraphAddress]) -> None:
    server, address = shared
    with pytest.raises(FileNotFoundError), server.lease():
        Path("/none/such").read_text()
    assert server.address() == address


def test_a_second_server_of_the_folder_waits_and_does_not_touch_its_data(
    shared: tuple[EmbeddedServer, GraphAddress],
) -> None:
    server, address = shared
    command = [sys.executable, "-m", "graph.embedded", str(server.folder), "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as second:
        process = psutil.Process(second.pid)
        until(lambda: any(file.path.endswith("server.lock") for file in process.open_files()))
        time.sleep(0.3)
        assert second.poll() is None
        assert [file.path for file in process.open_files() if "/data/" in file.path] == []
        assert server.address() == address
        remember(address, "still")
        second.kill()


def test_without_the_wheel_it_says_what_to_install(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("arcadedb_embedded", "arcadedb"):
        (tmp_path / "hidden" / name).mkdir(parents=True)
        (tmp_path / "hidden" / name / "__init__.py").write_text(f"raise ModuleNotFoundError('No module named {name}')")
    monkeypatch.syspath_prepend(tmp_path / "hidden")
    with pytest.raises(GraphError) as caught, server.lease():
        pass
    text = str(caught.value)
    assert "the embedded server is not installed: pip install 'kerec[embedded]', or set KEREC_GRAPH_URI" in text
    assert str(server.folder / "server.log") in text
    assert "\n" not in text
    assert server.address() is None


@pytest.mark.parametrize("obstacle", ["a file above it", "a folder in a lock's place"])
def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path, obstacle: str) -> None:
    folder = tmp_path / "graph"
    if obstacle == "a file above it":
        (tmp_path / "file").touch()
        folder = tmp_path / "file" / "graph"
    else:
        (folder / "lease.lock").mkdir(parents=True)
        (folder / "kept").mkdir()
    server = EmbeddedServer(folder)
    with pytest.raises(StorageError, match=rf"^the graph's folder {folder} cannot be written: .+$"), server.lease():
        pass
    with pytest.raises(StorageError, match=rf"^the graph's folder {folder} cannot be written: .+$"):
        server.keep(False)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_folder_is_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match=r"cannot be written: Permission denied$"), EmbeddedServer(tmp_path).lease():
        pass


def test_where_nothing_runs_there_is_nothing_to_stop(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    assert not server.stop()
    assert server.address() is None
    (tmp_path / "server.lock").touch()
    (tmp_path / "server.json").write_text(json.dumps({"pid": os.getpid(), "uri": "bolt://x", "password": "p"}))
    assert not server.stop()
    assert server.address() is None
