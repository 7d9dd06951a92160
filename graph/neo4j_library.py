"""What a local Neo4j is run from: Java, and its jars, fetched once with Maven and shared by all folders of a user."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from filelock import FileLock
from platformdirs import user_cache_path

from graph.errors import GraphError, StorageError

SETTINGS = {
    "server.memory.pagecache.size": "256m",
    "db.transaction.timeout": "120s",
    "dbms.usage_report.enabled": "false",
    "client.allow_telemetry": "false",
    # Without it a stopping server waits 10 s for connections that may still come.
    "internal.server.bolt.thread_pool_shutdown_wait_time": "0s",
}
_JVM = ["-Xms256m", "-Xmx1g", "-Dlog4j2.disable.jmx=true", "-Dfile.encoding=UTF-8"]
_OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
_POM = Path(__file__).with_name("neo4j_server.xml")
_JAVA_NEEDED = 17
_JAVA_PLACES = ("/usr/lib/jvm", "/Library/Java/JavaVirtualMachines", "/opt/homebrew/opt")
_FETCH_SECONDS = 1200


@dataclass(frozen=True, slots=True)
class Neo4jLibrary:
    """A Java program and the folder of Neo4j's jars."""

    java: Path
    jars: Path

    @classmethod
    def get(cls) -> Neo4jLibrary:
        """Java as found, and the jars, fetched where they are missing (130 MB); safe with several processes at once.

        The jars lie in KEREC_NEO4J_LIB where that is set, else in the user's cache folder. Raises GraphError where Java
        or Maven is missing or the jars cannot be fetched, StorageError where they cannot be written.
        """
        java, home = _java()
        jars = _jars()
        try:
            if not fetched():
                jars.parent.mkdir(parents=True, exist_ok=True)
                with FileLock(jars.with_name(f"{jars.name}.lock")):
                    _fetch(jars, home)
        except OSError as error:
            reason = f"Neo4j's jars cannot be kept in {jars} ({error.strerror})"
            raise StorageError(f"{reason}: name another folder in KEREC_NEO4J_LIB") from error
        return cls(java, jars)

    def command(self, home: Path, addresses: Mapping[str, str]) -> list[str]:
        """The command line of a server in `home`; `addresses` are HOST:PORT of bolt and http."""
        listen = {f"server.{name}.listen_address": address for name, address in addresses.items()}
        settings = SETTINGS | listen | {"server.bolt.advertised_address": addresses["bolt"]}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED]
        jvm = [str(self.java), *_JVM, *opened, f"-Djava.io.tmpdir={home}/tmp", "-cp", f"{self.jars}/*"]
        folders = [f"--home-dir={home}", f"--config-dir={home}/conf"]
        return [*jvm, "org.neo4j.server.CommunityEntryPoint", *folders, "--console-mode", *options]

    def administer(self, home: Path, arguments: Path) -> None:
        """Runs neo4j-admin on a stopped server with the arguments of a file, one a line. Raises GraphError."""
        program = [str(self.java), "-XX:TieredStopAtLevel=1", "-cp", f"{self.jars}/*", "org.neo4j.cli.AdminTool"]
        env = {**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
        done = _run([*program, f"@{arguments}"], env)
        if done.returncode:
            raise GraphError(f"Neo4j's files in {home} cannot be prepared: {telling_line(done.stderr)}")


def available() -> str | None:
    """Why no local Neo4j can run here, in one line; None where it can."""
    try:
        _java()
        if not fetched():
            _maven()
    except GraphError as error:
        return str(error)
    return None


def fetched() -> bool:
    """Whether the jars are on this machine, so that no network is needed."""
    return (_jars() / f"neo4j-{version()}.jar").is_file()


@cache
def version() -> str:
    """The version of Neo4j that is fetched."""
    return ElementTree.parse(_POM).findtext("{*}properties/{*}neo4j.version", "")


def telling_line(text: str) -> str:
    """The line of a Java program's output that says best what went wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "ERROR" in line or "Caused by" in line or "Exception" in line]
    return (telling or lines or ["no output"])[-1][:300]


def _fetch(jars: Path, java_home: str) -> None:
    if fetched():
        return
    partial = jars.with_name(f"{jars.name}.partial")
    if partial.exists():
        shutil.rmtree(partial)
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={partial}"]
    command = [_maven(), "-q", "-B", "-Dstyle.color=never", "-f", str(_POM), *goal]
    try:
        done = _run(command, {**os.environ, "JAVA_HOME": java_home}, _FETCH_SECONDS)
    except subprocess.TimeoutExpired as error:
        reason = f"Maven did not fetch Neo4j {version()} within {_FETCH_SECONDS} s"
        raise GraphError(f"{reason}: try again, it goes on from there") from error
    if done.returncode:
        lines = (done.stdout + done.stderr).splitlines() or ["no output"]
        problem = next((line for line in lines if line.startswith("[ERROR]")), lines[0])
        raise GraphError(f"Maven cannot fetch Neo4j {version()}: {problem.removeprefix('[ERROR] ')[:300]}")
    partial.rename(jars)


def _run(command: list[str], env: Mapping[str, str], seconds: float | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, check=False
    )


def _jars() -> Path:
    named = os.environ.get("KEREC_NEO4J_LIB")
    return Path(named).absolute() if named else user_cache_path("kerec") / f"neo4j-{version()}" / "lib"


def _maven() -> str:
    program = shutil.which("mvn")
    if program is None:
        raise GraphError("Neo4j is fetched with Maven, the first time: no mvn on PATH (Debian: apt-get install maven)")
    return program


def _java() -> tuple[Path, str]:
    for program in _programs():
        done = _run([str(program), "-XshowSettings:properties", "-version"], os.environ)
        found = re.search(r"java\.specification\.version = (\d+)", done.stderr)
        home = re.search(r"java\.home = (.+)", done.stderr)
        if found and home and int(found[1]) >= _JAVA_NEEDED:
            return program, home[1].strip()
    raise GraphError(
        f"a local Neo4j needs Java {_JAVA_NEEDED} or newer: none by JAVA_HOME, on PATH or in {_JAVA_PLACES[0]} "
        "(Debian: apt-get install default-jre-headless)"
    )


def _programs() -> Iterator[Path]:
    named, found = os.environ.get("JAVA_HOME"), shutil.which("java")
    if named and os.access(Path(named) / "bin" / "java", os.X_OK):
        yield Path(named) / "bin" / "java"
    if found:
        yield Path(found)
    for place in map(Path, _JAVA_PLACES):
        yield from sorted(place.glob("*/bin/java")) + sorted(place.glob("*/Contents/Home/bin/java"))
