"""The user's files, bad in every way that files are."""

from __future__ import annotations

import io

import polars as pl

from services.measure.bad_input.changes import Change, added, both, data, edit, folder_at, gone, settings, text
from services.measure.bad_input.plays import command
from services.measure.bad_input.shop import ENTITIES, ITEMS, VERDICTS, events

GROUP = "Files"
_NOISE = bytes(range(256)) * 40


def _parquet(content: bytes) -> Change:
    return both(settings('"items.csv"', '"items.parquet"'), data("items.parquet", content))


def _structs() -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame(
        {"id": ["i1"], "title": [{"en": "Tent"}], "category": ["c"], "price": [1.0], "created_at": ["2026-01-01"]}
    ).write_parquet(buffer)
    return buffer.getvalue()


def _jsonl(content: str) -> Change:
    return both(settings('"items.csv"', '"items.jsonl"'), text("items.jsonl", content))


CASES = [
    make(GROUP)
    for make in (
        command("items: no such file", "load", change=gone("items.csv"), says="items.csv does not exist"),
        command("items: a folder", "load", change=folder_at("items.csv"), says="Is a directory"),
        command("items: empty file", "load", change=text("items.csv", ""), says="is empty"),
        command("items: header and no row", "load", change=text("items.csv", ITEMS.splitlines()[0]), says="no item"),
        command("items: binary", "load", change=data("items.csv", _NOISE), says="items.csv"),
        command("items: UTF-16", "load", change=data("items.csv", ITEMS.encode("utf-16")), says="save it as UTF-8"),
        command(
            "items: Latin-1",
            "load",
            change=data("items.csv", ITEMS.replace("tent", "tënt").encode("latin-1")),
            says="not UTF-8",
        ),
        command("items: quote never closed", "load", change=edit("items.csv", "Foam", '"Foam'), says="never closed"),
        command("items: broken quotes", "load", change=edit("items.csv", "Foam", '"Foam" '), says="closing quote"),
        command("items: other separator", "load", change=edit("items.csv", ",", ";"), says="has no column 'id'"),
        command("items: missing column", "load", change=edit("items.csv", "title", "tittle"), says="'tittle'?"),
        command("items: column named twice", "load", change=edit("items.csv", ",price", ",title"), says="twice"),
        command("items: rows too short", "load", change=edit("items.csv", ",99.00", ""), says="4 fields where"),
        command("items: same id, other content", "load", change=edit("items.csv", "i2", "i1"), says="stands before"),
        command("items: rows without id", "load", change=edit("items.csv", "i2,", ","), says="no id"),
        command("items: price NaN", "load", change=edit("items.csv", "19.00", "NaN"), says="price is not a number"),
        command("items: price with its currency", "load", change=edit("items.csv", "19.00", "19 €"), says="price"),
        command("items: bad time", "load", change=edit("items.csv", "2026-01-01T", "01/01/26 "), says="not ISO 8601"),
        command(
            "items: epochs of no said unit",
            "load",
            change=edit("items.csv", "2026-01-01T00:00:00Z", "1767225600"),
            says="time_unit",
        ),
        command("items: no Parquet", "load", change=_parquet(_NOISE), says="not a readable Parquet file"),
        command("items: empty Parquet file", "load", change=_parquet(b""), says="not a readable Parquet file"),
        command("items: CSV named .parquet", "load", change=_parquet(ITEMS.encode()), says="Parquet"),
        command("items: cut Parquet file", "load", change=_parquet(_structs()[:-40]), says="Parquet"),
        command("items: column of structs", "load", change=_parquet(_structs()), says="'title' cannot be read"),
        command("items: not JSON", "load", change=_jsonl("id title\ni1 Tent\n"), says="not valid JSON"),
        command("items: JSON of no objects", "load", change=_jsonl('["i1", "Tent"]\n'), says="not a JSON object"),
        command(
            "items: JSON without the column", "load", change=_jsonl('{"id": "i1", "name": "Tent"}\n'), says="title"
        ),
        command("items: empty JSON Lines", "load", change=_jsonl(""), says="no item"),
        command(
            "items: a bad row below the allowed share",
            "load",
            code=0,
            change=both(settings("[items]", "[load]\nmax_bad_share = 0.2\n\n[items]"), added("items.csv", "i9,,,,\n")),
            done="`kerec load` with `load.max_bad_share = 0.2` and one row more, without a title",
            says="rejected 1",
        ),
        command("events: no such file", "load", change=gone("events.csv"), says="events.csv does not exist"),
        command("events: empty file", "load", change=text("events.csv", ""), says="is empty"),
        command("events: binary", "load", change=data("events.csv", _NOISE), says="events.csv"),
        command("events: missing column", "load", change=edit("events.csv", "user,", "usr,"), says="'usr'?"),
        command("events: bad times", "load", change=edit("events.csv", "2026-02-", "Feb "), says="not ISO 8601"),
        command(
            "events: epochs in the wrong unit",
            "load",
            change=both(
                edit("events.csv", "2026-02-01T12:00:00Z", "1769947200000"),
                settings('type = "purchase"', 'type = "purchase"\ntime_unit = "s"'),
            ),
            says="number of seconds",
        ),
        command("events: no time", "load", change=edit("events.csv", ",2026-02-01T12:00:00Z", ","), says="no time"),
        command("events: nobody", "load", change=edit("events.csv", ",u1,", ",,"), says="no user"),
        command("events: unknown items", "load", change=edit("events.csv", "i1", "x1"), says="not in the catalogue"),
        command("events: one id, two events", "load", change=edit("events.csv", "u2-1", "u1-1"), says="other content"),
        command(
            "events: rewritten history",
            "load",
            code=0,
            change=edit("events.csv", "u2-1,u2,i2", "u2-1,u2,i8"),
            done="`kerec load` with another item under an event id that the journal holds",
            says="rejected 1",
        ),
        command("dictionary: no such file", "load", change=gone("entities.csv"), says="entities.csv does not exist"),
        command("dictionary: binary", "load", change=data("entities.csv", _NOISE), says="entities.csv"),
        command("dictionary: missing column", "load", change=edit("entities.csv", "name", "nam"), says="'nam'?"),
        command("dictionary: one id twice", "load", change=edit("entities.csv", "mat,", "tent,"), says="stands before"),
        command("dictionary: no name", "load", change=edit("entities.csv", ",Lamp,", ",,"), says="no name"),
        command(
            "dictionary: header and no row",
            "load",
            change=text("entities.csv", ENTITIES.splitlines()[0]),
            says="no entit",
        ),
        command("verdicts: no such file", "judge", change=gone("verdicts.csv"), says="verdicts.csv does not exist"),
        command("verdicts: empty file", "judge", change=text("verdicts.csv", ""), says="is empty"),
        command("verdicts: binary", "judge", change=data("verdicts.csv", _NOISE), says="verdicts.csv"),
        command("verdicts: missing column", "judge", change=edit("verdicts.csv", "label", "labl"), says="'labl'?"),
        command(
            "verdicts: unknown label", "judge", change=edit("verdicts.csv", "unrelated", "no"), says="label is none"
        ),
        command("verdicts: bad strength", "judge", change=edit("verdicts.csv", ",3,", ",9,"), says="from 0 to 3"),
        command("verdicts: unknown entity", "judge", change=edit("verdicts.csv", "lamp", "lmp"), says="dictionary"),
        command(
            "verdicts: of an entity with itself",
            "judge",
            change=edit("verdicts.csv", "tent,mat", "mat,mat"),
            says="the same entity",
        ),
        command(
            "verdicts: one pair, two labels",
            "judge",
            change=text("verdicts.csv", VERDICTS + "tent,mat,unrelated,0,No.\n"),
            says="another verdict",
        ),
        command(
            "verdicts: header and no row",
            "judge",
            change=text("verdicts.csv", VERDICTS.splitlines()[0]),
            says="no verdict",
        ),
        command(
            "events: header and no row",
            "load",
            code=0,
            change=text("events.csv", events().splitlines()[0]),
            says="events 17",
        ),
    )
]
