"""A shop's knowledge as the arrays that the pair scorer learns from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.item_pairs.knowledge import Knowledge
from training.pairs.evidence import Evidence
from training.pairs.purchases import purchases
from training.pairs.relations import relations
from training.pairs.shelf import shelf
from training.pairs.titles import title_vectors


@dataclass(frozen=True, slots=True)
class CodedEvidence:
    """Evidence whose items are coded by `codes`, id → 0 to n - 1."""

    evidence: Evidence
    codes: dict[str, int]


def build_evidence(knowledge: Knowledge, *, with_relations: bool = True) -> CodedEvidence:
    """The arrays of a shop's knowledge, its relations among them where there are any and they are wanted."""
    codes = {item: code for code, item in enumerate(knowledge.items["id"])}
    text: NDArray[np.float32] = title_vectors(knowledge.items["title"].fill_null("").to_list())
    shelved = shelf(knowledge.items, knowledge.complements, knowledge.substitutes, text)
    bought = purchases(knowledge.timelines, codes)
    known = knowledge.relations if with_relations else None
    coded = None if known is None else relations(known, codes)
    return CodedEvidence(Evidence(shelved, bought, coded if coded is not None and len(coded.src) else None), codes)
