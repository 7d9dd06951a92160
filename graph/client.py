"""The one way to the graph: named statements in managed transactions over Bolt, on either server."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import neo4j
from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    ConstraintError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from graph.address import GraphAddress, ServerKind
from graph.errors import GraphError, GraphUnavailableError
from graph.statements import load

T = TypeVar("T")
Row = dict[str, Any]

_SCHEMES = ("bolt://", "bolt+s://", "bolt+ssc://", "neo4j://", "neo4j+s://", "neo4j+ssc://")
_EMBEDDED = "ArcadeDB"  # in the name that the server gives itself
_CONNECT_SECONDS = 5.0
_RETRY_SECONDS = 15.0
_ANSWER_SECONDS = 150.0  # longer than any statement may take on the embedded server
# What the driver says of a server that is away, and what that means.
_ABSENCES = {
    "Connection refused": "connection refused",
    "DNS resolve": "there is no such host",
    "handshake response": "no answer in Bolt",
    "defunct connection": "no answer in Bolt",
    "encrypted connection": "no encrypted connection: bolt:// is the plain one",
}

# The embedded server locks no key that MERGE is about to create: of two writers at once the slower one is refused, and
# finds the node when it tries again.
_RETRIED = Retrying(
    retry=retry_if_exception_type(ConstraintError),
    wait=wait_random_exponential(multiplier=0.01, max=0.5),
    stop=stop_after_attempt(8),
    reraise=True,
)

# Without any handler Python prints the driver's note of each retry to a terminal that is promised one line.
logging.getLogger("neo4j").addHandler(logging.NullHandler())


class Transaction:
    """Runs named statements inside one managed transaction."""

    def __init__(self, inner: neo4j.ManagedTransaction) -> None:
        self.inner = inner

    def rows(self, name: str, /, **params: Any) -> list[Row]:
        """All rows of the statement `cypher/NAME.cypher`."""
        return self.inner.run(load(name).text, params).data()

    def tuples(self, name: str, /, **params: Any) -> list[tuple[Any, ...]]:
        """All rows as tuples: what large reads and the request path use, cheaper than dictionaries."""
        return [tuple(record.values()) for record in self.inner.run(load(name).text, params)]

    def packed(self, name: str, /, **params: Any) -> list[list[Any]]:
        """The rows of a statement that collects them all into the one value of its one row."""
        rows: list[list[Any]] = self.inner.run(load(name).text, params).single(strict=True)[0]
        return rows

    def text(self, text: str) -> list[Row]:
        """All rows of a statement given as text: schema statements of a migration, and EXPLAIN in tests."""
        return self.inner.run(text).data()


class GraphClient:
    """A connection pool to one database; safe to share between threads, never across a fork.

    Every method raises GraphUnavailableError while the server is away, says nothing for `answer_seconds` or loses the
    connection for longer than `retry_seconds`, and GraphError for what it refuses.
    """

    def __init__(
        self,
        address: GraphAddress,
        *,
        retry_seconds: float = _RETRY_SECONDS,
        answer_seconds: float = _ANSWER_SECONDS,
        pool_size: int = 50,
    ) -> None:
        _check(address.uri)
        self.address = address
        with _translated(address):
            self._driver = neo4j.GraphDatabase.driver(
                address.uri,
                auth=(address.user, address.password),
                connection_timeout=_CONNECT_SECONDS,
                connection_acquisition_timeout=_CONNECT_SECONDS + 1,
                max_transaction_retry_time=retry_seconds,
                max_connection_pool_size=pool_size,
                notifications_min_severity="OFF",
                telemetry_disabled=True,
                user_agent="kerec",
            )
        _limit_waiting(self._driver, answer_seconds)

    def read(self, work: Callable[[Transaction], T]) -> T:
        """What `work` returns, run in one read transaction; it may run again after a lost connection."""
        with _translated(self.address), self._session(neo4j.READ_ACCESS) as session:
            return session.execute_read(lambda inner: work(Transaction(inner)))

    def write(self, work: Callable[[Transaction], T]) -> T:
        """What `work` returns, run in one write transaction; it may run again, so it must be idempotent."""
        with _translated(self.address), self._session(neo4j.WRITE_ACCESS) as session:
            return _RETRIED(lambda: session.execute_write(lambda inner: work(Transaction(inner))))

    def rows(self, name: str, /, **params: Any) -> list[Row]:
        """All rows of one statement, read."""
        return self.read(lambda tx: tx.rows(name, **params))

    def run(self, name: str, /, **params: Any) -> list[Row]:
        """All rows of one statement, written."""
        return self.write(lambda tx: tx.rows(name, **params))

    def check(self) -> None:
        """Raises a GraphError with one line unless the server answers and accepts the password."""
        self.read(lambda tx: tx.rows("load/ping"))

    def kind(self) -> ServerKind:
        """Which server answers, by its own word: an address that a user gave does not tell."""
        with _translated(self.address):
            return ServerKind.EMBEDDED if _EMBEDDED in self._driver.get_server_info().agent else ServerKind.NEO4J

    def close(self) -> None:
        """Closes the pool."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _session(self, mode: str) -> neo4j.Session:
        return self._driver.session(database=self.address.database, default_access_mode=mode, fetch_size=5000)


