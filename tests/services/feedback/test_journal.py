from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import DataError
from graph.records import EVENT_SCHEMA, Event, EventType
from services.feedback.journal import Journal, JournalState, Receipt


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "events" / "journal.db")
    yield journal
    journal.close()


def _click(id_: str, user: str | None = "u", item: str = "i", at: int | None = None, order: int | None = None) -> Event:
    return Event(id_, EventType.CLICK, item, user=user, at=at, order=order)


def _frame(*events: Event) -> pl.DataFrame:
    return pl.DataFrame([asdict(event) for event in events], schema=EVENT_SCHEMA)


def _ids(frame: pl.DataFrame) -> list[str]:
    return frame["id"].to_list()


def test_an_event_comes_back_with_every_field(journal: Journal) -> None:
    event = Event("e", EventType.PURCHASE, "i", "u", "b", 1_700_000_000_000, 4, 9.5, 3, "r")

    assert journal.append([event]) == Receipt(accepted=1, duplicate=0)

    assert journal.frame().to_dicts() == [{**asdict(event), "seq": 1}]


def test_odd_texts_come_back_as_they_were(journal: Journal) -> None:
    odd = ["1", "01", "a/b", "naïve ☂", "with\0nul", " ", "'; DROP TABLE event; --"]

    journal.append([_click(text, user=text, item=text) for text in odd])

    assert _ids(journal.frame(users=odd)) == sorted(odd)
    assert journal.users() == sorted(odd)


def test_same_id_and_content_is_a_duplicate_also_within_the_call(journal: Journal) -> None:
    assert journal.append([_click("a"), _click("a"), _click("b")]) == Receipt(accepted=2, duplicate=1)
    assert journal.append([_click("b"), _click("c")]) == Receipt(accepted=1, duplicate=1)
    assert journal.state().events == 3


@pytest.mark.parametrize("field", [name for name in EVENT_SCHEMA if name not in ("id", "type")])
def test_same_id_and_another_field_is_a_conflict_and_the_first_stays(journal: Journal, field: str) -> None:
    first = Event("e", EventType.CLICK, "i", "u", "b", 1, 1, 1.0, 1, "r")
    other = {"at": 2, "order": 2, "price": 2.0, "position": None}.get(field, "other")

    receipt = journal.append([_click("before"), first, replace(first, **{field: other})])

    assert receipt == Receipt(accepted=2, duplicate=0, conflicts=(2,))
    assert journal.frame().filter(id="e").drop("seq").to_dicts() == [asdict(first)]


def test_a_price_of_nan_is_no_price(journal: Journal) -> None:
    event = replace(_click("a"), price=float("nan"))

    assert journal.append([event, event]) == Receipt(accepted=1, duplicate=1)
    assert journal.frame()["price"].to_list() == [None]


def test_an_append_that_cannot_be_stored_stores_nothing(journal: Journal) -> None:
    with pytest.raises(DataError, match="cannot be stored"):
        journal.append([_click("a"), replace(_click("b"), position=2**70)])
    with pytest.raises(DataError, match="cannot be stored"):
        journal.append([_click("a"), _click("\ud800")])

    assert journal.state() == JournalState(head=0, events=0, forgotten=0)


def test_import_takes_a_frame_like_append_takes_events(journal: Journal) -> None:
    journal.append([_click("a", at=1)])

    receipt = journal.import_frame(_frame(_click("a", at=1), _click("b", at=1), _click("a", at=2), _click("b", at=1)))

    assert receipt == Receipt(accepted=1, duplicate=2, conflicts=(2,))
    assert _ids(journal.frame()) == ["a", "b"]


def test_import_finds_duplicates_and_conflicts_over_more_than_one_chunk(journal: Journal) -> None:
    ids = [f"e{n % 60_000}" for n in range(120_000)]
    frame = pl.DataFrame({"id": ids, "type": "click", "item": "i", "user": "u"}).with_columns(
        pl.lit(None, dtype).alias(name)
        for name, dtype in EVENT_SCHEMA.items()
        if name not in ("id", "type", "item", "user")
    )
    wrong = pl.int_range(pl.len()).is_in([60_001, 119_999])
    frame = frame.with_columns(item=pl.when(wrong).then(pl.lit("x")).otherwise("item")).select(EVENT_SCHEMA.names())

    assert journal.import_frame(frame) == Receipt(accepted=60_000, duplicate=59_998, conflicts=(60_001, 119_999))
    assert journal.state().events == 60_000
    assert journal.frame()["seq"].is_sorted()


def test_import_refuses_other_columns_and_missing_ids(journal: Journal) -> None:
    with pytest.raises(DataError, match="need the columns"):
        journal.import_frame(_frame(_click("a")).drop("request"))
    with pytest.raises(DataError, match="2 events to import have no item"):
        journal.import_frame(_frame(_click("a"), _click("b")).with_columns(item=pl.lit(None, pl.String)))
    assert journal.state().events == 0


def test_timeline_order_is_actor_then_time_then_order_then_arrival(journal: Journal) -> None:
    journal.append(
        [
            _click("later", at=20),
            _click("sooner", at=10),
            _click("second", order=1, at=5),
            _click("first", order=0, at=9),
            _click("untimed"),
            _click("sooner again", at=10),
            Event("basket", EventType.PURCHASE, "i", basket="a", order=0),
            _click("another", user="a", at=99),
        ]
    )

    assert _ids(journal.frame()) == [
        "another", "untimed", "second", "first", "sooner", "sooner again", "later", "basket",
    ]  # fmt: skip


