"""The schema of the graph: numbered migrations, applied once, in order, with checksums.

A migration is `cypher/migrations/NNNN-name.cypher`, or one in `neo4j/` or `embedded/` below it where only one of the
servers takes the DDL. Statements end with `;`. What the embedded server takes in no Cypher (vector indexes) it makes
itself when it starts.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from operator import methodcaller

from graph.address import ServerKind
from graph.client import GraphClient
from graph.errors import GraphError
from graph.statements import load, names

_ROOT = "migrations"


@dataclass(frozen=True, slots=True)
class Migration:
    """One migration: `id` is its path below `migrations/`, `checksum` 16 hex digits of its text."""

    id: str
    statements: tuple[str, ...]
    checksum: str


def migrations(kind: ServerKind) -> list[Migration]:
    """The migrations of one kind of server, in the order of their numbers."""
    foreign = {f"{_ROOT}/{other}/" for other in ServerKind if other is not kind}
    mine = [name for name in names(_ROOT) if not any(name.startswith(place) for place in foreign)]
    return [_migration(name) for name in sorted(mine, key=lambda name: name.rsplit("/", 1)[-1])]


def migrate(client: GraphClient) -> list[str]:
    """Applies what is missing and returns its ids; raises GraphError where an applied one has changed since."""
    applied = {row["id"]: row["checksum"] for row in client.rows("load/migration/read")}
    done = []
    for migration in migrations(client.kind()):
        known = applied.get(migration.id)
        if known is None:
            _apply(client, migration)
            done.append(migration.id)
        elif known != migration.checksum:
            raise GraphError(
                f"migration {migration.id} was applied with checksum {known}, but its file has {migration.checksum}: "
                "an applied migration must not change; add a new one"
            )
    return done


def _migration(name: str) -> Migration:
    text = load(name).text
    body = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//"))
    statements = tuple(part.strip() for part in body.split(";") if part.strip())
    return Migration(name.removeprefix(f"{_ROOT}/"), statements, hashlib.sha256(text.encode()).hexdigest()[:16])


def _apply(client: GraphClient, migration: Migration) -> None:
    # Schema statements may not share a transaction with data, so the record follows them; each is IF NOT EXISTS.
    for statement in migration.statements:
        client.write(methodcaller("text", statement))
    now = int(time.time() * 1000)
    client.run("load/migration/write", id=migration.id, checksum=migration.checksum, applied_at=now)
