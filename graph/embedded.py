"""The embedded graph server: ArcadeDB from its wheel as a local sidecar process that speaks Bolt.

The one file that knows ArcadeDB. The sidecar belongs to a folder and lives while someone holds a lease on it (a shared
file lock, which the system releases even when its holder is killed), or until `stop` once it is `kept`.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import signal
import socket
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any

from graph.address import GraphAddress, ServerKind
from graph.errors import GraphError, GraphUnavailableError, StorageError
from graph.vocabulary import ENTITY_VECTORS, NodeLabel

DATABASE = "kerec"
_HEAP = os.environ.get("KEREC_EMBEDDED_HEAP", "1g")
_START_SECONDS = 90.0
_STATEMENT_MILLISECONDS = 120_000


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """The sidecar of one folder; it ends `linger` seconds after its last lease."""

    folder: Path
    linger: float = 5.0

    @contextmanager
    def lease(self) -> Iterator[GraphAddress]:
        """The address of the running sidecar, started where it is not; it stays while a lease is held.

        Raises GraphError where the wheel is missing or the server cannot start, StorageError where the folder cannot be
        written.
        """
        with ExitStack() as held:
            with self._storage():
                held.enter_context(self._lock("lease.lock", fcntl.LOCK_SH))
                address = self._ensure()
            yield address

    def keep(self, kept: bool = True) -> None:
        """Whether the sidecar outlives its last lease (`kerec graph up`)."""
        marker = self.folder / "kept"
        with self._storage():
            if kept:
                marker.touch()
            else:
                marker.unlink(missing_ok=True)

    def address(self) -> GraphAddress | None:
        """The address of the sidecar, None where none runs."""
        if not self._running():
            return None
        try:
            state = json.loads((self.folder / "server.json").read_text())
            return GraphAddress(state["uri"], "root", state["password"], DATABASE, ServerKind.EMBEDDED)
        except (FileNotFoundError, json.JSONDecodeError, KeyError):
            return None

    def stop(self, seconds: float = 60.0) -> bool:
        """Ends the sidecar and waits until its data is on disk; False where none ran."""
        self.keep(False)
        pid = self._pid()
        if pid is None or not self._running():
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + seconds
        # Another process may start a new one meanwhile: that is not ours to wait for.
        while self._running() and self._pid() in (None, pid):
            if time.monotonic() > deadline:
                raise GraphError(f"the embedded graph server (process {pid}) did not stop within {seconds:.0f} s")
            time.sleep(0.05)
        return True

    def _ensure(self) -> GraphAddress:
        with self._lock("start.lock", fcntl.LOCK_EX):
            address = self.address()
            return address if address else self._start()

    def _start(self) -> GraphAddress:
        # A killed server could not remove it; it must not pass for the new one's.
        (self.folder / "server.json").unlink(missing_ok=True)
        pid = self._spawn()
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            address = self.address()
            if address is not None:
                return address
            if os.waitpid(pid, os.WNOHANG)[0]:
                raise GraphError(_failure(self._log))
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
        raise GraphUnavailableError(
            f"the embedded graph server did not start in {_START_SECONDS:.0f} s; see {self._log}"
        )

    @property
    def _log(self) -> Path:
        return self.folder / "server.log"

    def _spawn(self) -> int:
        """A process of its own session, which outlives this one and is nobody's to wait for."""
        # Without -P a module in the user's current folder would hide one of ours or of Python's.
        command = [sys.executable, "-P", "-m", "graph.embedded", str(self.folder.absolute()), str(self.linger)]
        append = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        return os.posix_spawn(
            sys.executable,
            command,
            {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, str(self._log), append, 0o600),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
            setsid=True,
        )

    def _running(self) -> bool:
        path = self.folder / "server.lock"
        if not path.exists():
            return False
        with path.open("rb") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    def _pid(self) -> int | None:
        try:
            return int(json.loads((self.folder / "server.json").read_text())["pid"])
        except (FileNotFoundError, json.JSONDecodeError, KeyError):
            return None

    @contextmanager
    def _lock(self, name: str, kind: int) -> Iterator[None]:
        with (self.folder / name).open("ab") as handle:
            fcntl.flock(handle, kind)
            yield

    @contextmanager
    def _storage(self) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            yield
        except OSError as error:
            raise StorageError(f"the graph's folder {self.folder} cannot be written: {error.strerror}") from error


