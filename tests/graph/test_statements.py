"""Statements are found by name, and a malformed file is named."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

import cypher
from graph.errors import KerecError
from graph.statements import load, names, parse

TEXT = """// Who bought it?
// params: {"item": "i1", "limit": 5}
// $nothing
MATCH (u:User)-[:BOUGHT]->(:Item {id: $item})
  // $indented
RETURN u.id AS user
LIMIT $limit
"""


def test_a_file_is_parsed_whole() -> None:
    statement = parse("recall/who", TEXT)
    assert statement.name == "recall/who"
    assert statement.title == "Who bought it?"
    assert statement.examples == {"item": "i1", "limit": 5}
    assert statement.text == TEXT


def test_parameters_in_comments_are_not_used() -> None:
    assert parse("recall/who", TEXT).used == {"item", "limit"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "RETURN 1",
        "// Title only\nRETURN 1",
        "// params: {}\n// Title\nRETURN 1",
        "//\n// params: {}\nRETURN 1",
        "// Title\n// params:\nRETURN 1",
        "// Title\n// params: []\nRETURN 1",
    ],
)
def test_a_file_without_its_two_head_lines_is_named(text: str) -> None:
    with pytest.raises(
        KerecError, match=re.escape("cypher/a/b.cypher must begin with '// Title' and '// params: {…}'")
    ):
        parse("a/b", text)


def test_params_that_are_not_json_are_named() -> None:
    with pytest.raises(KerecError, match=r"^cypher/a/b\.cypher: its params are not JSON: .*column 2.*$"):
        parse("a/b", "// Title\n// params: {item: 1}\nRETURN $item")


@pytest.mark.parametrize("name", ["recall/none", "none", "recall", "", "../graph/client"])
def test_an_unknown_name_is_named(name: str) -> None:
    with pytest.raises(KerecError, match=re.escape(f"there is no statement cypher/{name}.cypher")):
        load(name)


def test_names_are_all_files_sorted() -> None:
    root = Path(str(files(cypher)))
    assert names() == sorted(str(path.relative_to(root).with_suffix("")) for path in root.rglob("*.cypher"))
    assert names("load/item") == ["load/item/delete", "load/item/read", "load/item/write"]


def test_every_name_is_loaded() -> None:
    loaded = {name: load(name) for name in names()}
    assert all(statement.name == name for name, statement in loaded.items())
    assert load("load/ping") is loaded["load/ping"]
