"""The real graph servers that live tests run on: an embedded one and a Neo4j, each started once a session."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from graph.address import GraphAddress, ServerKind
from graph.client import GraphClient
from graph.embedded import EmbeddedServer
from graph.errors import KerecError
from graph.neo4j_library import available
from graph.neo4j_server import Neo4jServer
from services.workspace import wipe

# How long an example takes says what else the machine does: time is nothing that a test asserts.
settings.register_profile("kerec", deadline=None)
settings.load_profile("kerec")

TEST_SHOPS = ("test", "demo")  # a graph of one of these was made by an earlier run of the tests


@pytest.fixture(scope="session")
def embedded_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphAddress]:
    server = EmbeddedServer(tmp_path_factory.mktemp("embedded"))
    with server.lease() as address:
        yield address
    server.stop()


@pytest.fixture(scope="session")
def neo4j_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphAddress]:
    uri = os.environ.get("KEREC_TEST_GRAPH_URI")
    if uri:
        yield _given(uri)
        return
    reason = available()
    if reason is not None:
        message = f"no test runs on Neo4j: {reason}"
        if os.environ.get("KEREC_REQUIRE_NEO4J") == "1":
            pytest.fail(message)
        pytest.skip(message)
    server = Neo4jServer(tmp_path_factory.mktemp("neo4j"))
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture(params=list(ServerKind), ids=[kind.value for kind in ServerKind])
def address(request: pytest.FixtureRequest) -> GraphAddress:
    """Each of the two servers in turn."""
    found: GraphAddress = request.getfixturevalue(f"{request.param.value}_address")
    return found


@pytest.fixture
def client(address: GraphAddress) -> Iterator[GraphClient]:
    """An empty graph on each of the two servers in turn."""
    with GraphClient(address, retry_seconds=5) as client:
        wipe(client)
        yield client
        wipe(client)


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of the research data sets."""
    folder = os.environ.get("KEREC_DATA")
    if not folder:
        pytest.skip("KEREC_DATA is not set: nothing is tested on real data")
    return Path(folder)


def _given(uri: str) -> GraphAddress:
    """The server that the environment names; refused where its graph is not empty and not a test's."""
    address = GraphAddress(
        uri,
        os.environ.get("KEREC_TEST_GRAPH_USER", "neo4j"),
        os.environ.get("KEREC_TEST_GRAPH_PASSWORD", ""),
        os.environ.get("KEREC_TEST_GRAPH_DATABASE", "neo4j"),
    )
    try:
        with GraphClient(address, retry_seconds=5) as client:
            shops = [row["id"] for row in client.rows("load/shop/read")]
            foreign = client.rows("load/shop/count")[0]["nodes"] and not set(shops) & set(TEST_SHOPS)
    except KerecError as error:
        pytest.fail(f"KEREC_TEST_GRAPH_URI: {error}")
    if foreign:
        pytest.fail(f"KEREC_TEST_GRAPH_URI: the graph at {uri} is not empty and no test made it; it is left alone")
    return address
