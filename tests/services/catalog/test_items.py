from __future__ import annotations

from pathlib import Path
from typing import Any

from graph.records import ITEM_SCHEMA
from services.catalog.items import read_items
from services.catalog.reading import Reading
from services.catalog.rejects import Reject
from services.settings import ItemTable

HEADER = "id,title,brand,category,price,created_at,available\n"
ALL = {name: name for name in HEADER.strip().split(",")}


def items(folder: Path, text: str, columns: dict[str, str] = ALL, **more: Any) -> Reading[Any]:
    path = folder / "items.csv"
    path.write_text(text, encoding="utf-8")
    return read_items(ItemTable.model_validate({"path": path, "columns": columns, **more}))


def test_every_field_is_read(tmp_path: Path) -> None:
    row = "a/1,Tent 2P,Acme,Camping > Tents,2.50,2024-01-01T00:00:00+01:00,no\n"
    found = items(tmp_path, HEADER + row)
    assert found.content.schema == ITEM_SCHEMA
    assert found.content.rows() == [("a/1", "Tent 2P", "Acme", "Camping > Tents", 2.5, 1_704_063_600_000, False)]
    assert found.rejects == []
    assert found.totals == {str(tmp_path / "items.csv"): 1}


def test_only_id_and_title_are_needed(tmp_path: Path) -> None:
    found = items(tmp_path, "sku,name\n007,Tent\n", {"id": "sku", "title": "name"})
    assert found.content.rows() == [("007", "Tent", None, None, None, None, True)]
    assert found.content.schema == ITEM_SCHEMA


def test_bad_rows_are_refused_with_line_and_reason(tmp_path: Path) -> None:
    found = items(
        tmp_path,
        HEADER
        + ",Tent,,,,,\n"
        + "2,  ,,,,,\n"
        + "3,Tent,,,2.5 EUR,,\n"
        + "4,Tent,,,inf,,\n"
        + "5,Tent,,,,May 1st,\n"
        + "6,Tent,,,,,maybe\n"
        + "7,Tent\n"
        + "8,Tent,,,,2024-05-01,YES\n",
    )
    file = str(tmp_path / "items.csv")
    assert found.rejects == [
        Reject(file, 2, "no id"),
        Reject(file, 3, "no title"),
        Reject(file, 4, "the price is not a number", "2.5 EUR"),
        Reject(file, 5, "the price is not a number", "inf"),
        Reject(file, 6, "the time is not ISO 8601", "May 1st"),
        Reject(file, 7, "available is neither true nor false", "maybe"),
        Reject(file, 8, "2 fields where the header has 7"),
    ]
    assert found.content["id"].to_list() == ["8"]
    assert found.totals == {file: 8}


def test_an_id_again_is_a_duplicate_or_refused(tmp_path: Path) -> None:
    found = items(tmp_path, HEADER + "1,Tent,,,,,\n1,Tent,,,,,true\n1,Stove,,,,,\n2,Tent,,,,,\n1,,,,,,\n")
    assert found.content["id"].to_list() == ["1", "2"]
    assert found.content["title"].to_list() == ["Tent", "Tent"]
    assert found.duplicates == 1
    assert [(reject.line, reject.reason, reject.value) for reject in found.rejects] == [
        (4, "the id stands before with other content", "1"),
        (6, "no title", ""),
    ]


def test_epochs_need_their_unit_and_use_it(tmp_path: Path) -> None:
    found = items(tmp_path, HEADER + "1,Tent,,,,1700000000,\n2,Tent,,,,soon,\n", time_unit="s")
    assert found.content["created_at"].to_list() == [1_700_000_000_000]
    assert [reject.reason for reject in found.rejects] == ["the time is not a number of seconds before the year 10000"]
