from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from graph.errors import DataError
from graph.records import EVENT_SCHEMA, Event, EventType
from services.catalog.events import read_events
from services.catalog.identity import event_hash
from services.catalog.reading import Reading
from services.catalog.rejects import Reject
from services.settings import EventTable

KNOWN = {"i1", "i2", "3"}
USER = {"user": "user", "item": "item", "time": "time"}
EVERYTHING = {
    name: name for name in ("user", "basket", "item", "time", "order", "id", "price", "position", "request", "type")
}


def table(path: Path, columns: dict[str, str], **more: Any) -> EventTable:
    kind = {} if "type" in columns else {"type": "purchase"}
    return EventTable.model_validate({"path": path, "columns": columns, **kind, **more})


def events(folder: Path, text: str, columns: dict[str, str], **more: Any) -> Reading[pl.DataFrame]:
    path = folder / "events.csv"
    path.write_text(text, encoding="utf-8")
    return read_events([table(path, columns, **more)], KNOWN)


def refused(found: Reading[pl.DataFrame]) -> list[tuple[int, str, str]]:
    return [(reject.line, reject.reason, reject.value) for reject in found.rejects]


def test_every_field_is_read(tmp_path: Path) -> None:
    header = "user,basket,item,time,order,id,price,position,request,type\n"
    found = events(tmp_path, header + "u1,b1,i1,1970-01-01T00:00:01Z,4,e1,2.5,3,r1,Click\n", EVERYTHING)
    assert found.content.schema == EVENT_SCHEMA
    assert found.content.rows() == [("e1", "click", "i1", "u1", "b1", 1000, 4, 2.5, 3, "r1")]
    assert (found.rejects, found.duplicates) == ([], 0)


def test_an_event_without_an_id_takes_the_hash_of_its_fields(tmp_path: Path) -> None:
    text = "user,item,time,id\nu1,i1,1970-01-01T00:00:01Z,\nu1,i1,1970-01-01T00:00:01Z,e2\n"
    bare = Event("", EventType.PURCHASE, "i1", user="u1", at=1000)
    assert events(tmp_path, text, USER | {"id": "id"}).content["id"].to_list() == [event_hash(bare), "e2"]
    assert events(tmp_path, text, USER).content["id"].to_list() == [event_hash(bare)]


def test_equal_rows_are_one_event(tmp_path: Path) -> None:
    text = "user,item,time\nu1,i1,2024-01-01\nu1,i1,2024-01-01T00:00:00Z\nu1,i2,2024-01-01\nu1,i1,2024-01-01\n"
    found = events(tmp_path, text, USER)
    assert found.content["item"].to_list() == ["i1", "i2"]
    assert (found.duplicates, found.rejects) == (2, [])
    assert found.totals == {str(tmp_path / "events.csv"): 4}


def test_the_same_id_with_other_content_is_refused(tmp_path: Path) -> None:
    text = "user,item,time,id\nu1,i1,2024-01-01,e1\nu1,i1,2024-01-01,e1\nu2,i1,2024-01-01,e1\n"
    found = events(tmp_path, text, USER | {"id": "id"})
    assert found.content["user"].to_list() == ["u1"]
    assert found.duplicates == 1
    assert refused(found) == [(4, "the event's id stands before with other content", "e1")]


def test_bad_rows_are_refused_with_line_and_reason(tmp_path: Path) -> None:
    found = events(
        tmp_path,
        "user,basket,item,time,order,price,position,request,type\n"
        ",,i1,2024-01-01,,,,,click\n"
        "u,,,2024-01-01,,,,,click\n"
        "u,,i9,2024-01-01,,,,,click\n"
        "u,,i1,,,,,,click\n"
        "u,,i1,noon,,,,,click\n"
        "u,,i1,2024-01-01,4.5,,,,click\n"
        "u,,i1,2024-01-01,,,,,view\n"
        "u,,i1,2024-01-01,,,,,\n"
        "u,,i1,2024-01-01,,nan,,,click\n"
        "u,,i1,2024-01-01,,,-1,,click\n"
        "u,,i1,2024-01-01,,,first,,click\n"
        ",b,i1,2024-01-01,2.0,1e3,0.0,,exposure\n",
        {name: name for name in EVERYTHING if name != "id"},
    )
    assert refused(found) == [
        (2, "no user and no basket", ""),
        (3, "no item", ""),
        (4, "the item is not in the catalogue", "i9"),
        (5, "no time", ""),
        (6, "the time is not ISO 8601", "noon"),
        (7, "the order is not a whole number", "4.5"),
        (8, "the type is none of purchase, click, exposure", "view"),
        (9, "the type is none of purchase, click, exposure", ""),
        (10, "the price is not a number", "nan"),
        (11, "the position is not a whole number from 0", "-1"),
        (12, "the position is not a whole number from 0", "first"),
    ]
    assert found.content.select(pl.exclude("id")).rows() == [
        ("exposure", "i1", None, "b", 1_704_067_200_000, 2, 1000.0, 0, None)
    ]


