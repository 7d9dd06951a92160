"""`kerec score-pairs`: a file of item pairs in, the same rows with scores out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from graph.reconcile import Progress, silent
from services.catalog.rejects import Reject, write_rejects
from services.catalog.table import LINE
from services.catalog.tabular import check_writable, column_names, read_rows, write_table
from services.item_pairs.evidence import build_evidence
from services.item_pairs.knowledge import graph_knowledge
from services.item_pairs.models import pair_model
from services.shop import Shop
from services.workspace import open_workspace
from training.pairs.scorer import PairScorer

SCORES = ("complement", "substitute")
_ENDS = ("src", "dst")


def score_file(
    shop: Shop, source: Path, out: Path, *, with_relations: bool = True, progress: Progress = silent
) -> tuple[int, int]:
    """Scores every pair src → dst of a file; returns how many rows there are, and how many name an unknown item.

    Those get null scores and a line in `rejects/score-pairs.csv`. Further columns are carried over as text. Raises a
    KerecError before anything is written.
    """
    check_writable(out)
    names = [name for name in column_names(source) if name not in SCORES]
    rows = read_rows(source, {name: name for name in dict.fromkeys([*_ENDS, *names])})
    with open_workspace(shop, progress=progress) as workspace:
        knowledge = graph_knowledge(workspace)
    coded = build_evidence(shop, knowledge, with_relations=with_relations, progress=progress)
    model = pair_model(shop, knowledge, coded, with_relations=with_relations, progress=progress)
    scored = score_rows(rows, PairScorer(coded.evidence, model), coded.codes)
    rejects = _rejects(source, rows, coded.codes)
    write_rejects(shop.rejects_dir / "score-pairs.csv", rejects)
    write_table(out, scored.select(*names, *SCORES))
    return rows.height, len(rejects)


def score_rows(rows: pl.DataFrame, scorer: PairScorer, codes: dict[str, int]) -> pl.DataFrame:
    """The rows (columns src and dst) with complement and substitute in [0, 1], null where an item has no code."""
    src, dst = (np.array([codes.get(item, -1) for item in rows[name]], dtype=np.int64) for name in _ENDS)
    known = (src >= 0) & (dst >= 0)
    found = scorer.score(src[known], dst[known])
    scores = {"complement": found.complement, "substitute": found.substitute}
    columns = []
    for name in SCORES:
        values = np.full(rows.height, np.nan)
        values[known] = scores[name]
        columns.append(pl.Series(name, values).fill_nan(None))
    return rows.with_columns(columns)


def _rejects(source: Path, rows: pl.DataFrame, codes: dict[str, int]) -> list[Reject]:
    found = []
    for line, *ends in rows.select(LINE, *_ENDS).iter_rows():
        unknown = [end for end in ends if end not in codes]
        if unknown:
            reason = "no item" if unknown[0] is None else "the item is not known"
            found.append(Reject(source.name, line, reason, unknown[0] or ""))
    return found
