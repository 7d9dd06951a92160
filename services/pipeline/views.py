"""A model's views of entities, as the graph holds them."""

from __future__ import annotations

import numpy as np
import polars as pl

from graph.reconcile import current
from graph.tables import ENTITY, ENTITY_VIEWS
from graph.vectors import vector_column
from graph.vocabulary import VIEW_DIMENSIONS
from services.pipeline.step import digest
from services.workspace import Workspace

VIEWS = ("substitutable", "complementary")


def entity_views(workspace: Workspace, views: pl.DataFrame, version: str) -> pl.DataFrame:
    """The views (id, substitutable, complementary) of entities that the graph knows [ENTITY_VIEWS.schema], by id.

    `version` names the model. Raises ValueError where a view has other than VIEW_DIMENSIONS finite numbers.
    """
    known = views.join(current(workspace.client, ENTITY), on="id", how="semi").sort("id")
    columns = {name: vector_column(_matrix(known[name])) for name in VIEWS}
    content = digest(known["id"].to_list(), *(column.to_list() for column in columns.values()))
    return known.select("id", **columns, views=pl.lit(f"{version}:{content}")).cast(ENTITY_VIEWS.schema)


def _matrix(vectors: pl.Series) -> np.ndarray:
    if vectors.list.len().ne(VIEW_DIMENSIONS).any():
        raise ValueError(f"a view has {VIEW_DIMENSIONS} dimensions")
    matrix = np.array(vectors.to_list(), dtype=np.float64).reshape(-1, VIEW_DIMENSIONS)
    if not np.isfinite(matrix).all():
        raise ValueError("a view holds what is no number")
    return matrix
