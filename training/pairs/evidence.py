"""Everything that pairs of items are judged by, and the feature blocks that it gives."""

from __future__ import annotations

from dataclasses import dataclass

from training.pairs.catalogue_features import CatalogueFeatures
from training.pairs.features import FeatureBlock
from training.pairs.purchase_features import PopularityFeatures, PurchaseFeatures
from training.pairs.purchases import Purchases, successions
from training.pairs.relations import Relations
from training.pairs.shelf import GROUPS, Shelf
from training.pairs.tallies import TallyFeatures
from training.pairs.verdict_features import VerdictFeatures


@dataclass(frozen=True, slots=True)
class Evidence:
    """Items with their verdicts, purchases, and known relations; None where relations are not to be used."""

    shelf: Shelf
    bought: Purchases
    relations: Relations | None = None


def purchase_blocks(shelf: Shelf, bought: Purchases) -> list[FeatureBlock]:
    """All blocks that rest on purchases: popularity, co-purchase of items and of their groups."""
    after = successions(bought).matrix(bought.items)
    tallies = [TallyFeatures(shelf, group, after, "bought by") for group in GROUPS]
    return [PopularityFeatures(bought), PurchaseFeatures(bought), *tallies]


def lasting_blocks(shelf: Shelf) -> list[FeatureBlock]:
    """All blocks that rest on the catalogue and on verdicts."""
    return [CatalogueFeatures(shelf), VerdictFeatures(shelf)]
