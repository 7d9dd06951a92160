"""Our own lines of a board: what lists items for users on the graph of the held-out shop."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType

from graph.client import Transaction
from graph.errors import UsageError
from services.evaluating.held_out_shop import HeldOutShop
from services.pipeline import learned
from services.pipeline.step import run_step
from services.pipeline.weigh import WEIGH
from services.ranking.batch import WORKERS
from services.ranking.building import build_fusion, build_recommender
from services.ranking.recommender import GraphRecommender
from services.recall import channels
from services.recall.candidates import Target
from services.workspace import Workspace
from training.evaluation.content import content_digest
from training.evaluation.histories import Histories
from training.evaluation.listed import Listed

Asked = str | tuple[str, ...]  # a user, or what lies in a basket, oldest first
# workspace, whom to list for, k, seed → the k best items of each, best first
Lists = Callable[[Workspace, Sequence[Asked], int, int], Iterable[Sequence[str]]]
Train = Callable[[Workspace, int], None]  # with a seed
Build = Callable[[Workspace], GraphRecommender]
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
            return self.lists(held_out.workspace, list(_asked(contexts)), k, seed)

        return Listed(self.name, content_digest(held_out.version, self.name), lister, self.stochastic)


def _asked(contexts: Histories) -> Iterator[Asked]:
    for actor, low, high in zip(contexts.actors, contexts.starts, contexts.starts[1:], strict=False):
        if actor.startswith(_USER):
            yield actor.removeprefix(_USER)
        else:
            yield tuple(contexts.items[code] for code in contexts.item[low:high])


def _untrained(workspace: Workspace) -> None:
    """As before any training: lines must not depend on which line was asked before, nor seeds on one another."""
    if not workspace.shop.rankers_dir.exists() and learned.used(workspace.shop) is None:
        return
    learned.forget(workspace.shop)
    shutil.rmtree(workspace.shop.rankers_dir, ignore_errors=True)
    workspace.client.run("load/step/delete", rows=[{"id": step} for step in ("train", "rank")])
    run_step(WEIGH, workspace)


def _fused(workspace: Workspace, asked: Sequence[Asked], k: int, _seed: int) -> Iterator[Sequence[str]]:
    _untrained(workspace)
    return _listed(GraphRecommender(workspace.client, build_fusion(workspace), drop_durables=False), asked, k)


def with_durables(workspace: Workspace) -> GraphRecommender:
    """The recommender of the API, with durables kept."""
    # People do buy a second tent: a list that may not name it could not be measured on what they bought next.
    return build_recommender(workspace, drop_durables=False)


@contextmanager
def installed() -> Iterator[None]:
    """Imports of what trains; raises UsageError where it is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the ranked lines need {error.name}: install kerec[train], or name other --methods or --variants"
        ) from error


def trained(workspace: Workspace, seed: int) -> None:
    """Trains and releases edge weights, then a ranker on them; raises UsageError where what trains is not installed."""
    with installed():
        # Imported here: the other lines need neither torch nor boosters.
        from services.pipeline.rank import rank_step
        from services.pipeline.training import train_step
        from training.ranker.training import Options
        from training.weights.eei.hyperparameters import Hyperparameters

    for step in (train_step(Hyperparameters(seed=seed), resume=False), WEIGH, rank_step(Options(seed=seed)), WEIGH):
        run_step(step, workspace)


def ranked(train: Train = trained, build: Build = with_durables) -> Lists:
    """Lists of a recommender, by default that of the API, after what `train` trains with the seed on a graph without
    any training; they raise what `train` raises."""

    def lists(workspace: Workspace, asked: Sequence[Asked], k: int, seed: int) -> Iterator[Sequence[str]]:
        _untrained(workspace)
        train(workspace, seed)
        return _listed(build(workspace), asked, k)

    return lists


def _listed(recommender: GraphRecommender, asked: Sequence[Asked], k: int) -> Iterator[Sequence[str]]:
    def ask(one: Asked) -> list[str]:
        given = recommender.for_user(one, k) if isinstance(one, str) else recommender.for_basket(one, k)
        return [item.item_id for item in given.items]

    with ThreadPoolExecutor(WORKERS) as pool:
        yield from pool.map(ask, asked)


def _complementary(workspace: Workspace, asked: Sequence[Asked], k: int, _seed: int) -> Iterator[Sequence[str]]:
    _untrained(workspace)
    return complementary(workspace, asked, k)


def complementary(workspace: Workspace, asked: Sequence[Asked], k: int) -> Iterator[Sequence[str]]:
    """The lists of the complementary channel alone, on the edges and weights that the graph has."""
    fusion = build_fusion(workspace)

    def recalled(tx: Transaction, one: Asked) -> tuple[Target, ...]:
        known = channels.history(tx, one) if isinstance(one, str) else channels.basket(tx, one)
        return channels.complementary(tx, known, (), fusion.per_entity)

    def ask(one: Asked) -> list[str]:
        return [row.item for row in fusion.complements(workspace.client.read(lambda tx: recalled(tx, one)), k)]

    with ThreadPoolExecutor(WORKERS) as pool:
        yield from pool.map(ask, asked)


OURS = MappingProxyType(
    {
        "ranked": Ours("ranked (kerec)", ranked(), stochastic=True),
        "fused": Ours("fused (kerec)", _fused),
        "complementary": Ours("complementary alone", _complementary),
    }
)
