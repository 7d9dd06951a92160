"""Recall over HTTP beside the same statements run bare through the driver, request by request in one run."""

from __future__ import annotations

import http.client
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import neo4j
import numpy as np

from graph.address import GraphAddress
from graph.client import GraphClient, Transaction
from graph.statements import load
from services.demo.visitor import user_path
from services.measure.report import milliseconds
from services.ranking.building import build_recommender
from services.ranking.recommender import GraphRecommender
from services.shop import Shop
from services.workspace import Workspace

K = 20
WARM_UP = 300


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds over the same users: the statements bare, and the whole answer over HTTP."""

    requests: int
    bare_p50: float
    bare_p99: float
    http_p50: float
    http_p99: float


class _Recording(Transaction):
    """Keeps the statements that a recommendation runs."""

    def __init__(self, inner: neo4j.ManagedTransaction, kept: list[tuple[str, dict[str, Any]]]) -> None:
        super().__init__(inner)
        self._kept = kept

    def tuples(self, name: str, /, **params: Any) -> list[tuple[Any, ...]]:
        self._kept.append((load(name).text, params))
        return super().tuples(name, **params)

    def packed(self, name: str, /, **params: Any) -> list[list[Any]]:
        self._kept.append((load(name).text, params))
        return super().packed(name, **params)


def recorded(client: GraphClient, recommender: GraphRecommender, user: str) -> list[tuple[str, dict[str, Any]]]:
    """The statements, with their parameters, that the API runs for a user."""
    kept: list[tuple[str, dict[str, Any]]] = []
    client.read(lambda tx: recommender.recommend(_Recording(tx.inner, kept), user, K))
    return kept


def measure(address: GraphAddress, api: str, users: Sequence[str], shop: Shop) -> Latency:
    """Times each user's statements bare and the same request over one kept connection, in turn."""
    target = urlsplit(api)
    connection = http.client.HTTPConnection(str(target.hostname), target.port)
    bare: list[float] = []
    over_http: list[float] = []
    with (
        GraphClient(address) as client,
        neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver,
        driver.session(database=address.database, default_access_mode=neo4j.READ_ACCESS) as session,
    ):
        recommender = build_recommender(Workspace(shop, client))
        for number, user in enumerate(users):
            statements = recorded(client, recommender, user)
            times = (_bare(session, statements), _http(connection, user_path(user, K)))
            if number >= WARM_UP:
                bare.append(times[0])
                over_http.append(times[1])
    connection.close()
    return Latency(
        len(bare),
        milliseconds(bare, 50),
        milliseconds(bare, 99),
        milliseconds(over_http, 50),
        milliseconds(over_http, 99),
    )


def drawn(users: Sequence[str], count: int, seed: int = 0) -> list[str]:
    """`count` users, drawn with a seed."""
    return [str(user) for user in np.random.default_rng(seed).choice(np.array(users), count, replace=False)]


def _bare(session: neo4j.Session, statements: Sequence[tuple[str, dict[str, Any]]]) -> float:
    started = time.perf_counter()
    session.execute_read(lambda tx: [list(tx.run(text, params)) for text, params in statements])
    return time.perf_counter() - started


def _http(connection: http.client.HTTPConnection, path: str) -> float:
    started = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    seconds = time.perf_counter() - started
    if answer.status != http.HTTPStatus.OK:
        raise SystemExit(f"GET {path} answered {answer.status}")
    return seconds
