"""Transactions on both servers, and what is said when a server refuses, is away or goes away."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from graph.address import GraphAddress
from graph.client import GraphClient, Transaction
from graph.errors import DataError, GraphError, GraphUnavailableError, KerecError
from graph.migrations import migrate
from tests.wire import Wire

NOWHERE = "bolt://127.0.0.1:1"


def add_user(tx: Transaction, name: str) -> None:
    tx.rows("load/user/write", rows=[{"id": name}])


def users(client: GraphClient) -> list[str]:
    return sorted(row["id"] for row in client.rows("load/user/read"))


def said(kind: type[GraphError], work: Callable[[], object]) -> str:
    """The one line of the error that `work` raises, of exactly this kind."""
    with pytest.raises(GraphError) as caught:
        work()
    assert type(caught.value) is kind
    assert "\n" not in str(caught.value)
    return str(caught.value)


def asked(address: GraphAddress) -> None:
    with GraphClient(address, retry_seconds=0) as client:
        client.check()


def test_a_server_that_answers_is_in_order(client: GraphClient) -> None:
    client.check()
    assert client.rows("load/ping") == [{"one": 1}]
    assert client.read(lambda tx: tx.tuples("load/ping")) == [(1,)]


def test_what_work_returns_is_given_back(client: GraphClient) -> None:
    client.write(lambda tx: add_user(tx, "a"))
    client.run("load/user/write", rows=[{"id": "b"}])
    assert client.write(lambda tx: tx.rows("load/user/read")) == client.rows("load/user/read")
    assert users(client) == ["a", "b"]


def test_parameters_are_values_never_text(client: GraphClient) -> None:
    name = "'}) DETACH DELETE n // \\ \" $rows"
    client.run("load/user/write", rows=[{"id": "kept"}, {"id": name}])
    assert users(client) == sorted(["kept", name])


@pytest.mark.parametrize("error", [ValueError("own"), OSError("own"), DataError("own"), KeyboardInterrupt()], ids=repr)
def test_work_that_raises_leaves_nothing_and_its_error_stays_its_own(client: GraphClient, error: BaseException) -> None:
    def work(tx: Transaction) -> None:
        add_user(tx, "half")
        assert tx.rows("load/user/read") == [{"id": "half"}]
        raise error

    with pytest.raises(type(error)) as caught:
        client.write(work)
    assert caught.value is error
    assert users(client) == []


def test_statements_of_one_transaction_stand_or_fall_together(client: GraphClient) -> None:
    def work(tx: Transaction) -> None:
        add_user(tx, "half")
        tx.text("MATCH (n RETURN n")

    assert "refuses a statement" in said(GraphError, lambda: client.write(work))
    assert users(client) == []


def test_one_client_serves_many_threads(client: GraphClient) -> None:
    names = [f"u{number:02}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: client.run("load/user/write", rows=[{"id": name}]), names))
        assert list(pool.map(lambda _: len(users(client)), range(8))) == [24] * 8
    assert users(client) == names


def test_writers_of_the_same_keys_at_once_all_succeed(client: GraphClient) -> None:
    migrate(client)
    names = [f"u{number:02}" for number in range(50)]

    def all_of_them(_writer: int) -> None:
        for name in names:
            client.run("load/user/write", rows=[{"id": name}])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(all_of_them, range(8)))
    assert users(client) == names


def test_a_key_that_is_taken_is_refused_once_and_for_all(client: GraphClient) -> None:
    migrate(client)
    tries: list[int] = []

    def create(tx: Transaction) -> None:
        tries.append(1)
        tx.text("CREATE (:User {id: 'a'})")

    client.write(create)
    assert "refuses a statement" in said(GraphError, lambda: client.write(create))
    assert 2 < len(tries) < 20
    assert users(client) == ["a"]


def test_a_write_in_a_read_transaction_is_refused_by_neo4j(neo4j_address: GraphAddress) -> None:
    with GraphClient(neo4j_address) as client:
        text = said(GraphError, lambda: client.rows("load/user/write", rows=[{"id": "a"}]))
        assert "refuses a statement" in text
        assert users(client) == []


def test_a_wrong_password_is_one_line_without_it(address: GraphAddress) -> None:
    text = said(GraphError, lambda: asked(replace(address, password="not the password")))
    place = f"the graph server at {address.uri} refuses the user or password of {address.user!r}"
    assert text == f"{place}: set KEREC_GRAPH_USER and KEREC_GRAPH_PASSWORD"


def test_an_unknown_database_is_named(address: GraphAddress) -> None:
    text = said(GraphError, lambda: asked(replace(address, database="nowhere")))
    assert text == f"the graph server at {address.uri} has no database 'nowhere': set KEREC_GRAPH_DATABASE"


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("http://localhost:7474", "must begin with bolt:// or neo4j://"),
        ("localhost:7687", "must begin with bolt:// or neo4j://"),
        ("", "must begin with bolt:// or neo4j://"),
        ("bolt://localhost:abc", "Port"),
        ("bolt://localhost:99999", "Port out of range"),
        (f"bolt://{'a' * 70}:7687", "label too long"),
        ("bolt://[::1", "IPv6"),
        ("bolt://localhost?a=1", "not supported by direct drivers"),
        ("bolt://user:word@localhost", "not supported by direct drivers"),
    ],
)
def test_an_address_where_no_server_can_be_is_refused_at_once(uri: str, reason: str) -> None:
    text = said(GraphError, lambda: GraphClient(GraphAddress(uri)))
    assert text.startswith(f"the graph address {uri!r} cannot be used: ")
    assert reason in text


@pytest.mark.parametrize("uri", [NOWHERE, "neo4j://127.0.0.1:1", "bolt://nowhere.invalid:7687"])
def test_a_server_that_is_away_may_be_asked_again_later(uri: str) -> None:
    text = said(GraphUnavailableError, lambda: asked(GraphAddress(uri)))
    assert text.startswith(f"the graph server at {uri} does not answer (")
    assert text.endswith("); is it running?")


def test_nothing_but_that_line_is_printed_while_it_is_away() -> None:
    script = f"""
