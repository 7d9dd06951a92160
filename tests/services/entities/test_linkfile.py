from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import DataError
from graph.records import Entity
from services.entities.linker import Linker
from services.entities.linkfile import LINK_SCHEMA, link_table

ENTITIES = [Entity("case", "phone case", categories=("Cases",)), Entity("film", "screen protector")]
NAMES = {entity.id: entity.name for entity in ENTITIES}
LINKER = Linker(ENTITIES)


def test_columns_and_values() -> None:
    frame = pl.DataFrame(
        {
            "id": [7, 8, 9, 10],
            "title": ["Phone Case with Screen Protector", "Nothing", None, "Nothing"],
            "category": [None, None, "Cases", None],
        }
    )
    table = link_table(frame, LINKER, NAMES)
    assert table.schema == LINK_SCHEMA
    assert table.columns == ["id", "entity_id", "name", "start", "end", "confidence", "source", "secondary"]
    assert table.drop("confidence").rows() == [
        ("7", "case", "phone case", 0, 10, "title", "film"),
        ("8", "", "", -1, -1, "", ""),
        ("9", "case", "phone case", -1, -1, "category", ""),
        ("10", "", "", -1, -1, "", ""),
    ]
    assert table["confidence"].to_list() == [0.9, 0.0, 0.6, 0.0]


@given(st.lists(st.tuples(st.text(max_size=5), st.sampled_from(["Phone Case", "Screen Protectors", "x", ""]))))
def test_order_and_count_are_kept(rows: list[tuple[str, str]]) -> None:
    frame = pl.DataFrame(rows, schema={"id": pl.String, "title": pl.String}, orient="row")
    table = link_table(frame, LINKER, NAMES)
    assert table["id"].to_list() == [item for item, _ in rows]
    assert table["entity_id"].to_list() == [LINKER.link(title).entity or "" for _, title in rows]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(DataError, match=r"no column title: it has id, name; .*--columns"):
        link_table(pl.DataFrame({"id": [], "name": []}), LINKER, NAMES)
