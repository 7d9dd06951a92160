"""What a run that began keeps on disk of the events that it began with."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import StorageError
from services.feedback.journal import JournalState
from services.pipeline import learned
from services.shop import Shop
from tests.live.shops import SmallShop

EVENTS = JournalState(head=12, events=11, forgotten=1)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return SmallShop(tmp_path).open()


def test_the_events_that_a_run_began_with_are_those_of_its_first_beginning(shop: Shop) -> None:
    learned.begin(learned.folder(shop, "run"), EVENTS)
    learned.begin(learned.folder(shop, "run"), JournalState(20, 19, 1))
    assert learned.begun_of(shop, "run") == EVENTS
    assert learned.broken_off(shop) == ["run"]


@pytest.mark.parametrize("note", ["{", '{"other": 1}', "[1]", "7", ""])
def test_a_damaged_note_is_one_line_with_what_to_do(shop: Shop, note: str) -> None:
    path = learned.folder(shop, "run")
    learned.begin(path, EVENTS)
    (path / "begun.json").write_text(note)
    with pytest.raises(StorageError, match=r"begun\.json .*run kerec train again"):
        learned.begun_of(shop, "run")
    assert learned.broken_off(shop) == ["run"]