def test_a_frame_can_be_limited_by_users_and_type(journal: Journal) -> None:
    journal.append([_click("a", "u1", at=1), _click("b", "u2", at=2), _click("c", "u3"), _click("d", None)])
    journal.append([replace(_click("p", "u1", at=3), type=EventType.PURCHASE)])

    assert _ids(journal.frame(users=["u1", "u2", "u1", "nobody"])) == ["a", "p", "b"]
    assert _ids(journal.frame(users=[])) == []
    assert _ids(journal.frame(type=EventType.PURCHASE)) == ["p"]
    assert _ids(journal.frame(users=["u1"], type=EventType.CLICK)) == ["a"]


def test_what_was_there_can_be_read_again_until_somebody_is_forgotten(journal: Journal) -> None:
    journal.append([_click("1", "a"), _click("2", "b")])
    state, then = journal.state(), journal.frame()
    journal.append([_click("3", "a")])
    assert journal.holds(state)
    assert journal.frame(until=state.head).equals(then)
    assert _ids(journal.frame(["a"], until=state.head)) == ["1"]
    journal.forget("b", 0)
    assert not journal.holds(state)


def test_a_frame_of_more_users_than_one_question_holds(journal: Journal) -> None:
    users = [f"u{n:05}" for n in range(2_500)]
    journal.append([_click(user, user) for user in users])

    assert journal.frame(users=users)["user"].to_list() == users


def test_users_after_walks_the_journal_once_through(journal: Journal) -> None:
    journal.append([_click(str(n), user) for n, user in enumerate(["b", "a", "b", None, "c", "a"])])

    assert journal.users_after(0, 3) == (["b", "a"], 3)
    assert journal.users_after(3, 2) == (["c"], 5)
    assert journal.users_after(5, 10) == (["a"], 6)
    assert journal.users_after(6, 10) == ([], 6)


def test_users_and_latest_time(journal: Journal) -> None:
    assert (journal.users(), journal.latest_at()) == ([], None)

    journal.append([_click("a", "u2", at=7), _click("b", "u1", at=5), _click("c", None)])

    assert (journal.users(), journal.latest_at()) == (["u1", "u2"], 7)


def test_known_items_are_kept_when_the_catalogue_drops_them(journal: Journal) -> None:
    journal.set_items(["i1", "i2"])
    journal.set_items(["i2", "i3"])

    assert journal.known_items({"i1", "i3", "i4"}) == {"i1", "i3"}
    assert journal.known_items([]) == set()
    many = [f"m{n}" for n in range(2_500)]
    journal.set_items(many)
    assert journal.known_items([*many, "other"]) == set(many)


def test_everything_is_there_after_closing_and_in_another_journal(journal: Journal, tmp_path: Path) -> None:
    journal.append([_click("a")])
    journal.close()
    other = Journal(tmp_path / "events" / "journal.db")

    assert _ids(other.frame()) == ["a"]
    assert journal.append([_click("b")]).accepted == 1
    assert other.state() == journal.state() == JournalState(head=2, events=2, forgotten=0)
    other.close()


_events = st.builds(
    Event,
    id=st.sampled_from("abcdef"),
    type=st.sampled_from(EventType),
    item=st.sampled_from("ij"),
    user=st.sampled_from(["u", "v", None]),
    at=st.sampled_from([1, 5, None]),
)
_calls = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.lists(_events, max_size=6)),
        st.tuples(st.just("import"), st.lists(_events, max_size=6)),
        st.tuples(st.just("forget"), st.sampled_from([("u", 2), ("v", 4), ("u", 6)])),
    ),
    max_size=8,
)


class _Model:
    """The journal as a dict, written to be read."""

    def __init__(self) -> None:
        self.events: dict[str, Event] = {}
        self.tombs: dict[str, int] = {}

    def take(self, events: list[Event], undated_is_old: bool) -> Receipt:
        accepted, duplicate, conflicts, forgotten = 0, 0, [], 0
        for index, event in enumerate(events):
            buried = self.tombs.get(event.user) if event.user else None
            old = undated_is_old if event.at is None else buried is not None and event.at <= buried
            if buried is not None and old:
                forgotten += 1
            elif event.id not in self.events:
                self.events[event.id] = event
                accepted += 1
            elif self.events[event.id] == event:
                duplicate += 1
            else:
                conflicts.append(index)
        return Receipt(accepted, duplicate, tuple(conflicts), forgotten)

    def forget(self, user: str, at: int) -> int:
        mine = [event.id for event in self.events.values() if event.user == user]
        for id_ in mine:
            del self.events[id_]
        self.tombs[user] = max(at, self.tombs.get(user, at))
        return len(mine)


@settings(max_examples=60)
@given(_calls)
def test_any_sequence_of_calls_does_what_a_dict_would(calls: list[tuple[str, object]]) -> None:
    model = _Model()
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "journal.db")
        seen: dict[JournalState, tuple[object, object]] = {}
        for name, argument in calls:
            match name, argument:
                case "append", list(events):
                    assert journal.append(events) == model.take(events, undated_is_old=False)
                case "import", list(events):
                    assert journal.import_frame(_frame(*events)) == model.take(events, undated_is_old=True)
                case _, (str(user), int(at)):
                    assert journal.forget(user, at) == model.forget(user, at)
            content = (list(model.events.values()), sorted(model.tombs))
            assert seen.setdefault(journal.state(), content) == content
        rows = journal.frame().sort("seq").drop("seq")
        assert rows.to_dicts() == [asdict(event) for event in model.events.values()]
        assert journal.state().events == len(model.events)
        journal.close()
