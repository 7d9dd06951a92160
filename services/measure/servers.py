"""The graph servers that measurements run on: the embedded one of each shop, and a Neo4j made for the purpose."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from graph.neo4j_library import available
from graph.neo4j_server import Neo4jServer
from services.measure.report import Section

SERVERS = ("embedded", "neo4j")


def print_sections(description: str | None, sections: Callable[[Path, Sequence[str]], Iterable[Section]]) -> None:
    """A measurement as a command: `--data FOLDER [--server NAME]`, its sections printed as Markdown."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--server", choices=SERVERS, action="append")
    arguments = parser.parse_args()
    for section in sections(arguments.data, arguments.server or SERVERS):
        print(section.markdown())  # noqa: T201 - what the command is for


@contextmanager
def environment(server: str) -> Iterator[Mapping[str, str]]:
    """The environment by which `kerec` works on this kind of server, for as long as the block lasts.

    Raises GraphError where Neo4j cannot be had here.
    """
    plain = {name: value for name, value in os.environ.items() if not name.startswith("KEREC_GRAPH_")}
    if server == "embedded":
        yield plain
        return
    reason = available()
    if reason is not None:
        raise SystemExit(f"Neo4j cannot be measured here: {reason}")
    with tempfile.TemporaryDirectory(prefix="kerec-neo4j-") as folder:
        neo4j = Neo4jServer(Path(folder))
        address = neo4j.start()
        try:
            yield {
                **plain,
                "KEREC_GRAPH_URI": address.uri,
                "KEREC_GRAPH_USER": address.user,
                "KEREC_GRAPH_PASSWORD": address.password,
                "KEREC_GRAPH_DATABASE": address.database,
            }
        finally:
            neo4j.stop()
