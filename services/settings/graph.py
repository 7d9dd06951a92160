"""The `[graph]` table: a Neo4j server, or none for the embedded one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator, model_validator

from services.settings.section import Name, Section

ENVIRONMENT = {
    "uri": "KEREC_GRAPH_URI",
    "user": "KEREC_GRAPH_USER",
    "password": "KEREC_GRAPH_PASSWORD",
    "database": "KEREC_GRAPH_DATABASE",
}
_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
_NO_PASSWORD = f"a password never stands in the file; remove it and set {ENVIRONMENT['password']}"


class GraphSettings(Section):
    """Where the graph server is and who connects; the password comes from the environment only."""

    uri: Name
    user: Name = "neo4j"
    password: SecretStr | None = None
    database: Name = "neo4j"

    @field_validator("uri")
    @classmethod
    def _bolt_address(cls, uri: str) -> str:
        try:
            address = urlsplit(uri)
        except ValueError as error:
            raise ValueError(f"not an address ({error}); write it as bolt://127.0.0.1:7687") from None
        if address.username is not None:
            raise ValueError(_NO_PASSWORD)
        if address.scheme not in _SCHEMES or not address.hostname:
            raise ValueError(f"'{uri}' is not a Bolt address; write it as bolt://127.0.0.1:7687")
        return uri


class GraphInFile(Section):
    """What `[graph]` may hold in the file; the environment overrides it and fills what is missing."""

    uri: Name | None = None
    user: Name | None = None
    database: Name | None = None

    @model_validator(mode="before")
    @classmethod
    def _no_password(cls, data: Any) -> Any:
        if isinstance(data, dict) and "password" in data:
            raise ValueError(_NO_PASSWORD)
        return data


def graph_table(table: Any, environ: Mapping[str, str]) -> dict[str, Any] | None:
    """Lay the environment over `[graph]`; None (the embedded server) where neither names an address."""
    in_file = GraphInFile.model_validate({} if table is None else table).model_dump(exclude_none=True)
    overrides = {key: environ[name] for key, name in ENVIRONMENT.items() if environ.get(name)}
    merged = in_file | overrides
    if table is None and "uri" not in merged:
        return None
    return merged
