"""Where a graph server is and how to log in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ServerKind(StrEnum):
    """The two servers that the same statements run on."""

    NEO4J = "neo4j"
    EMBEDDED = "embedded"


@dataclass(frozen=True, slots=True)
class GraphAddress:
    """A Bolt address with credentials; the password never appears in a repr."""

    uri: str
    user: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str = "neo4j"
    kind: ServerKind = ServerKind.NEO4J
