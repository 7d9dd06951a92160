import numpy as np

from graph.records import Entity
from services.pairs.similarity import Band, TfidfSimilarity, entity_text

ENTITIES = (
    Entity("nail-polish", "nail polish", ("nail lacquer",), definition="Coloured lacquer for finger nails"),
    Entity("nail-lacquer", "nail lacquer", ("nail polish",), definition="Coloured lacquer for finger nails"),
    Entity("nail-file", "nail file", definition="Abrasive strip that shapes nails"),
    Entity("tent", "tent", definition="Portable shelter of cloth and poles"),
)


def test_rows_are_a_symmetric_similarity_with_ones_on_the_diagonal() -> None:
    matrix = TfidfSimilarity(ENTITIES).rows(np.arange(4))
    assert matrix.shape == (4, 4)
    assert np.allclose(matrix, matrix.T)
    assert np.allclose(np.diag(matrix), 1.0)
    assert matrix.min() >= 0.0
    assert matrix.max() <= 1.0


def test_synonyms_are_closer_than_neighbours_and_neighbours_than_strangers() -> None:
    row = TfidfSimilarity(ENTITIES).rows(np.array([0]))[0]
    assert row[1] > row[2] > row[3]


def test_an_entity_with_nothing_but_an_id_has_a_text() -> None:
    assert entity_text(Entity("x1", "")) == "x1"
    assert entity_text(ENTITIES[2]) == "nail file ; Abrasive strip that shapes nails"


def test_the_band_holds_its_borders() -> None:
    inside = Band(0.1, 0.5).contains(np.array([0.05, 0.1, 0.3, 0.5, 0.51]))
    assert inside.tolist() == [False, True, True, True, False]
