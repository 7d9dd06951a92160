"""Our own lines of a board: what lists items for users on the graph of the held-out shop."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType

from graph.errors import UsageError
from services.evaluating.held_out_shop import HeldOutShop
from services.pipeline import learned
from services.pipeline.step import run_step
from services.pipeline.weigh import WEIGH
from services.ranking.batch import WORKERS, recommend_all
from services.ranking.building import build_fusion, build_recommender
from services.ranking.recommender import GraphRecommender
from services.recall import channels
from services.workspace import Workspace
from training.evaluation.content import content_digest
from training.evaluation.histories import Histories
from training.evaluation.listed import Listed

# workspace, users, k, seed → each user's k best items, best first
Lists = Callable[[Workspace, Sequence[str], int, int], Iterable[Sequence[str]]]
_USER = "u:"  # as timelines mark users


@dataclass(frozen=True, slots=True)
class Ours:
    """A line of ours: its name in tables, and its lists; `stochastic` where something is trained with the seed."""

    name: str
    lists: Lists
    stochastic: bool = False

    def method(self, held_out: HeldOutShop) -> Listed:
        """The line as a method on a held-out shop, which is opened when the first list is asked for."""

        def lister(contexts: Histories, k: int, seed: int) -> Iterable[Sequence[str]]:
            users = [actor.removeprefix(_USER) for actor in contexts.actors]
            return self.lists(held_out.workspace, users, k, seed)

        return Listed(self.name, content_digest(held_out.version, self.name), lister, self.stochastic)


def _untrained(workspace: Workspace) -> None:
    """As before any training: lines must not depend on which line was asked before, nor seeds on one another."""
    if not workspace.shop.rankers_dir.exists() and learned.used(workspace.shop) is None:
        return
    learned.forget(workspace.shop)
    shutil.rmtree(workspace.shop.rankers_dir, ignore_errors=True)
    workspace.client.run("load/step/delete", rows=[{"id": step} for step in ("train", "rank")])
    run_step(WEIGH, workspace)


def _fused(workspace: Workspace, users: Sequence[str], k: int, _seed: int) -> Iterator[Sequence[str]]:
    _untrained(workspace)
    return _listed(GraphRecommender(workspace.client, build_fusion(workspace)), users, k)


def ranked(build: Callable[[Workspace], GraphRecommender] = build_recommender) -> Lists:
    """Lists of a recommender, that of the API by default, after edge weights and ranker were trained with the seed.

    The lists raise UsageError where what trains is not installed.
    """

    def lists(workspace: Workspace, users: Sequence[str], k: int, seed: int) -> Iterator[Sequence[str]]:
        _untrained(workspace)
        _train(workspace, seed)
        return _listed(build(workspace), users, k)

    return lists


def _train(workspace: Workspace, seed: int) -> None:
    try:
        # Imported here: the other lines need neither torch nor boosters.
        from services.pipeline.rank import rank_step
        from services.pipeline.training import train_step
        from training.ranker.training import Options
        from training.weights.eei.hyperparameters import Hyperparameters
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the ranked line needs {error.name}: install kerec[train], or name other --methods"
        ) from error

    for step in (train_step(Hyperparameters(seed=seed), resume=False), WEIGH, rank_step(Options(seed=seed)), WEIGH):
        run_step(step, workspace)


def _listed(recommender: GraphRecommender, users: Sequence[str], k: int) -> Iterator[Sequence[str]]:
    for given in recommend_all(recommender, users, k):
        yield [item.item_id for item in given.items]


def _complementary(workspace: Workspace, users: Sequence[str], k: int, _seed: int) -> Iterator[Sequence[str]]:
    _untrained(workspace)
    return complementary(workspace, users, k)


def complementary(workspace: Workspace, users: Sequence[str], k: int) -> Iterator[Sequence[str]]:
    """The lists of the complementary channel alone, on the edges and weights that the graph has."""
    fusion = build_fusion(workspace)

    def ask(user: str) -> list[str]:
        targets = workspace.client.read(
            lambda tx: channels.complementary(tx, channels.history(tx, user), (), fusion.per_entity)
        )
        return [row.item for row in fusion.complements(targets, k)]

    with ThreadPoolExecutor(WORKERS) as pool:
        yield from pool.map(ask, users)


OURS = MappingProxyType(
    {
        "ranked": Ours("ranked (kerec)", ranked(), stochastic=True),
        "fused": Ours("fused (kerec)", _fused),
        "complementary": Ours("complementary alone", _complementary),
    }
)
