"""A local Neo4j Community server with its Browser, made of Maven artifacts: for machines without Docker, and for tests.

`python -m graph.neo4j_server up|down FOLDER [--bolt PORT] [--http PORT]` is what `make neo4j` calls.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import shlex
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from filelock import FileLock
from neo4j.exceptions import AuthError

from graph.address import GraphAddress
from graph.client import GraphClient
from graph.errors import GraphError, GraphUnavailableError, KerecError, SettingsError, StorageError
from graph.neo4j_library import Neo4jLibrary, fetched, telling_line, version

HOST = "127.0.0.1"
_START_SECONDS = 120.0
_CLOCK_SECONDS = 5.0  # a process's birth is reckoned from the boot, whose time is set right now and then


@dataclass(frozen=True, slots=True)
class Neo4jServer:
    """The server whose files lie in one folder; it listens on 127.0.0.1 only."""

    folder: Path

    def start(self, password: str | None = None, bolt_port: int = 0, http_port: int = 0) -> GraphAddress:
        """The address of the running server, started where it is not; port 0 stands for any free one.

        Without a password the folder's own is used, a random one for a new folder. Raises GraphError where the server
        cannot start or refuses the password, StorageError where a file cannot be written.
        """
        with _storage(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / "start.lock"):
                return self.address() or self._start(password, bolt_port, http_port)

    def stop(self, seconds: float = 60.0) -> bool:
        """Ends the server and waits until its data is on disk; False where none ran."""
        process = self._process()
        if process is None:
            return False
        process.terminate()
        try:
            process.wait(seconds)
        except psutil.TimeoutExpired as error:
            raise GraphError(f"the Neo4j server (process {process.pid}) did not stop within {seconds:.0f} s") from error
        return True

    def address(self) -> GraphAddress | None:
        """Where the running server answers, None where none runs."""
        if self._process() is None:
            return None
        return GraphAddress(f"bolt://{HOST}:{self._state()['bolt']}", "neo4j", self._password())

    def browser(self) -> str:
        """The Browser's address of the server as last started."""
        return f"http://{HOST}:{self._state()['http']}/browser/"

    def _start(self, given: str | None, bolt_port: int, http_port: int) -> GraphAddress:
        neo4j = Neo4jLibrary.get()
        password = given or self._password() or secrets.token_hex(16)
        bolt, http = _ports(bolt_port, http_port)
        if not (self.folder / "data" / "databases").exists():
            self._create(neo4j, password)
        address = GraphAddress(f"bolt://{HOST}:{bolt}", "neo4j", password)
        with ExitStack() as failed:
            failed.callback(self.stop)
            self._spawn(neo4j, bolt, http)
            self._wait(http)
            self._log_in(address)
            failed.pop_all()
        self._remember("password", password)
        return address

    def _create(self, neo4j: Neo4jLibrary, password: str) -> None:
        if len(password) < 8 or password[0] in "-@":
            raise SettingsError("a new Neo4j server's password has 8 characters or more and does not begin with - or @")
        for name in ("conf", "data", "logs", "tmp"):
            (self.folder / name).mkdir(exist_ok=True)
        self._remember("password", password)
        # By a file, because other users can read a command line.
        quoted = re.sub(r'(["\\])', r"\\\1", password)
        arguments = self._remember("arguments", f'dbms\nset-initial-password\n"{quoted}"\n')
        neo4j.administer(self.folder.resolve(), arguments)
        arguments.unlink()

    def _spawn(self, neo4j: Neo4jLibrary, bolt: int, http: int) -> None:
        command = neo4j.command(self.folder.resolve(), {"bolt": f"{HOST}:{bolt}", "http": f"{HOST}:{http}"})
        streams = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, self._log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ]
        # Not by subprocess, whose Popen warns when a process outlives it, as this one may.
        pid = os.posix_spawn(command[0], command, os.environ, file_actions=streams, setsid=True)
        # A number comes round again, the time of its process does not; its command line may not be there yet.
        born = psutil.Process(pid).create_time()
        self._remember("server.json", json.dumps({"pid": pid, "born": born, "bolt": bolt, "http": http}))

    def _wait(self, http: int) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not _answers(http):
            if self._process() is None:
                text = self._log.read_text(errors="replace")
                raise GraphError(f"Neo4j did not start: {telling_line(text)} (all of it in {self._log})")
            if time.monotonic() > deadline:
                raise GraphUnavailableError(f"Neo4j did not start within {_START_SECONDS:.0f} s; see {self._log}")
            time.sleep(0.1)

    def _log_in(self, address: GraphAddress) -> None:
        try:
            with GraphClient(address) as client:
                client.check()
        except GraphError as error:
            if isinstance(error.__cause__, AuthError):
                raise GraphError(
                    f"the Neo4j server in {self.folder} has another password than KEREC_GRAPH_PASSWORD: "
                    f"unset that to use the one in {self.folder / 'password'}"
                ) from error
            raise

    @property
    def _log(self) -> Path:
        return self.folder / "logs" / "console.log"

    def _password(self) -> str:
        path = self.folder / "password"
        return path.read_text() if path.exists() else ""

    def _state(self) -> dict[str, float]:
        path = self.folder / "server.json"
        state: dict[str, float] = json.loads(path.read_text()) if path.exists() else {}
        return state

    def _process(self) -> psutil.Process | None:
        state = self._state()
        try:
            process = psutil.Process(int(state["pid"]))
            same = abs(process.create_time() - state["born"]) < _CLOCK_SECONDS
            running = same and process.status() != psutil.STATUS_ZOMBIE
        except (KeyError, psutil.Error):
            return None
        return process if running else None

    def _remember(self, name: str, text: str) -> Path:
        partial = self.folder / f"{name}.partial"
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            handle.write(text)
        return partial.replace(self.folder / name)