from graph.address import GraphAddress
from graph.client import GraphClient
from graph.errors import KerecError
with GraphClient(GraphAddress({NOWHERE!r}), retry_seconds=0.1) as client:
    try:
        client.check()
    except KerecError as error:
        print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.client._CONNECT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        uri = f"bolt://127.0.0.1:{silent.getsockname()[1]}"
        assert "does not answer" in said(GraphUnavailableError, lambda: asked(GraphAddress(uri)))


def test_a_server_that_speaks_no_bolt_is_one_line(embedded_address: GraphAddress) -> None:
    def refuse(listener: socket.socket) -> None:
        connection, _peer = listener.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        pool.submit(refuse, listener)
        uri = f"bolt://127.0.0.1:{listener.getsockname()[1]}"
        assert uri in said(GraphUnavailableError, lambda: asked(GraphAddress(uri)))


def test_a_server_that_goes_away_in_the_middle_leaves_nothing(client: GraphClient) -> None:
    def work(tx: Transaction) -> None:
        add_user(tx, "half")
        wire.cut()
        add_user(tx, "other half")

    with Wire(client.address) as wire, GraphClient(wire.address, retry_seconds=0) as distant:
        distant.check()
        text = said(GraphUnavailableError, lambda: distant.write(work))
        assert text.startswith(f"the graph server at {wire.address.uri} does not answer (")
        assert "does not answer" in said(GraphUnavailableError, distant.check)
    assert users(client) == []


def test_a_write_that_lost_its_server_is_done_again_when_it_is_back(client: GraphClient) -> None:
    tries: list[int] = []

    def work(tx: Transaction) -> None:
        tries.append(len(tries))
        add_user(tx, "once")
        if len(tries) == 1:
            wire.cut()
            wire.mend()
        add_user(tx, "twice")

    with Wire(client.address) as wire, GraphClient(wire.address, retry_seconds=10) as distant:
        distant.write(work)
    assert len(tries) == 2
    assert users(client) == ["once", "twice"]


def test_a_pool_outlives_a_server_that_was_away(client: GraphClient) -> None:
    with Wire(client.address) as wire, GraphClient(wire.address, retry_seconds=0) as distant:
        distant.check()
        wire.cut()
        said(GraphUnavailableError, distant.check)
        wire.mend()
        distant.check()


def test_an_unknown_statement_is_no_fault_of_the_server(client: GraphClient) -> None:
    with pytest.raises(KerecError, match=r"^there is no statement cypher/load/none\.cypher$") as caught:
        client.rows("load/none")
    assert not isinstance(caught.value, GraphError)


def test_a_closed_client_says_so(address: GraphAddress) -> None:
    with GraphClient(address) as client:
        client.check()
    assert "closed" in said(GraphError, client.check).lower()
