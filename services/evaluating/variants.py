"""The method with a part taken out or another put in its place, for ablations."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from graph.errors import UsageError
from graph.reconcile import current, reconcile
from graph.snapshot import read_snapshot
from graph.tables import COMPLEMENTS, COMPLEMENTS_WEIGHT
from services.evaluating.ours import OURS, Asked, Ours, complementary
from services.evaluating.ranked_variants import RANKED_WITHOUT
from services.feedback.profiles import fading
from services.pipeline import facts
from services.pipeline.release import ranked
from services.workspace import Workspace
from training.weights.counters import count_edges
from training.weights.learned import WEIGHED
from training.weights.rates import PriorRates
from training.weights.rival_edges import copurchase_edges, random_edges

_EDGE = ["head", "tail"]
# The edges of the workspace's graph with head, tail, weight and, where items take other than their shares, items and
# pulls [training.weights.learned.WEIGHED], by a seed
Weigh = Callable[[Workspace, int], pl.DataFrame]
# The edges (head, tail) that take the place of the judged ones, by a seed
Edges = Callable[[Workspace, int], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Variant:
    """A line of the ablation table; `edges` None leaves the judged ones."""

    name: str
    weigh: Weigh
    edges: Edges | None = None
    stochastic: bool = True

    def ours(self) -> Ours:
        """The complementary channel's lists on the variant's edges and weights."""
        return Ours(self.name, self._lists, self.stochastic)

    def _lists(self, workspace: Workspace, asked: Sequence[Asked], k: int, seed: int) -> Iterator[Sequence[str]]:
        with _kept(workspace):
            if self.edges is not None:
                _put(workspace, self.edges(workspace, seed))
            weights = pl.concat([WEIGHED.to_frame(), self.weigh(workspace, seed)], how="diagonal")
            weights = ranked(weights).with_columns(release=pl.lit(self.name))
            reconcile(workspace.client, COMPLEMENTS_WEIGHT, weights, workspace.progress)
            yield from complementary(workspace, asked, k)


@contextmanager
def _kept(workspace: Workspace) -> Iterator[None]:
    """Puts the edges and weights of the graph back in the end."""
    edges, weights = (current(workspace.client, view) for view in (COMPLEMENTS, COMPLEMENTS_WEIGHT))
    try:
        yield
    finally:
        reconcile(workspace.client, COMPLEMENTS, edges, workspace.progress)
        reconcile(workspace.client, COMPLEMENTS_WEIGHT, weights, workspace.progress)


def _put(workspace: Workspace, edges: pl.DataFrame) -> None:
    """Edges without judgement: each has the mean prior of those that they replace."""
    prior = current(workspace.client, COMPLEMENTS).select(pl.mean("probability")).item()
    rows = edges.with_columns(probability=pl.lit(prior), judge=pl.lit("none"))
    missing = [name for name in COMPLEMENTS.columns if name not in rows.columns]
    rows = rows.with_columns(pl.lit(None, COMPLEMENTS.schema[name]).alias(name) for name in missing)
    reconcile(workspace.client, COMPLEMENTS, rows.select(COMPLEMENTS.columns), workspace.progress)


def learned(**changes: Any) -> Weigh:
    """Weights of the model trained with changed hyperparameters."""

    def weigh(workspace: Workspace, seed: int) -> pl.DataFrame:
        try:
            # Imported here: torch takes seconds to load, and a cached board does without it.
            from services.pipeline.training import knowledge_of
            from training.tracking import Several
            from training.weights.eei.dataset import build
            from training.weights.eei.fit import fit
            from training.weights.eei.hyperparameters import Hyperparameters
            from training.weights.eei.stores import in_memory
        except ModuleNotFoundError as error:
            said = f"learned weights need {error.name}: install kerec[train], or name other --variants"
            raise UsageError(said) from error
        chosen = replace(Hyperparameters(seed=seed), **changes)
        known, events = knowledge_of(workspace, read_snapshot(workspace.client)), facts.events(workspace)
        dataset = build(known, events, seed=seed, timescale=fading(workspace.shop.settings).timescale)
        graph = in_memory(known, dataset.samples)
        with tempfile.TemporaryDirectory(prefix="kerec-ablation-") as folder:
            path = Path(folder) / "checkpoint.pt"
            return fit(known, events, dataset, graph, chosen, path, Several([]), workspace.progress).weights

    return weigh


def _without_items(workspace: Workspace, seed: int) -> pl.DataFrame:
    return learned()(workspace, seed).drop("items", "pulls")


def _prior(workspace: Workspace, _seed: int) -> pl.DataFrame:
    return current(workspace.client, COMPLEMENTS).select(*_EDGE, weight="probability")


def _counters(workspace: Workspace, _seed: int) -> pl.DataFrame:
    """Rates of purchases upon one prior for all edges: what purchases say of them, without what the judge says."""
    edges = current(workspace.client, COMPLEMENTS).sort(_EDGE)
    pairs = list(edges.select(_EDGE).iter_rows())
    counted = count_edges(_purchases(workspace), pairs, [0.5] * len(pairs))
    return edges.select(*_EDGE, weight=pl.Series(PriorRates().weigh(counted)))


def _purchases(workspace: Workspace) -> pl.DataFrame:
    return facts.entity_purchases(facts.purchases(workspace), facts.main_entities(workspace))


def _copurchase(workspace: Workspace, _seed: int) -> pl.DataFrame:
    return copurchase_edges(_purchases(workspace), current(workspace.client, COMPLEMENTS).height)


def _random(workspace: Workspace, seed: int) -> pl.DataFrame:
    return random_edges(current(workspace.client, COMPLEMENTS), seed)


LEARNED, RANKED = "learned", "ranked"
_CHANNEL = {
    LEARNED: Variant("learned weights", learned()),
    "no-items": Variant("edges alone: items by their shares", _without_items),
    "no-second-view": Variant("without the second view", learned(second_view=False, contrast=0.0)),
    "no-contrast": Variant("without contrast", learned(contrast=0.0)),
    "prior": Variant("prior only", _prior, stochastic=False),
    "counters": Variant("counters only", _counters, stochastic=False),
    "copurchase-edges": Variant("co-purchase edges, learned", learned(), _copurchase),
    "copurchase-counters": Variant("co-purchase edges, counters", _counters, _copurchase, stochastic=False),
    "random-edges": Variant("random edges, learned", learned(), _random),
}
_LISTS = {RANKED: OURS["ranked"], **RANKED_WITHOUT}
# By the line that they are compared with: the complementary channel alone, and the lists that are served.
GROUPS = MappingProxyType({LEARNED: tuple(_CHANNEL), RANKED: tuple(_LISTS)})
VARIANTS = MappingProxyType({**{key: variant.ours() for key, variant in _CHANNEL.items()}, **_LISTS})
