"""A notebook's way to a shop's graph: statements as data frames, over py2neo.

The only file that imports py2neo (2021.2.4, its last version, which speaks Bolt 4.3) and pandas: the extra `notebook`.
Every statement runs in a read transaction that is rolled back: Neo4j refuses its writes, the embedded server, which
does not, forgets them.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from graph.address import GraphAddress
from graph.client import GraphClient
from graph.embedded import EmbeddedServer
from graph.errors import GraphError, GraphUnavailableError
from graph.statements import load
from graph.statements import names as all_names

try:
    import pandas as pd
    import py2neo
    from py2neo.errors import (
        ConnectionBroken,
        ConnectionUnavailable,
        Neo4jError,
        ServiceUnavailable,
    )
except ImportError as error:
    raise ImportError("graph.notebook needs pandas and py2neo: pip install 'kerec[notebook]'") from error

_FOLDER = "analyst"
_LIMIT = "limit"
_AWAY = (ConnectionBroken, ConnectionUnavailable, ServiceUnavailable)
_NOISE = re.compile(r"""//[^\n]*|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""")
_RETURN = re.compile(r"\bRETURN\b(?:\s+DISTINCT\b)?", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:ORDER\s+BY|SKIP|LIMIT)\b|;", re.IGNORECASE)
_ALIAS = re.compile(r"\bAS\s+(\w+|`[^`]+`)$", re.IGNORECASE)


class Notebook:
    """One graph, whose statements become pandas data frames.

    Each statement has a connection of its own, so that a kernel left open outlives a restart of the server. Opening and
    every statement raise GraphUnavailableError while the server is away, GraphError for a wrong password or database.
    """

    def __init__(self, address: GraphAddress) -> None:
        self.address = address
        self._held = ExitStack()
        self._check_server()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """The graph that KEREC_GRAPH_URI, _USER, _PASSWORD and _DATABASE name, as for the command."""
        uri = environ.get("KEREC_GRAPH_URI")
        if not uri:
            raise GraphError("KEREC_GRAPH_URI is not set: set it, or open Notebook.embedded('SHOP/.kerec/graph')")
        user = environ.get("KEREC_GRAPH_USER") or "neo4j"
        password = environ.get("KEREC_GRAPH_PASSWORD", "")
        return cls(GraphAddress(uri, user, password, environ.get("KEREC_GRAPH_DATABASE") or "neo4j"))

    @classmethod
    def embedded(cls, folder: str | Path) -> Self:
        """The embedded graph in a shop's `.kerec/graph`; its server is started if need be, and lives until `close`."""
        path = Path(folder)
        if not (path / "password").exists():
            raise GraphError(f"{path} holds no embedded graph: name the folder .kerec/graph of a shop that was run")
        with ExitStack() as opening:
            notebook = cls(opening.enter_context(EmbeddedServer(path).lease()))
            notebook._held = opening.pop_all()
        return notebook

    @staticmethod
    def names() -> list[str]:
        """The analyst statements that `frame` knows."""
        return [name.removeprefix(f"{_FOLDER}/") for name in all_names(_FOLDER)]

    @classmethod
    def statements(cls) -> pd.DataFrame:
        """The analyst statements with their titles and example parameters."""
        rows = [(name, load(f"{_FOLDER}/{name}")) for name in cls.names()]
        table = [(name, found.title, dict(found.examples)) for name, found in rows]
        return pd.DataFrame(table, columns=["name", "title", "parameters"])

    def frame(self, name: str, /, **parameters: Any) -> pd.DataFrame:
        """The rows of an analyst statement; its columns stand there even without rows.

        A `limit` that is not given is the one in the statement's head. Raises GraphError for a name that is not known,
        and for parameters that are missing or unknown.
        """
        known = self.names()
        if name not in known:
            raise GraphError(f"there is no analyst statement {name!r}: {_near(name, known)}")
        statement = load(f"{_FOLDER}/{name}")
        _check(name, statement.examples, parameters)
        limit = {_LIMIT: statement.examples[_LIMIT]} if _LIMIT in statement.examples else {}
        return self.query(statement.text, **limit | parameters)

    def query(self, text: str, /, **parameters: Any) -> pd.DataFrame:
        """The rows of any Cypher statement; nothing that it writes is kept."""
        with self._translated(), self._connected() as connected:
            transaction = connected.begin(readonly=True)
            try:
                cursor = transaction.run(text, parameters)
                rows = [tuple(record) for record in cursor]
                # The embedded server names no columns where there are no rows.
                columns = cursor.keys() or columns_of(text)
            finally:
                connected.rollback(transaction)
        return pd.DataFrame(rows, columns=columns)

    def close(self) -> None:
        """Lets go of an embedded server."""
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _check_server(self) -> None:
        """Says with the official driver what py2neo does not: it waits without end for a server that is away."""
        with GraphClient(self.address, retry_seconds=0) as client:
            client.check()

    @contextmanager
    def _connected(self) -> Iterator[py2neo.Graph]:
        self._check_server()
        address = self.address
        graph = py2neo.Graph(address.uri, auth=(address.user, address.password), name=address.database)
        try:
            yield graph
        finally:
            graph.service.connector.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        where = f"the graph server at {self.address.uri}"
        try:
            yield
        except _AWAY as error:
            raise GraphUnavailableError(f"{where} does not answer: is it running? Then run this again") from error
        except Neo4jError as error:
            raise GraphError(f"{where} refuses the statement: {str(error.message).splitlines()[0][:300]}") from error


def columns_of(text: str) -> list[str]:
    """The names of a statement's columns as its last RETURN gives them; none where it has no RETURN."""
    _, *returned = _RETURN.split(_NOISE.sub("''", text))
    return [_named(part) for part in _parts(_AFTER.split(returned[-1])[0])] if returned else []


def _parts(returned: str) -> list[str]:
    """What stands between the commas that are outside of brackets."""
    parts, depth = [""], 0
    for sign in returned:
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def _named(part: str) -> str:
    alias = _ALIAS.search(part)
    return alias.group(1).strip("`") if alias else part


def _near(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known) or 'none'}"


def _check(name: str, examples: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    missing = [key for key in examples if key not in given and key != _LIMIT]
    if missing:
        call = "".join(f", {key}={value!r}" for key, value in examples.items() if key != _LIMIT)
        raise GraphError(f"{name} needs {' and '.join(missing)}: for example frame({name!r}{call})")
    for key in given:
        if key not in examples:
            raise GraphError(f"{name} has no parameter {key!r}: {_near(key, list(examples))}")
