"""A real Neo4j of our own: started, used, stopped; and what is said where none can run."""

from __future__ import annotations

import os
import re
import socket
import stat
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import neo4j
import psutil
import pytest
import yaml
from neo4j.exceptions import AuthError

from graph.address import GraphAddress
from graph.errors import GraphError, SettingsError, StorageError
from graph.neo4j_library import Neo4jLibrary, available, version
from graph.neo4j_server import Neo4jServer, main

PASSWORD = 'a "quoted" \\ #1'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    reason = available()
    if reason and os.environ.get("KEREC_REQUIRE_NEO4J") == "1":
        pytest.fail(f"KEREC_REQUIRE_NEO4J is 1, but {reason}")
    if reason:
        pytest.skip(reason)
    server = Neo4jServer(tmp_path_factory.mktemp("neo4j"))
    server.start(PASSWORD)
    yield server
    server.stop()


def running(server: Neo4jServer) -> GraphAddress:
    address = server.address()
    assert address is not None
    return address


def ask(address: GraphAddress, statement: str, password: str | None = None) -> list[object]:
    auth = (address.user, password or address.password)
    with neo4j.GraphDatabase.driver(address.uri, auth=auth) as driver:
        result = driver.execute_query(statement, database_=address.database)
    return [record[0] for record in result.records]


def test_the_pinned_version_answers(server: Neo4jServer) -> None:
    assert ask(running(server), "CALL dbms.components() YIELD versions RETURN versions[0]") == [version()]


def test_a_wrong_password_is_refused(server: Neo4jServer) -> None:
    with pytest.raises(AuthError):
        ask(running(server), "RETURN 1", password="not the password")


def test_the_browser_is_served(server: Neo4jServer) -> None:
    with urllib.request.urlopen(server.browser(), timeout=10) as answer:
        assert "Neo4j Browser" in answer.read().decode()


def test_starting_twice_gives_the_same_server(server: Neo4jServer) -> None:
    assert server.start(PASSWORD) == running(server)


def test_the_password_is_readable_by_its_owner_only(server: Neo4jServer) -> None:
    assert stat.S_IMODE((server.folder / "password").stat().st_mode) == 0o600
    assert PASSWORD not in " ".join(server_process(server).cmdline())


def test_a_port_in_use_is_one_clear_line(server: Neo4jServer, tmp_path: Path) -> None:
    port = int(running(server).uri.rpartition(":")[2])
    with pytest.raises(GraphError, match=rf"^Neo4j cannot have port {port} on 127\.0\.0\.1 .*NEO4J_BOLT_PORT.*$"):
        Neo4jServer(tmp_path).start(PASSWORD, bolt_port=port)


def test_the_settings_of_docker_compose_are_known_to_this_version(server: Neo4jServer) -> None:
    compose = yaml.safe_load((Path(__file__).parents[2] / "docker-compose.yml").read_text())
    names = {name for name in compose["services"]["neo4j"]["environment"] if name != "NEO4J_AUTH"}
    settings = {re.sub("_", ".", name.removeprefix("NEO4J_").replace("__", "-")).replace("-", "_") for name in names}
    assert settings <= set(ask(running(server), "SHOW SETTINGS YIELD name RETURN name"))


def test_two_free_ports_differ(server: Neo4jServer) -> None:
    address = running(server)
    bolt, http = int(address.uri.rpartition(":")[2]), int(server.browser().split(":")[2].split("/")[0])
    assert bolt != http
    for port in (bolt, http):
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass


def test_stopped_it_is_gone_and_started_again_it_has_its_data(server: Neo4jServer) -> None:
    process = server_process(server)
    ask(running(server), "CREATE (:Kept {id: 'k'})")
    assert server.stop()
    assert not process.is_running()
    assert server.address() is None
    assert not server.stop()
    with pytest.raises(GraphError, match=r"^the Neo4j server in .* has another password than .*$"):
        server.start("some other password")
    assert server.address() is None
    address = server.start()
    assert ask(address, "MATCH (kept:Kept) RETURN kept.id") == ["k"]
    assert address.password == PASSWORD


def test_the_command_prints_settings_for_a_shell(server: Neo4jServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["up", str(server.folder)]) == 0
    address = running(server)
    assert capsys.readouterr().out.splitlines() == [
        f"export KEREC_GRAPH_URI={address.uri}",
        "export KEREC_GRAPH_USER=neo4j",
        f"export KEREC_GRAPH_PASSWORD='{PASSWORD}'",
        f"# Neo4j Browser: {server.browser()}",
    ]


