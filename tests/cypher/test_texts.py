"""What every statement's file says about itself."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from graph.statements import load, names
from graph.vocabulary import EdgeType, NodeLabel

ROOT = Path(__file__).parents[2]
ALL = names()
_LITERAL = re.compile(r"'[^']*'|\"[^\"]*\"|//.*")
_KEYWORD = re.compile(r"\b(MATCH|MERGE|UNWIND|DETACH DELETE)\b")


def body(name: str) -> str:
    return _LITERAL.sub("", load(name).text)


@pytest.mark.parametrize("name", ALL)
def test_its_example_parameters_are_those_it_uses(name: str) -> None:
    statement = load(name)
    assert statement.examples.keys() == statement.used


@pytest.mark.parametrize("name", ALL)
def test_its_title_is_a_readable_line(name: str) -> None:
    title = load(name).title
    assert 8 <= len(title) <= 140
    assert title[0].isupper()
    assert " " in title
    assert not title.endswith(".")


def test_titles_differ() -> None:
    assert [title for title, count in Counter(load(name).title for name in ALL).items() if count > 1] == []


@pytest.mark.parametrize("name", ALL)
def test_its_file_is_tidy(name: str) -> None:
    text = load(name).text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert [line for line in text.splitlines() if line != line.rstrip() or "\t" in line] == []
    assert (";" in body(name)) == name.startswith("migrations/")


@pytest.mark.parametrize("name", ALL)
def test_its_labels_and_types_are_in_the_vocabulary(name: str) -> None:
    text = body(name)
    types = {kind for found in re.findall(r"\[\w*:([\w|]+)", text) for kind in found.split("|")}
    assert types <= set(EdgeType)
    assert set(re.findall(r"[(\w]:([A-Z]\w*)", re.sub(r"\[.*?\]", "", text))) <= set(NodeLabel)


def test_the_vocabulary_is_in_use() -> None:
    everything = "\n".join(body(name) for name in ALL)
    assert [word for word in (*NodeLabel, *EdgeType) if not re.search(rf":{word}\b", everything)] == []


def sources() -> list[Path]:
    return [path for place in ("graph", "services", "training") for path in sorted((ROOT / place).rglob("*.py"))]


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_python_holds_no_cypher(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
    ]
    assert [text for text in texts if _KEYWORD.search(text)] == []


def test_every_statement_that_python_names_is_there() -> None:
    called = re.compile(r"\.(?:rows|tuples|run)\(\s*\"([\w/]+)\"")
    found = {name for path in sources() for name in called.findall(path.read_text(encoding="utf-8"))}
    assert len(found) > 10
    assert found <= set(ALL)
