"""The API's parts, built from a shop."""

from __future__ import annotations

import time
from collections.abc import Callable

from graph.address import GraphAddress
from graph.client import GraphClient
from graph.errors import GraphUnavailableError
from services.api.metrics import Metrics
from services.api.ports import ApiParts
from services.feedback.follower import Follower
from services.feedback.forgetting import forget
from services.feedback.sink import JournalSink
from services.ranking.building import build_recommender
from services.shop import Shop
from services.workspace import Workspace

# A request answers 503 rather than wait for a server that is away, or hangs.
_RETRY_SECONDS = 1.0
_ANSWER_SECONDS = 15.0


class _Forgetting:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def forget(self, user: str) -> None:
        forget(self._workspace, user, int(time.time() * 1000))


class _Readiness:
    def __init__(self, client: GraphClient) -> None:
        self._client = client

    def check(self) -> None:
        """Raises GraphUnavailableError while the graph is away, or holds no release to serve."""
        rows = self._client.rows("recall/shop")
        if not rows or rows[0]["release"] is None:
            raise GraphUnavailableError("the graph holds no release yet: run `kerec run`")


def parts_factory(shop: Shop, address: GraphAddress, threads: int) -> Callable[[], ApiParts]:
    """How each worker builds its parts after the fork: nothing that it opens is shared with another process."""

    def build() -> ApiParts:
        client = GraphClient(
            address, retry_seconds=_RETRY_SECONDS, answer_seconds=_ANSWER_SECONDS, pool_size=threads + 2
        )
        workspace = Workspace(shop, client)
        metrics = Metrics()
        follower = Follower(workspace)
        follower.start()

        def close() -> None:
            follower.stop()
            client.close()

        sink = JournalSink(workspace.journal, follower.nudge)
        recommender = build_recommender(workspace, metrics.observe_recall)
        return ApiParts(recommender, sink, _Forgetting(workspace), _Readiness(client), metrics, close)

    return build
