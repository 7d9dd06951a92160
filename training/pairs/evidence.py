"""Everything that pairs of items are judged by, and the feature blocks that it gives."""

from __future__ import annotations

from dataclasses import dataclass

from training.pairs.catalogue_features import CatalogueFeatures
from training.pairs.features import FeatureBlock
from training.pairs.purchase_features import ConceptPopularity, PopularityFeatures, PurchaseFeatures
from training.pairs.purchases import Purchases, successions
from training.pairs.relations import Relations
from training.pairs.shelf import ENTITY, GROUPS, Shelf
from training.pairs.tallies import TallyFeatures
from training.pairs.verdict_features import VerdictFeatures


@dataclass(frozen=True, slots=True)
class Evidence:
    """Items with their verdicts, purchases, and known relations; None where relations are not to be used."""

    shelf: Shelf
    bought: Purchases
    relations: Relations | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which features there are and which negatives are drawn.

    `concepts`: only what is known of the two items' main concepts. `alikes`: whether items of the same kind are drawn
    as substitutes, so that complements are told from them and not from chance alone.
    """

    concepts: bool = False
    alikes: bool = True


def purchase_blocks(shelf: Shelf, bought: Purchases) -> list[FeatureBlock]:
    """All blocks that rest on purchases: popularity, co-purchase of items and of their groups."""
    after = successions(bought).matrix(bought.items)
    tallies = [TallyFeatures(shelf, group, after, "bought by") for group in GROUPS]
    return [PopularityFeatures(bought), PurchaseFeatures(bought), *tallies]


def lasting_blocks(shelf: Shelf) -> list[FeatureBlock]:
    """All blocks that rest on the catalogue and on verdicts."""
    return [CatalogueFeatures(shelf), VerdictFeatures(shelf)]


def concept_blocks(shelf: Shelf, bought: Purchases) -> list[FeatureBlock]:
    """What purchases say of the two concepts of a pair."""
    after = successions(bought).matrix(bought.items)
    return [ConceptPopularity(shelf, bought), TallyFeatures(shelf, ENTITY, after, "bought by")]


def recipe_blocks(recipe: Recipe, shelf: Shelf, bought: Purchases, verdicts: FeatureBlock) -> list[FeatureBlock]:
    """The blocks of a recipe without relations, `verdicts` in the place of the shelf's own."""
    if recipe.concepts:
        return [verdicts, *concept_blocks(shelf, bought)]
    return [CatalogueFeatures(shelf), verdicts, *purchase_blocks(shelf, bought)]
