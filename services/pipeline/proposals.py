"""The pairs of entities that purchases, texts and categories propose to a judge."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from graph.reconcile import current
from graph.records import Entity
from graph.tables import ITEM
from services.pairs.candidates import Candidate, Evidence, candidates
from services.pairs.domains import domains
from services.pairs.exclusion import Exclusions
from services.pairs.pmi import WINDOW_MS, WINDOW_STEPS, directed_ppmi
from services.pairs.segments import segments
from services.pairs.similarity import TfidfSimilarity
from services.workspace import Workspace


def proposals(
    workspace: Workspace, entities: tuple[Entity, ...], main: pl.DataFrame, bought: pl.DataFrame, standing: pl.DataFrame
) -> Sequence[Candidate]:
    """Pairs worth judging, best first, from the main entities of items, purchases of entities and their popularity."""
    ids = [entity.id for entity in entities]
    window = WINDOW_MS if workspace.shop.settings.clock == "time" else WINDOW_STEPS
    names = segments(ids, standing["popularity"].to_numpy())
    places = domains(entities, _usual_categories(workspace, main))
    evidence = Evidence(ids, names, places, directed_ppmi(bought, ids, window), TfidfSimilarity(entities))
    return candidates(evidence, Exclusions(entities))


def _usual_categories(workspace: Workspace, main: pl.DataFrame) -> dict[str, str]:
    """The category that most items of an entity have."""
    usual = (
        main.join(current(workspace.client, ITEM), left_on="item", right_on="id")
        .drop_nulls("category")
        .group_by("entity", "category")
        .len()
        .sort("len", "category", descending=[True, False])
        .unique("entity", keep="first", maintain_order=True)
    )
    return dict(usual.select("entity", "category").iter_rows())
