"""The schema is applied once, in order, on the server it is for, and an applied migration never changes."""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import pytest

import cypher
from graph.address import GraphAddress, ServerKind
from graph.client import GraphClient
from graph.errors import GraphError
from graph.migrations import Migration, migrate, migrations
from graph.reconcile import current
from graph.statements import load, names
from graph.tables import STEP
from graph.vocabulary import ENTITY_VECTORS, NodeLabel

FILES = {
    "0010-last.cypher": "MERGE (:Step {id: 'last'});",
    "neo4j/0009-there.cypher": "MERGE (:Step {id: 'neo4j'});",
    "embedded/0009-here.cypher": "MERGE (:Step {id: 'embedded'});",
    "0001-first.cypher": "MERGE (:Step {id: 'first'});\n// not; this\nMERGE (:Step {id: 'second'})\n;\n",
}


def applied(client: GraphClient) -> dict[str, str]:
    return {row["id"]: row["checksum"] for row in client.rows("load/migration/read")}


@pytest.fixture
def other_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """All statements, but with migrations for both servers and for one: the package that holds them."""
    package = tmp_path / "other_cypher"
    shutil.copytree(str(files(cypher)), package, ignore=shutil.ignore_patterns("migrations", "__pycache__"))
    for name, text in FILES.items():
        path = package / "migrations" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"// A migration\n// params: {{}}\n{text}\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("graph.statements.cypher", import_module("other_cypher"))
    monkeypatch.delitem(sys.modules, "other_cypher")
    load.cache_clear()
    yield package
    load.cache_clear()


def test_numbers_are_unique_on_each_server_and_without_gaps_on_both() -> None:
    everywhere = set()
    for kind in ServerKind:
        numbers = [int(migration.id.rpartition("/")[2][:4]) for migration in migrations(kind)]
        assert numbers == sorted(set(numbers))
        everywhere |= set(numbers)
    assert everywhere == set(range(1, len(everywhere) + 1))
    assert all(re.fullmatch(r"migrations/((neo4j|embedded)/)?\d{4}-[a-z-]+", name) for name in names("migrations"))


@pytest.mark.parametrize("kind", ServerKind)
def test_a_server_gets_its_own_migrations_and_those_of_both(kind: ServerKind) -> None:
    mine = {migration.id for migration in migrations(kind)}
    (foreign,) = set(ServerKind) - {kind}
    below = {name.removeprefix("migrations/") for name in names("migrations")}
    assert mine == {name for name in below if not name.startswith(f"{foreign}/")}


def test_every_label_with_an_id_has_its_constraint() -> None:
    texts = [text for kind in ServerKind for migration in migrations(kind) for text in migration.statements]
    found = {label for text in texts for label in re.findall(r"FOR \(n:(\w+)\) REQUIRE n\.id IS UNIQUE", text)}
    assert found == set(NodeLabel)


def test_a_migration_can_be_repeated_after_a_kill() -> None:
    statements = [text for kind in ServerKind for migration in migrations(kind) for text in migration.statements]
    assert statements
    assert [text for text in statements if "IF NOT EXISTS" not in text and not text.startswith("MATCH")] == []


def test_all_are_applied_once(client: GraphClient) -> None:
    expected = migrations(client.address.kind)
    assert migrate(client) == [migration.id for migration in expected]
    assert applied(client) == {migration.id: migration.checksum for migration in expected}
    assert migrate(client) == []
    assert applied(client) == {migration.id: migration.checksum for migration in expected}


def test_applied_ids_are_kept_unique_by_the_server(client: GraphClient) -> None:
    migrate(client)
    client.write(lambda tx: tx.text("CREATE (:Item {id: 'twice'})"))
    with pytest.raises(GraphError, match=r"^the graph server at \S+ refuses a statement: .*$"):
        client.write(lambda tx: tx.text("CREATE (:Item {id: 'twice'})"))
    assert client.rows("load/shop/count") == [{"nodes": 1}]


def test_a_kill_before_the_record_is_made_good(client: GraphClient) -> None:
    for migration in migrations(client.address.kind):
        for statement in migration.statements:
            client.write(lambda tx, text=statement: tx.text(text))  # type: ignore[misc]
    assert applied(client) == {}
    assert migrate(client) == [migration.id for migration in migrations(client.address.kind)]


def test_only_what_is_missing_is_applied(client: GraphClient) -> None:
    first, *rest = migrations(client.address.kind)
    client.run("load/migration/write", id=first.id, checksum=first.checksum, applied_at=7)
    assert migrate(client) == [migration.id for migration in rest]


def test_a_changed_migration_is_named_and_nothing_is_applied_after_it(client: GraphClient) -> None:
    first, *_rest = migrations(client.address.kind)
    client.run("load/migration/write", id=first.id, checksum="0" * 16, applied_at=7)
    with pytest.raises(GraphError) as caught:
        migrate(client)
    text = str(caught.value)
    assert f"migration {first.id} was applied with checksum {'0' * 16}" in text
    assert first.checksum in text
    assert "\n" not in text
    assert applied(client) == {first.id: "0" * 16}


def test_files_for_one_server_are_applied_there_only_in_the_order_of_numbers(
    client: GraphClient, other_files: Path
) -> None:
    kind = client.address.kind
    middle = {ServerKind.NEO4J: "neo4j/0009-there", ServerKind.EMBEDDED: "embedded/0009-here"}[kind]
    assert migrate(client) == ["0001-first", middle, "0010-last"]
    assert set(applied(client)) == {"0001-first", middle, "0010-last"}
    assert set(current(client, STEP)["id"]) == {"first", "second", kind.value, "last"}
    assert migrate(client) == []


def test_a_file_is_split_into_statements_without_comments(other_files: Path) -> None:
    first = migrations(ServerKind.NEO4J)[0]
    text = (other_files / "migrations" / "0001-first.cypher").read_text()
    statements = ("MERGE (:Step {id: 'first'})", "MERGE (:Step {id: 'second'})")
    assert first == Migration("0001-first", statements, hashlib.sha256(text.encode()).hexdigest()[:16])


def test_the_vector_indexes_of_neo4j_are_those_of_the_vocabulary() -> None:
    text = load("migrations/neo4j/0003-vectors").text
    found = re.findall(r"INDEX entity_(\w+) .*\(n\.(\w+)\)\nOPTIONS .*`vector\.dimensions`: (\d+)", text)
    assert [(name, name, str(dimensions)) for name, dimensions in ENTITY_VECTORS.items()] == found


def test_both_servers_have_the_vector_indexes(client: GraphClient) -> None:
    migrate(client)
    rows = client.read(lambda tx: tx.text("SHOW INDEXES YIELD type, labelsOrTypes, properties"))
    vectors = {
        tuple(row["properties"]) for row in rows if row["type"] == "VECTOR" and row["labelsOrTypes"] == ["Entity"]
    }
    assert vectors == {(name,) for name in ENTITY_VECTORS}


def test_a_server_says_itself_which_one_it_is(client: GraphClient) -> None:
    told = GraphAddress(client.address.uri, client.address.user, client.address.password, client.address.database)
    with GraphClient(told) as untold:
        assert untold.kind() is client.address.kind