def _check(uri: str) -> None:
    """Raises GraphError where no server can be: the driver finds that out late, or takes another port silently."""
    try:
        parts = urlsplit(uri)
        _port, _host = parts.port, (parts.hostname or "").encode("idna")
        problem = None if uri.startswith(_SCHEMES) else "it must begin with bolt:// or neo4j://"
    except ValueError as error:
        problem = _first_line(error)
    if problem:
        raise GraphError(f"the graph address {uri!r} cannot be used: {problem}")


def _limit_waiting(driver: neo4j.Driver, seconds: float) -> None:
    """Ends the wait for a server that hangs: the driver has a setting for connecting, and none for answers."""
    pool = driver._pool
    opened = pool.opener

    def opener(*given: Any) -> Any:
        connection = opened(*given)
        if connection.socket.get_read_timeout() is None:  # else the server has said what it keeps to
            connection.socket.set_read_timeout(seconds)
        return connection

    pool.opener = opener


@contextmanager
def _translated(address: GraphAddress) -> Iterator[None]:
    where = f"the graph server at {address.uri}"
    try:
        yield
    except AuthError as error:
        raise GraphError(
            f"{where} refuses the user or password of {address.user!r}: set KEREC_GRAPH_USER and KEREC_GRAPH_PASSWORD"
        ) from error
    except TransientError as error:
        raise GraphUnavailableError(f"{where} cannot do this now: {_first_line(error)}") from error
    except (ServiceUnavailable, SessionExpired) as error:
        raise GraphUnavailableError(f"{where} does not answer ({_absence(error)}); is it running?") from error
    except ConfigurationError as error:
        raise GraphError(f"the graph address {address.uri!r} cannot be used: {_first_line(error)}") from error
    except ClientError as error:
        if error.code == "Neo.ClientError.Database.DatabaseNotFound":
            raise GraphError(f"{where} has no database {address.database!r}: set KEREC_GRAPH_DATABASE") from error
        raise GraphError(f"{where} refuses a statement: {_first_line(error)}") from error
    except (Neo4jError, DriverError) as error:
        raise GraphError(f"{where} failed: {_first_line(error)}") from error


def _absence(error: Exception) -> str:
    said = str(error)
    return next((plain for words, plain in _ABSENCES.items() if words in said), _first_line(error))


def _first_line(error: Exception) -> str:
    message = error.message if isinstance(error, Neo4jError) and error.message else str(error)
    return message.splitlines()[0][:300].rstrip(":") if message else type(error).__name__
