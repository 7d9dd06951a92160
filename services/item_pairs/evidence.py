"""A shop's knowledge as the arrays that the pair scorer learns from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.reconcile import Progress, silent
from services.encoder import build_encoder
from services.item_pairs.knowledge import Knowledge
from services.settings.text import OFF
from services.shop import Shop
from training.pairs.evidence import Evidence
from training.pairs.purchases import purchases
from training.pairs.relations import relations
from training.pairs.shelf import shelf
from training.pairs.titles import OWN_WORDS, title_vectors
from training.text.port import TextEncoder
from training.text.sentence import missing_extra


@dataclass(frozen=True, slots=True)
class CodedEvidence:
    """Evidence whose items are coded by `codes`, id → 0 to n - 1."""

    evidence: Evidence
    codes: dict[str, int]


def build_evidence(
    shop: Shop, knowledge: Knowledge, *, with_relations: bool = True, progress: Progress = silent
) -> CodedEvidence:
    """The arrays of a shop's knowledge, its relations among them where there are any and they are wanted."""
    codes = {item: code for code, item in enumerate(knowledge.items["id"])}
    text = _vectors(shop, knowledge.items["title"].fill_null("").to_list(), progress)
    shelved = shelf(knowledge.items, knowledge.complements, knowledge.substitutes, text)
    bought = purchases(knowledge.timelines, codes)
    known = knowledge.relations if with_relations else None
    coded = None if known is None else relations(known, codes)
    return CodedEvidence(Evidence(shelved, bought, coded if coded is not None and len(coded.src) else None), codes)


def vectors_version(shop: Shop) -> str:
    """Names what gives the title vectors; equal versions give equal vectors."""
    encoder = _encoder(shop, silent)
    return encoder.version if encoder else OWN_WORDS


def _vectors(shop: Shop, titles: list[str], progress: Progress) -> NDArray[np.float32]:
    encoder = _encoder(shop, progress)
    return encoder.encode(titles) if encoder else title_vectors(titles)


def _encoder(shop: Shop, progress: Progress) -> TextEncoder | None:
    """The encoder of `[text]`, None where there is none or its extra is missing."""
    model = shop.settings.text.model
    return None if model == OFF or missing_extra(model) else build_encoder(shop, progress)
