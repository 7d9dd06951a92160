"""The notebook's frames on both servers, and what it says when something is wrong."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graph.address import GraphAddress, ServerKind
from graph.client import GraphClient
from graph.embedded import EmbeddedServer
from graph.errors import GraphError, GraphUnavailableError
from graph.notebook import Notebook, columns_of
from graph.statements import load, names
from tests.cypher.toy_shop import write_toy_shop

ASKED = {"entity": "tent", "user": "u1", "item": "i2", "limit": 20}


@pytest.fixture
def notebook(client: GraphClient) -> Iterator[Notebook]:
    """On an empty graph of each server in turn."""
    with Notebook(client.address) as notebook:
        yield notebook


def test_every_analyst_statement_becomes_a_frame(notebook: Notebook, client: GraphClient) -> None:
    write_toy_shop(client)
    for name in notebook.names():
        asked = {key: ASKED[key] for key in load(f"analyst/{name}").examples}
        rows = client.rows(f"analyst/{name}", **asked)
        frame = notebook.frame(name, **asked)
        assert len(frame) == len(rows) > 0, name
        assert list(frame.columns) == list(rows[0]), name
        assert [str(value) for value in frame[frame.columns[0]]] == [str(next(iter(row.values()))) for row in rows]


def test_the_columns_are_there_without_rows(notebook: Notebook) -> None:
    frame = notebook.frame("complements", entity="unheard of")
    assert frame.empty
    assert list(frame.columns) == ["entity", "name", "rank", "weight", "prior", "strength", "judge", "reason"]


def test_numbers_keep_their_types_and_nulls_are_missing(notebook: Notebook, client: GraphClient) -> None:
    write_toy_shop(client)
    frame = notebook.frame("why", user="u1", item="i2").set_index("bought")
    assert frame["times"].dtype == "int64"
    assert frame.loc["i4", "copurchase"] == 0.5
    assert frame["weight"].isna().to_dict() == {"i1": False, "i5": False, "i4": True}


def test_a_limit_left_out_is_that_of_the_statement(notebook: Notebook, client: GraphClient) -> None:
    write_toy_shop(client)
    assert len(notebook.frame("complements", entity="tent", limit=1)) == 1
    assert len(notebook.frame("complements", entity="tent")) == 2


def test_what_a_statement_writes_is_not_kept(notebook: Notebook, client: GraphClient) -> None:
    write = "CREATE (s:Scratch {id: $id}) RETURN s.id AS id"
    if client.address.kind is ServerKind.NEO4J:
        with pytest.raises(GraphError, match="Writing in read access mode not allowed"):
            notebook.query(write, id="x")
    else:
        assert notebook.query(write, id="x")["id"].to_list() == ["x"]
    assert client.rows("load/shop/count") == [{"nodes": 0}]


def test_what_has_transactions_of_its_own_is_refused_by_neo4j_alone(notebook: Notebook, client: GraphClient) -> None:
    """The limit that docs/analyst.md names; a server that changes its ways shows here."""
    write = "UNWIND [1, 2] AS x CALL { WITH x CREATE (:Scratch {x: x}) } IN TRANSACTIONS OF 1 ROWS"
    index = "CREATE INDEX scratch_x IF NOT EXISTS FOR (s:Scratch) ON (s.x)"
    if client.address.kind is ServerKind.NEO4J:
        for text in (write, index):
            with pytest.raises(GraphError, match="Writing in read access mode not allowed"):
                notebook.query(text)
        return
    assert notebook.query(write).empty
    assert client.rows("load/shop/count") == [{"nodes": 2}]
    notebook.query(index)
    assert "scratch_x" in set(notebook.query("SHOW INDEXES YIELD name RETURN name")["name"])
    client.write(lambda tx: tx.text("DROP INDEX scratch_x"))


def test_the_servers_refusals_are_one_line(notebook: Notebook) -> None:
    with pytest.raises(GraphError, match="refuses the statement") as raised:
        notebook.query("RETRUN 1")
    assert "\n" not in str(raised.value)


def test_a_statement_that_is_not_known(notebook: Notebook) -> None:
    with pytest.raises(GraphError, match="no analyst statement 'complement': did you mean 'complements'"):
        notebook.frame("complement")
    with pytest.raises(GraphError, match="known: complements, disagreements"):
        notebook.frame("xyz")


def test_parameters_that_are_missing_or_unknown(notebook: Notebook) -> None:
    with pytest.raises(GraphError, match=r"complements needs entity: for example .*, entity='tent'"):
        notebook.frame("complements")
    with pytest.raises(GraphError, match="complements has no parameter 'entitty': did you mean 'entity'"):
        notebook.frame("complements", entity="tent", entitty="tent")
    with pytest.raises(GraphError, match="has no parameter 'entity': known: none"):
        notebook.frame("verdicts", entity="tent")


def test_a_wrong_password_and_a_wrong_database(address: GraphAddress) -> None:
    with pytest.raises(GraphError, match="refuses the user or password"):
        Notebook(replace(address, password="not the password"))
    with pytest.raises(GraphError, match="has no database 'nonesuch'"):
        Notebook(replace(address, database="nonesuch"))


def test_a_server_that_is_away() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        address = GraphAddress(f"bolt://127.0.0.1:{taken.getsockname()[1]}", password="any password")
        with pytest.raises(GraphUnavailableError, match="does not answer"):
            Notebook(address)


def test_the_environment_names_the_graph(address: GraphAddress) -> None:
    environ = {
        "KEREC_GRAPH_URI": address.uri,
        "KEREC_GRAPH_USER": address.user,
        "KEREC_GRAPH_PASSWORD": address.password,
        "KEREC_GRAPH_DATABASE": address.database,
    }
    with Notebook.from_environment(environ) as notebook:
        assert notebook.query("RETURN 1 AS one")["one"].to_list() == [1]
    with pytest.raises(GraphError, match="KEREC_GRAPH_URI is not set"):
        Notebook.from_environment({})


def test_the_embedded_server_of_a_folder_is_started_when_needed(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="holds no embedded graph"):
        Notebook.embedded(tmp_path / "graph")
    assert not (tmp_path / "graph").exists()
    server = EmbeddedServer(tmp_path / "graph")
    try:
        with server.lease():
            pass
        server.stop()
        with Notebook.embedded(tmp_path / "graph") as notebook:
            assert notebook.query("RETURN 1 AS one")["one"].to_list() == [1]
            server.stop()
            with pytest.raises(GraphUnavailableError, match="does not answer"):
                notebook.frame("gaps")
    finally:
        server.stop()


def test_the_list_of_statements() -> None:
    listed = Notebook.statements()
    assert listed["name"].to_list() == [name.removeprefix("analyst/") for name in names("analyst")]
    assert len(listed) >= 5
    assert listed["title"].str.len().min() > 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RETURN 1 AS one", ["one"]),
        ("MATCH (n) WITH n AS m RETURN DISTINCT m.id, collect([m.a, m.b]) AS both ORDER BY m.id", ["m.id", "both"]),
        ("RETURN 'a, b AS c' AS text, {x: 1, y: 2} AS map SKIP 1 LIMIT 2;", ["text", "map"]),
        ("// RETURN 0 AS comment\nmatch (n) return n.x as `two words`, n as node limit 3", ["two words", "node"]),
        ("CALL { MATCH (n) RETURN n AS inner } RETURN count(*) AS outer", ["outer"]),
        ("MATCH (n) DELETE n", []),
    ],
)
def test_columns_of_a_statement(text: str, expected: list[str]) -> None:
    assert columns_of(text) == expected
