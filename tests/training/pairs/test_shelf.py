from __future__ import annotations

import numpy as np

from tests.training.pairs.shelves import COMPLEMENTS, ENTITIES, SUBSTITUTES, small_shelf
from training.pairs.catalogue_features import CatalogueFeatures
from training.pairs.shelf import BRANCH, BRAND, CATEGORY, ENTITY


def test_items_are_in_groups_of_their_own_values() -> None:
    found = small_shelf()

    assert found.sizes == {ENTITY: 6, CATEGORY: 3, BRANCH: 3, BRAND: 4}
    assert [ENTITIES[code] for code in found.groups[ENTITY][:5]] == ["bag", "gas", "mat", "pot", "stove"]
    assert not found.known(ENTITY)[6]
    assert found.known(CATEGORY).all()
    members = found.members(BRAND).toarray()
    assert members.sum(axis=1).tolist() == [1.0] * found.items
    assert np.flatnonzero(members[3])[0] == 3  # not known


def test_verdicts_are_matrices_over_entities() -> None:
    found = small_shelf()
    place = {name: code for code, name in enumerate(ENTITIES)}
    complement, substitute = found.complement.toarray(), found.substitute.toarray()

    assert {(h, t): round(float(complement[place[h], place[t]]), 6) for h, t in COMPLEMENTS} == COMPLEMENTS
    assert {(h, t): int(substitute[place[h], place[t]]) - 1 for h, t in SUBSTITUTES} == SUBSTITUTES
    assert (np.count_nonzero(complement), np.count_nonzero(substitute)) == (4, 2)
    bare = found.without_verdicts()
    assert (bare.complement.nnz, bare.substitute.nnz, bare.items) == (0, 0, found.items)


def test_what_the_catalogue_says_of_a_pair() -> None:
    shelf = small_shelf()
    src, dst = np.array([0, 0, 6, 3]), np.array([5, 1, 13, 7])
    found = CatalogueFeatures(shelf).columns(src, dst)

    assert found["same entity"].tolist() == [1.0, 0.0, 0.0, 0.0]  # of nothing and nothing, nothing is the same
    assert found["same category"].tolist() == [0.0, 0.0, 0.0, 1.0]
    assert found["same brand"].tolist() == [0.0, 0.0, 0.0, 0.0]
    assert found["brands known"].tolist() == [2.0, 2.0, 2.0, 0.0]
    assert np.allclose(found["title cosine"], [shelf.text[a] @ shelf.text[b] for a, b in zip(src, dst, strict=True)])
