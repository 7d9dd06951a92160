"""Lists for many users: the same statements as for one, over several connections at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from graph.reconcile import Progress, silent
from services.recall.port import Recommendations, Recommender

WORKERS = 4  # two cores: while one request waits for the server, another's answer is read


def recommend_all(
    recommender: Recommender, users: Sequence[str], k: int, progress: Progress = silent, workers: int = WORKERS
) -> Iterator[Recommendations]:
    """Each user's k best items, in the order of `users`; raises what the recommender raises."""
    with ThreadPoolExecutor(workers) as pool:
        for done, given in enumerate(pool.map(lambda user: recommender.for_user(user, k), users), 1):
            progress("recommend", done, len(users))
            yield given
