"""Both servers plan and run every statement with its example parameters; what reads is proved to write nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import neo4j
from neo4j.exceptions import Neo4jError

from graph.address import GraphAddress
from graph.client import GraphClient
from graph.migrations import migrate
from graph.statements import load, names

ROOT = Path(__file__).parents[2]
ORDINARY = [name for name in names() if not name.startswith("migrations/")]
READING = re.compile(r"(recall|analyst|browser|demo)/.+|.+/read|load/(count_\w+|\w+/count|ping|main_entities)")


@contextmanager
def opened(address: GraphAddress) -> Iterator[neo4j.Session]:
    """A session of the driver itself, which tells what was planned."""
    auth = (address.user, address.password)
    with (
        neo4j.GraphDatabase.driver(address.uri, auth=auth, notifications_min_severity="OFF") as driver,
        driver.session(database=address.database) as session,
    ):
        yield session


def planned(session: neo4j.Session, name: str) -> neo4j.ResultSummary:
    statement = load(name)
    return session.run(f"EXPLAIN {statement.text}", dict(statement.examples)).consume()


def test_every_statement_is_planned_and_runs(client: GraphClient) -> None:
    migrate(client)
    refused = {}
    with opened(client.address) as session:
        for name in ORDINARY:
            try:
                assert planned(session, name).plan
                with session.begin_transaction() as transaction:
                    transaction.run(load(name).text, dict(load(name).examples)).consume()
                    transaction.rollback()
            except Neo4jError as error:
                refused[name] = error.message
    assert refused == {}


def test_what_reads_writes_nothing(neo4j_address: GraphAddress) -> None:
    reading = [name for name in ORDINARY if READING.fullmatch(name)]
    assert len(reading) > 30
    with opened(neo4j_address) as session:
        kinds = {name: planned(session, name).query_type for name in reading}
    assert {name: kind for name, kind in kinds.items() if kind != "r"} == {}


def test_what_writes_is_told_from_it(neo4j_address: GraphAddress) -> None:
    writing = [name for name in ORDINARY if name.endswith(("/write", "/delete"))]
    with opened(neo4j_address) as session:
        kinds = {name: planned(session, name).query_type for name in [*writing, "load/wipe", "feedback/advance"]}
    assert set(kinds.values()) <= {"w", "rw"}


def test_what_python_only_reads_with_writes_nothing(neo4j_address: GraphAddress) -> None:
    """The embedded server does not stop a write in a read transaction, so none may be asked for one."""
    called = re.compile(r"(?:client|_client)\.(?:rows|read)\((?:lambda tx: tx\.\w+\()?\s*\"([\w/]+)\"")
    sources = [path.read_text() for place in ("graph", "services") for path in (ROOT / place).rglob("*.py")]
    found = {name for text in sources for name in called.findall(text)}
    assert len(found) > 5
    with opened(neo4j_address) as session:
        assert {name: kind for name in found if (kind := planned(session, name).query_type) != "r"} == {}