def test_no_reject_shows_a_user(tmp_path: Path) -> None:
    text = "user,item,time,id\nana,i9,x,1\nana,i1,x,2\nana,,x,3\nana,i1\nana,i1,2024-01-01,4\nana,i2,2024-01-01,4\n"
    found = events(tmp_path, text, USER | {"id": "id"})
    assert len(found.rejects) == 5
    assert "ana" not in repr(found.rejects)


def test_an_order_is_needed_where_there_is_no_time(tmp_path: Path) -> None:
    found = events(tmp_path, "user,item,pos\nu,i1,0\nu,i1,\n", {"user": "user", "item": "item", "order": "pos"})
    assert found.content["order"].to_list() == [0]
    assert refused(found) == [(3, "no order", "")]


def test_unordered_baskets_and_items_that_are_numbers(tmp_path: Path) -> None:
    path = tmp_path / "b.parquet"
    pl.DataFrame({"b": [17850.0, None, 2.0], "i": [3, 3, 4]}).write_parquet(path)
    found = read_events([table(path, {"basket": "b", "item": "i"})], pl.Series(sorted(KNOWN)))
    assert found.content.select("basket", "item", "user", "at", "order").rows() == [("17850", "3", None, None, None)]
    assert refused(found) == [(2, "no basket", ""), (3, "the item is not in the catalogue", "4")]


def test_files_follow_one_another_and_are_counted_apart(tmp_path: Path) -> None:
    one, two = tmp_path / "1.csv", tmp_path / "2.jsonl"
    one.write_text("user,item,time,id\nu1,i1,2024-01-01,e1\nu1,i1,2024-01-02,e2\n")
    two.write_text(
        '{"user": "u1", "item": "i1", "time": "2024-01-01", "id": "e1"}\n'
        '{"user": "u1", "item": "i2", "time": "2024-01-02", "id": "e2"}\n'
        '{"user": "u1", "item": "i2", "time": "2024-01-03", "id": "e3"}\n'
    )
    columns = USER | {"id": "id"}
    found = read_events([table(one, columns), table(two, columns)], KNOWN)
    assert found.content["id"].to_list() == ["e1", "e2", "e3"]
    assert found.duplicates == 1
    assert found.rejects == [Reject(str(two), 2, "the event's id stands before with other content", "e2")]
    assert found.totals == {str(one): 2, str(two): 3}


def test_epochs_need_their_unit_and_use_it(tmp_path: Path) -> None:
    text = "user,item,time\nu,i1,1700000000\n"
    with pytest.raises(DataError, match="the times in column 'time' are numbers"):
        events(tmp_path, text, USER)
    assert events(tmp_path, text, USER, time_unit="s").content["at"].to_list() == [1_700_000_000_000]
    assert events(tmp_path, text, USER, time_unit="ms").content["at"].to_list() == [1_700_000_000]


def test_no_files_are_no_events() -> None:
    found = read_events([], KNOWN)
    assert found.content.schema == EVENT_SCHEMA
    assert found.content.height == 0


def test_a_million_rows_take_seconds(tmp_path: Path) -> None:
    rows = 1_000_000
    path = tmp_path / "b.parquet"
    number = pl.int_range(rows, eager=True)
    pl.DataFrame({"b": number // 10, "i": number % 5_000, "n": number % 10}).write_parquet(path)
    began = time.perf_counter()
    found = read_events([table(path, {"basket": "b", "item": "i", "order": "n"})], map(str, range(5_000)))
    assert time.perf_counter() - began < 20
    assert (found.content.height, found.rejects) == (rows, [])