def test_the_command_stops_what_runs_and_says_when_nothing_does(
    server: Neo4jServer, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["down", str(server.folder)]) == 0
    assert main(["down", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"Neo4j has stopped\nno Neo4j runs in {tmp_path}\n"


def test_a_number_taken_over_by_another_process_is_not_our_server(tmp_path: Path) -> None:
    (tmp_path / "server.json").write_text(f'{{"pid": {os.getpid()}, "bolt": 1, "http": 2}}')
    assert Neo4jServer(tmp_path).address() is None
    assert not Neo4jServer(tmp_path).stop()


@pytest.mark.parametrize("password", ["short", "-begins-with-a-dash", "@file-name"])
def test_passwords_that_neo4j_would_misread_are_refused(server: Neo4jServer, tmp_path: Path, password: str) -> None:
    with pytest.raises(SettingsError, match="8 characters or more"):
        Neo4jServer(tmp_path).start(password)


def test_without_java_17_it_cannot_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "java", 'echo "    java.specification.version = 11" >&2; echo "    java.home = /old" >&2')
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr("graph.neo4j_library._JAVA_PLACES", (str(tmp_path / "none"),))
    assert "needs Java 17 or newer" in str(available())


def test_another_java_is_taken_where_java_home_is_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_java(tmp_path / "old/bin/java", "1.8")
    pretend_java(tmp_path / "jvm/new/bin/java", "21")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "old"))
    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    monkeypatch.setenv("KEREC_NEO4J_LIB", str(kept_jars(tmp_path / "lib")))
    monkeypatch.setattr("graph.neo4j_library._JAVA_PLACES", (str(tmp_path / "jvm"),))
    assert available() is None
    assert Neo4jLibrary.get() == Neo4jLibrary(tmp_path / "jvm/new/bin/java", tmp_path / "lib")


def test_without_maven_only_fetched_jars_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_java(tmp_path / "bin/java", "17")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("KEREC_NEO4J_LIB", str(tmp_path / "lib"))
    assert "no mvn on PATH" in str(available())
    kept_jars(tmp_path / "lib")
    assert available() is None


@pytest.fixture
def maven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where to put a program that stands for Maven; what it fetches belongs into cache/lib."""
    pretend_java(tmp_path / "bin/java", "17")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("KEREC_NEO4J_LIB", str(tmp_path / "cache/lib"))
    return tmp_path / "bin/mvn"


def test_several_at_once_fetch_once(maven: Path, tmp_path: Path) -> None:
    program(
        maven,
        f"""
        echo called >> {tmp_path}/calls
        for argument; do case $argument in -DoutputDirectory=*) folder=${{argument#*=}};; esac; done
        mkdir -p "$folder"; sleep 0.3; echo jar > "$folder/neo4j-{version()}.jar"
        """,
    )
    with ThreadPoolExecutor(4) as pool:
        libraries = list(pool.map(lambda _: Neo4jLibrary.get(), range(4)))
    assert {library.jars for library in libraries} == {tmp_path / "cache/lib"}
    assert (tmp_path / "calls").read_text().splitlines() == ["called"]


def test_a_broken_off_fetch_leaves_nothing_that_looks_whole(maven: Path, tmp_path: Path) -> None:
    program(maven, "echo '[INFO] x'; echo '[ERROR] Could not transfer artifact org.neo4j:neo4j: no route'; exit 1")
    (tmp_path / "cache/lib.partial").mkdir(parents=True)
    (tmp_path / "cache/lib.partial/half.jar").touch()
    with pytest.raises(GraphError, match=r"^Maven cannot fetch Neo4j [\d.]+: Could not transfer artifact .*$"):
        Neo4jLibrary.get()
    assert not (tmp_path / "cache/lib").exists()


def test_jars_that_cannot_be_kept_are_one_clear_line(
    maven: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("KEREC_NEO4J_LIB", str(tmp_path / "file/lib"))
    with pytest.raises(StorageError, match=r"^Neo4j's jars cannot be kept in .*KEREC_NEO4J_LIB$"):
        Neo4jLibrary.get()


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["up", str(tmp_path / "file" / "neo4j")]) == 1
    assert re.fullmatch(r"the Neo4j server's folder \S+ cannot be written: .+", last_line(capsys))


def test_a_port_out_of_range_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["up", str(tmp_path), "--bolt", "70000"])
    assert ended.value.code == 2
    assert "70000" in last_line(capsys)


def server_process(server: Neo4jServer) -> psutil.Process:
    return next(p for p in psutil.process_iter() if f"--home-dir={server.folder.resolve()}" in cmdline(p))


def cmdline(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def last_line(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err.splitlines()[-1]


def program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def pretend_java(path: Path, number: str) -> None:
    program(path, f'echo "    java.specification.version = {number}" >&2; echo "    java.home = {path.parents[1]}" >&2')


def kept_jars(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / f"neo4j-{version()}.jar").touch()
    return folder
