"""An address can be logged: its password is not in its text."""

from __future__ import annotations

import pytest

from graph.address import GraphAddress, ServerKind


def test_the_password_is_in_no_text() -> None:
    address = GraphAddress("bolt://127.0.0.1:7687", "neo4j", "secret-word", "neo4j", ServerKind.EMBEDDED)
    assert "secret-word" not in f"{address!r} {address} {[address]}"
    assert address.uri in repr(address)
    assert address == GraphAddress("bolt://127.0.0.1:7687", password="secret-word", kind=ServerKind.EMBEDDED)
    assert address != GraphAddress("bolt://127.0.0.1:7687", password="another", kind=ServerKind.EMBEDDED)


def test_an_address_does_not_change() -> None:
    with pytest.raises(AttributeError):
        GraphAddress("bolt://h").uri = "bolt://other"  # type: ignore[misc]
