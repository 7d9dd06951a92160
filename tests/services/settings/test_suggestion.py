from __future__ import annotations

from services.settings.suggestion import suggestion


def test_the_nearest_word_whatever_its_case_and_spaces() -> None:
    assert suggestion(" Titel", ["id", "Title"]) == "did you mean 'Title'?"


def test_the_first_of_two_that_differ_by_case() -> None:
    assert suggestion("TITLE", ["Title", "title"]) == "did you mean 'Title'?"


def test_without_a_near_word_the_known_ones_are_listed() -> None:
    assert suggestion("xyz", ["id", "name"]) == "known: 'id', 'name'"
    assert suggestion("xyz", [f"column{n}" for n in range(20)]).endswith("'column11', …")
    assert suggestion("xyz", []) == "none is known here"
