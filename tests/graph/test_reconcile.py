"""From any state to any other, on both servers; what is equal already is left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings

from graph.client import GraphClient, Transaction
from graph.migrations import migrate
from graph.reconcile import Change, current, delete, reconcile, reconcile_bunches, write
from graph.tables import BATCH, BOUGHT, ENTITY, ITEM, ITEM_POPULARITY, LEADS_TO, USER, View
from tests.graph.rows import ADDING, IDS, OWNING, by_key, frames, lay_ground

EXAMPLES = settings(max_examples=6)


def users(*ids: str | None) -> pl.DataFrame:
    return pl.DataFrame({"id": ids}, schema=USER.schema)


@pytest.mark.parametrize("view", OWNING, ids=lambda view: view.name)
def test_any_state_becomes_any_other(client: GraphClient, view: View) -> None:
    lay_ground(client, view)

    @EXAMPLES
    @given(desired=frames(view))
    def check(desired: pl.DataFrame) -> None:
        before, after = by_key(view, current(client, view)), by_key(view, desired)
        change = reconcile(client, view, desired)
        assert by_key(view, current(client, view)) == after
        differing = sum(key not in before or before[key] != row for key, row in after.items())
        assert change == Change(differing, len(before.keys() - after.keys()))
        assert reconcile(client, view, desired) == Change(0, 0)

    check()


@pytest.mark.parametrize("view", ADDING, ids=lambda view: view.name)
def test_a_view_that_owns_no_rows_makes_and_deletes_none(client: GraphClient, view: View) -> None:
    owner = next(other for other in OWNING if other.name == view.name.rpartition("_")[0])
    lay_ground(client, view)
    half = IDS[::2]
    rows = [dict.fromkeys(view.key, identity) for identity in half]
    write(client, owner, pl.DataFrame(rows, schema=owner.schema))

    @EXAMPLES
    @given(desired=frames(view))
    def check(desired: pl.DataFrame) -> None:
        before, owned = by_key(view, current(client, view)), by_key(owner, current(client, owner))
        wanted = {key: row for key, row in by_key(view, desired).items() if key in before}
        change = reconcile(client, view, desired)
        assert by_key(view, current(client, view)) == before | wanted
        assert by_key(owner, current(client, owner)) == owned
        assert change == Change(sum(before[key] != row for key, row in wanted.items()), 0)
        assert reconcile(client, view, desired) == Change(0, 0)

    check()


def test_columns_of_other_steps_are_left_alone(client: GraphClient) -> None:
    items = pl.DataFrame([{"id": "a", "title": "Tent"}], schema=ITEM.schema)
    popular = pl.DataFrame([("a", 3, 1, 0.5, 0.25)], schema=ITEM_POPULARITY.schema, orient="row")
    reconcile(client, ITEM, items)
    reconcile(client, ITEM_POPULARITY, popular)
    reconcile(client, ITEM, items.with_columns(title=pl.lit("Big tent")))
    assert current(client, ITEM_POPULARITY).equals(popular)
    assert current(client, ITEM)["title"].to_list() == ["Big tent"]


def test_columns_in_another_order_and_narrower_types_are_taken(client: GraphClient) -> None:
    ranked = {"appeal": [0.5], "popularity": [3], "share": [0.25], "popularity_rank": [1]}
    desired = pl.DataFrame({**ranked, "id": ["a"], "more": ["x"]})
    reconcile(client, ITEM, pl.DataFrame([{"id": "a"}], schema=ITEM.schema))
    reconcile(client, ITEM_POPULARITY, desired.cast({"popularity": pl.UInt32, "popularity_rank": pl.Int8}))
    assert current(client, ITEM_POPULARITY).rows() == [("a", 3, 1, 0.5, 0.25)]


def test_deleting_a_node_takes_its_relationships_with_it(client: GraphClient) -> None:
    lay_ground(client, BOUGHT, ("1", "2"))
    bought = pl.DataFrame([{"user": user, "item": "1"} for user in ("1", "2")], schema=BOUGHT.schema)
    reconcile(client, BOUGHT, bought)
    assert reconcile(client, USER, users("2")) == Change(0, 1)
    assert current(client, BOUGHT).select("user", "item").rows() == [("2", "1")]


@pytest.mark.parametrize(("count", "steps"), [(BATCH, [BATCH]), (BATCH + 1, [BATCH, BATCH + 1])])
def test_more_rows_than_a_transaction_takes(client: GraphClient, count: int, steps: list[int]) -> None:
    desired = users(*(f"u{number}" for number in range(count)))
    seen: list[tuple[str, int, int]] = []
    migrate(client)

    change = reconcile(client, USER, desired, lambda *at: seen.append(at))
    assert change == Change(count, 0)
    assert seen == [("user: write", done, count) for done in steps]
    assert set(current(client, USER)["id"]) == set(desired["id"])

    seen.clear()
    assert reconcile(client, USER, desired, lambda *at: seen.append(at)) == Change(0, 0)
    assert seen == []

    assert reconcile(client, USER, users(), lambda *at: seen.append(at)) == Change(0, count)
    assert seen == [("user: delete", done, count) for done in steps]
    assert current(client, USER).is_empty()


def test_a_killed_write_is_finished_by_the_next(client: GraphClient) -> None:
    desired = users("a", "b", "c")
    reconcile(client, USER, users("a", "old"))
    delete(client, USER, users("old"))  # what was done before the kill
    assert reconcile(client, USER, desired) == Change(2, 0)
    assert set(current(client, USER)["id"]) == {"a", "b", "c"}


def test_deleting_what_is_gone_and_writing_what_is_there_do_nothing(client: GraphClient) -> None:
    write(client, USER, users("a"))
    write(client, USER, users("a"))
    delete(client, USER, users("b"))
    assert current(client, USER)["id"].to_list() == ["a"]


@pytest.mark.parametrize("ids", [("a", "a"), ("a", None)], ids=["twice", "null"])
def test_keys_that_are_not_unique_or_null_are_refused(client: GraphClient, ids: tuple[str | None, ...]) -> None:
    reconcile(client, USER, users("here"))
    with pytest.raises(ValueError, match=r"^user: keys must be unique and never null$"):
        reconcile(client, USER, users(*ids))
    edges = pl.DataFrame([{"user": identity, "item": "i"} for identity in ids], schema=BOUGHT.schema)
    with pytest.raises(ValueError, match=r"^bought: keys must be unique and never null$"):
        reconcile(client, BOUGHT, edges)
    assert current(client, USER)["id"].to_list() == ["here"]


def test_an_id_that_is_a_number_in_text_stays_text(client: GraphClient) -> None:
    reconcile(client, ENTITY, pl.DataFrame([{"id": "1", "name": "1"}, {"id": "01"}], schema=ENTITY.schema))
    assert set(current(client, ENTITY).select("id", "name").rows()) == {("1", "1"), ("01", None)}
    assert client.rows("recall/entity", entity="1") == [{"entity": "1"}]


def test_what_leaves_a_node_changes_in_one_transaction(client: GraphClient, monkeypatch: pytest.MonkeyPatch) -> None:
    view = replace(LEADS_TO, batch=3)
    lay_ground(client, view)
    write_once, states = GraphClient.write, []

    def watched(self: GraphClient, work: Callable[[Transaction], object]) -> object:
        done = write_once(self, work)
        states.append(_by_node(view, current(client, view)))
        return done

    @EXAMPLES
    @given(first=frames(view), second=frames(view))
    def check(first: pl.DataFrame, second: pl.DataFrame) -> None:
        states.clear()
        reconcile(client, view, first)
        before, after = _by_node(view, current(client, view)), _by_node(view, second)
        with monkeypatch.context() as patched:
            patched.setattr(GraphClient, "write", watched)
            change = reconcile_bunches(client, view, second)
        assert _by_node(view, current(client, view)) == after
        for state in states:
            assert all(state.get(node) in (before.get(node), after.get(node)) for node in {*before, *after, *state})
        assert reconcile(client, view, second) == Change(0, 0)
        assert change.written + change.deleted > 0 or before == after

    check()


def _by_node(view: View, frame: pl.DataFrame) -> dict[object, dict[tuple[object, ...], tuple[object, ...]]]:
    found: dict[object, dict[tuple[object, ...], tuple[object, ...]]] = {}
    for key, row in by_key(view, frame).items():
        found.setdefault(key[0], {})[key] = row
    return found
