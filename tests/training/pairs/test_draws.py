from __future__ import annotations

import numpy as np

from tests.training.pairs.shelves import small_relations, small_shelf
from training.pairs.draws import Alikes, Known, WeightedMembers, as_popular, at_random
from training.pairs.shelf import ENTITY


def test_known_pairs_in_both_directions_and_oneself() -> None:
    known = Known(np.array([1, 2]), np.array([3, 0]), 5)
    src, dst = np.array([1, 3, 0, 2, 4, 1]), np.array([3, 1, 2, 0, 4, 2])
    assert known(src, dst).tolist() == [True, True, True, True, True, False]
    nothing = Known(np.empty(0, np.int64), np.empty(0, np.int64), 5)
    assert nothing(np.array([1, 2]), np.array([1, 3])).tolist() == [True, False]


def test_random_items_are_unrelated_and_all_alike() -> None:
    relations = small_relations(number=200)
    known = Known(relations.src, relations.dst, 40)
    src = np.repeat(np.arange(40), 200)
    drawn = at_random(src, known, 40, np.random.default_rng(0))

    assert not known(src, drawn).any()
    free = [item for item in range(1, 40) if not known(np.array([0]), np.array([item]))[0]]
    counts = np.bincount(drawn[src == 0], minlength=40)
    assert set(np.flatnonzero(counts)) <= set(free)
    assert len(np.flatnonzero(counts)) > 0.9 * len(free)


def test_popularity_matched_items_are_about_as_popular() -> None:
    popularity = np.random.default_rng(1).permutation(2000).astype(float)
    known = Known(np.arange(500), np.arange(500, 1000), 2000)
    src, dst = np.arange(500), np.arange(500, 1000)
    drawn = as_popular(src, dst, popularity, known, np.random.default_rng(0))

    assert not known(src, drawn).any()
    assert np.abs(popularity[drawn] - popularity[dst]).max() <= 200  # clipped at an end, a draw may be off by more
    assert abs(float(np.mean(popularity[drawn] - popularity[dst]))) < 20


def test_members_are_drawn_by_weight() -> None:
    codes, weights = np.array([0, 2, 0, 2, 2]), np.array([1.0, 1.0, 3.0, 0.0, 4.0])
    members = WeightedMembers(codes, weights, 4)
    groups = np.repeat(np.arange(-1, 4), 20_000)
    drawn = members.draw(groups, np.random.default_rng(0))

    for group, shares in ((-1, {}), (0, {0: 0.25, 2: 0.75}), (1, {}), (2, {1: 0.2, 4: 0.8}), (3, {})):
        found = drawn[groups == group]
        assert set(found.tolist()) == (set(shares) or {-1})
        for item, share in shares.items():
            assert abs(np.mean(found == item) - share) < 0.02


def test_alikes_are_of_the_concept_a_substitute_concept_or_near() -> None:
    shelf = small_shelf()
    popularity = np.zeros(40)
    src = np.repeat(np.arange(40), 300)
    drawn = Alikes(shelf, popularity).draw(src, np.random.default_rng(0))
    entity = shelf.groups[ENTITY]
    alike = ((shelf.substitute + shelf.substitute.T).toarray() > 0)[entity[src], entity[drawn]]
    same = (entity[src] == entity[drawn]) & shelf.known(ENTITY)[src]
    linked = shelf.known(ENTITY)[src]

    assert (drawn >= 0).all()
    # All forty items are near here, so that some of those drawn by title are of the same kind by chance.
    assert 0.5 < np.mean(same[linked]) < 0.75
    assert np.mean(alike[linked]) > 0.12
    assert not (drawn == src)[~linked].any()