@contextmanager
def _storage(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"the Neo4j server's folder {folder} cannot be written: {error.strerror}") from error


def _ports(bolt: int, http: int) -> tuple[int, int]:
    with _bound(bolt, "NEO4J_BOLT_PORT") as first, _bound(http, "NEO4J_HTTP_PORT") as second:
        return int(first.getsockname()[1]), int(second.getsockname()[1])


def _bound(port: int, setting: str) -> socket.socket:
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind((HOST, port))
    except OSError as error:
        probe.close()
        raise GraphError(
            f"Neo4j cannot have port {port} on {HOST} ({error.strerror}): set {setting} to another"
        ) from error
    return probe


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _up(server: Neo4jServer, bolt: int, http: int) -> str:
    if not fetched():
        sys.stderr.write(f"fetching Neo4j {version()} with Maven (130 MB, the first time only) ...\n")
    address = server.start(os.environ.get("KEREC_GRAPH_PASSWORD"), bolt, http)
    exports = {"URI": address.uri, "USER": address.user, "PASSWORD": address.password}
    lines = [f"export KEREC_GRAPH_{name}={shlex.quote(value)}" for name, value in exports.items()]
    return "\n".join([*lines, f"# Neo4j Browser: {server.browser()}", ""])


def main(arguments: Sequence[str] | None = None) -> int:
    """Starts or stops the server of one folder; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m graph.neo4j_server")
    parser.add_argument("command", choices=["up", "down"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bolt", type=int, default=7687, choices=range(65536), metavar="PORT")
    parser.add_argument("--http", type=int, default=7474, choices=range(65536), metavar="PORT")
    called = parser.parse_args(arguments)
    server = Neo4jServer(called.folder)
    try:
        if called.command == "up":
            sys.stdout.write(_up(server, called.bolt, called.http))
        else:
            sys.stdout.write("Neo4j has stopped\n" if server.stop() else f"no Neo4j runs in {called.folder}\n")
    except KerecError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
