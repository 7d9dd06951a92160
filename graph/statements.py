"""Statements by name: every Cypher text of kerec is a file under `cypher/`, loaded and checked here.

A file begins with `// Title`, then `// params: {…}`: typed example parameters as JSON, which is also what an analyst
gives to `:params` in Neo4j Browser before pasting the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import cypher
from graph.errors import KerecError

_PARAMETER = re.compile(r"\$(\w+)")
_HEAD = re.compile(r"// (?P<title>\S.*)\n// params: (?P<params>\{.*\})\n")
_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: its name (path under `cypher/` without suffix), title, example parameters and text."""

    name: str
    title: str
    examples: Mapping[str, Any]
    text: str

    @property
    def used(self) -> frozenset[str]:
        """The `$parameters` that the text uses."""
        return frozenset(_PARAMETER.findall(_COMMENT.sub("", self.text)))


@cache
def load(name: str) -> Statement:
    """The statement in `cypher/NAME.cypher`; raises KerecError where there is none or its head is malformed."""
    source = files(cypher).joinpath(*f"{name}.cypher".split("/"))
    if not source.is_file():
        raise KerecError(f"there is no statement cypher/{name}.cypher")
    return parse(name, source.read_text(encoding="utf-8"))


def parse(name: str, text: str) -> Statement:
    """A statement from its file's text; raises KerecError where its two head lines are malformed."""
    head = _HEAD.match(text)
    if head is None:
        raise KerecError(f"cypher/{name}.cypher must begin with '// Title' and '// params: {{…}}'")
    try:
        return Statement(name, head["title"].strip(), json.loads(head["params"]), text)
    except json.JSONDecodeError as error:
        raise KerecError(f"cypher/{name}.cypher: its params are not JSON: {error}") from error


def names(folder: str = "") -> list[str]:
    """The names of all statements below a folder of `cypher/`, sorted."""
    root = files(cypher)
    found: list[str] = []
    pending = [folder] if folder else [""]
    while pending:
        place = pending.pop()
        for child in root.joinpath(*place.split("/")).iterdir() if place else root.iterdir():
            path = f"{place}/{child.name}" if place else child.name
            if child.is_dir():
                pending.append(path)
            elif child.name.endswith(".cypher"):
                found.append(path.removesuffix(".cypher"))
    return sorted(found)
