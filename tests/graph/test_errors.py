"""One root, so that each border translates in one place."""

from __future__ import annotations

import pytest

from graph import errors

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_is_a_kerec_error_with_its_text(kind: type[Exception]) -> None:
    assert issubclass(kind, errors.KerecError)
    assert str(kind("what, where, what to do")) == "what, where, what to do"
    assert kind.__doc__


def test_a_server_that_is_away_is_told_from_one_that_refuses() -> None:
    assert issubclass(errors.GraphUnavailableError, errors.GraphError)
    assert not issubclass(errors.GraphError, errors.GraphUnavailableError)
    assert not issubclass(errors.DataError, errors.GraphError)