def _failure(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    reason = next(
        (line for line in reversed(lines) if "Error" in line or "Exception" in line), lines[-1] if lines else ""
    )
    if not reason:
        return f"the embedded graph server did not start and could not say why: is the disk of {log.parent} full?"
    return f"the embedded graph server did not start: {reason.strip()[:300]} (all of it in {log})"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _bolt_port(folder: Path) -> int:
    """The port that the folder's server had before, so that clients find it again; another where that is taken."""
    path = folder / "port"
    with suppress(ValueError, OverflowError, OSError), socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        port = int(path.read_text())
        probe.bind(("127.0.0.1", port))
        return port
    port = _free_port()
    path.write_text(str(port))
    return port


def _launch(folder: Path, password: str, bolt: int) -> Any:
    try:
        from arcadedb_embedded.server import ArcadeDBServer
    except ImportError:
        try:
            from arcadedb.server import ArcadeDBServer  # its announced successor
        except ImportError:
            sys.exit(
                "Error: the embedded server is not installed: pip install 'kerec[embedded]', or set KEREC_GRAPH_URI"
            )
    config = {
        "http_port": _free_port(),
        "host": "127.0.0.1",
        "mode": "development",  # production mode hides the texts of errors
        "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "bolt_port": bolt,
        "txWalFlush": 1,
    }
    server = ArcadeDBServer(str(folder / "data"), password, config, {"heap_size": _HEAP})
    server.start()
    database = server.create_database(DATABASE)
    # The server ignores the driver's transaction timeouts: its own is the only limit of a runaway statement.
    database.command("sql", f"ALTER DATABASE `arcadedb.command.timeout` {_STATEMENT_MILLISECONDS}")
    _index_vectors(database)
    return server


def _index_vectors(database: Any) -> None:
    """Vector indexes, which the server takes in its own SQL only, under the names that they have on Neo4j."""
    database.command("sql", f"CREATE VERTEX TYPE {NodeLabel.ENTITY} IF NOT EXISTS")
    for name, dimensions in ENTITY_VECTORS.items():
        database.command("sql", f"CREATE PROPERTY {NodeLabel.ENTITY}.{name} IF NOT EXISTS ARRAY_OF_FLOATS")
        database.command(
            "sql",
            f"CREATE INDEX entity_{name} IF NOT EXISTS ON {NodeLabel.ENTITY} ({name}) LSM_VECTOR "
            f'METADATA {{"dimensions": {dimensions}, "similarity": "COSINE"}}',
        )


def _run(folder: Path, linger: float) -> None:
    """Serves to the end, and then ends for certain: JVM threads would keep the interpreter alive."""
    code = 1
    try:
        _serve(folder, linger)
        code = 0
    except SystemExit as leaving:
        sys.stderr.write(f"{leaving}\n")
    except Exception:  # noqa: BLE001 - the outermost frame of a process of its own
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _serve(folder: Path, linger: float) -> None:
    os.chdir(folder)  # the server writes its log to the folder that it runs in
    with (folder / "server.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # waits while a server that was told to stop still writes
        bolt, password = _bolt_port(folder), _password(folder)
        server = _launch(folder, password, bolt)
        _announce(folder, {"pid": os.getpid(), "uri": f"bolt://127.0.0.1:{bolt}", "password": password})
        _lease = _wait(folder, linger)  # held until the process ends
        (folder / "server.json").unlink(missing_ok=True)
        server.stop()


def _password(folder: Path) -> str:
    """The password that the data directory was made with: the server keeps its first one."""
    path = folder / "password"
    if not path.exists():
        descriptor = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(24))
        path.with_suffix(".new").replace(path)
    return path.read_text()


def _announce(folder: Path, state: dict[str, Any]) -> None:
    path = folder / "server.json"
    descriptor = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        json.dump(state, handle)
    path.with_suffix(".new").replace(path)


def _wait(folder: Path, linger: float) -> IO[bytes] | None:
    """Returns at SIGTERM, or once nobody has held a lease for a while and the server is not kept.

    What is returned then is the exclusive lease: held until this process is gone, so that a newcomer waits for the end
    and starts a server of its own.
    """
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    idle_since = time.monotonic()
    while not stopping and folder.exists():
        time.sleep(0.1)
        if (folder / "kept").exists():
            idle_since = time.monotonic()
            continue
        lease = _exclusive_lease(folder)
        if lease is None:
            idle_since = time.monotonic()
        elif time.monotonic() - idle_since > linger:
            return lease
        else:
            lease.close()
    return None


def _exclusive_lease(folder: Path) -> IO[bytes] | None:
    handle = (folder / "lease.lock").open("ab")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle


if __name__ == "__main__":
    _run(Path(sys.argv[1]), float(sys.argv[2]))
