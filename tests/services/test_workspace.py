"""One run at a time, and one writer of users' edges: locks that the system lets go of with their holder."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from graph.errors import StorageError
from services.shop import Shop
from services.workspace import feedback_lock, single_run


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    (tmp_path / "kerec.toml").write_text(
        '[shop]\nid = "test"\n[items]\npath = "items.csv"\ncolumns = { id = "id", title = "title" }\n'
    )
    return Shop.open(tmp_path / "kerec.toml", environ={})


def test_a_second_run_is_refused_at_once(shop: Shop) -> None:
    refused: list[str] = []

    def second() -> None:
        with pytest.raises(StorageError) as error, single_run(shop):
            pass
        refused.append(str(error.value))

    with single_run(shop):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(10)
    with single_run(shop):
        pass
    assert refused == [f"another kerec command is at work on the shop in {shop.folder}: wait for it to end"]


def test_users_are_written_by_one_at_a_time(shop: Shop) -> None:
    order: list[str] = []

    def patient() -> None:
        with feedback_lock(shop) as held:
            order.append(f"patient {held}")

    def hasty() -> None:
        with feedback_lock(shop, seconds=0) as held:
            order.append(f"hasty {held}")

    with feedback_lock(shop) as held:
        waiting = threading.Thread(target=patient)
        waiting.start()
        passing = threading.Thread(target=hasty)
        passing.start()
        passing.join(10)
        order.append(f"first {held}")
    waiting.join(10)
    hasty()

    assert order == ["hasty False", "first True", "patient True", "hasty True"]


def test_an_error_under_the_lock_frees_it(shop: Shop) -> None:
    with pytest.raises(ValueError, match="x"), feedback_lock(shop):
        raise ValueError("x")
    with feedback_lock(shop, seconds=0) as held:
        assert held


def test_a_folder_that_cannot_be_written_is_named(shop: Shop) -> None:
    shop.state_dir.write_text("in the way")

    with pytest.raises(StorageError, match=r"run\.lock cannot be written"), single_run(shop):
        pass
