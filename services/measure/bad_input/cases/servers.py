"""A graph server that is away, strange, refuses, or goes in the middle."""

from __future__ import annotations

from services.measure.bad_input.bench import Bench
from services.measure.bad_input.case import Case, Seen
from services.measure.bad_input.changes import settings
from services.measure.bad_input.command import Said
from services.measure.bad_input.plays import again, command, line_faults, told
from services.measure.bad_input.sockets import Proxy, closed_port, listening, web_server

GROUP = "The graph server"


def _port(bench: Bench) -> int:
    return int(bench.address.uri.rpartition(":")[2])


def _silent(bench: Bench) -> Seen:
    folder = bench.copy()
    with listening() as port:
        said = bench.run(folder, "load", environ={"KEREC_GRAPH_URI": f"bolt://127.0.0.1:{port}"})
    return _seen(bench, said, [*line_faults(said, 1, "no answer in Bolt"), *again(bench, folder, ("load",))])


def _cut(answered: int) -> Case:
    """The connection breaks after so many bytes of answers, in the middle of a run that has all to do."""

    def play(bench: Bench) -> Seen:
        folder = bench.copy()
        (folder / ".kerec" / "events" / "journal.sqlite").unlink()
        proxy = Proxy(_port(bench))
        proxy.budget = answered
        try:
            said = bench.run(folder, "run", environ={"KEREC_GRAPH_URI": f"bolt://127.0.0.1:{proxy.port}"})
        finally:
            proxy.close()
        return _seen(bench, said, [*line_faults(said, 1, "is it running?"), *again(bench, folder, ("run",))])

    return Case(GROUP, f"gone after {answered:,} bytes of its answers", "`kerec run`", play)


def _seen(bench: Bench, said: Said, faults: list[str]) -> Seen:
    return Seen(f"exit {said.code}", told(bench, said), "run again with the server: as before", tuple(faults))


def _web_server(bench: Bench) -> Seen:
    folder = bench.copy()
    with web_server() as port:
        said = bench.run(folder, "load", environ={"KEREC_GRAPH_URI": f"bolt://127.0.0.1:{port}"})
    return _seen(bench, said, [*line_faults(said, 1, "no answer in Bolt"), *again(bench, folder, ("load",))])


CASES = [
    *(
        make(GROUP)
        for make in (
            command(
                "down",
                "load",
                environ={"KEREC_GRAPH_URI": f"bolt://127.0.0.1:{closed_port()}"},
                says="connection refused",
            ),
            command(
                "down, asked for its state",
                *("graph", "status"),
                environ={"KEREC_GRAPH_URI": f"bolt://127.0.0.1:{closed_port()}"},
                says="connection refused",
            ),
            command(
                "host that does not exist",
                "load",
                environ={"KEREC_GRAPH_URI": "bolt://graph.invalid:7687"},
                says="there is no such host",
            ),
            command(
                "wrong password",
                "load",
                environ={"KEREC_GRAPH_PASSWORD": "not-the-password"},
                says="set KEREC_GRAPH_USER",
            ),
            command("no password", "load", environ={"KEREC_GRAPH_PASSWORD": ""}, says="set KEREC_GRAPH_USER"),
            command("unknown user", "load", environ={"KEREC_GRAPH_USER": "nobody"}, says="'nobody'"),
            command("unknown database", "load", environ={"KEREC_GRAPH_DATABASE": "nowhere"}, says="nowhere"),
            command(
                "encrypted address of a plain server",
                "load",
                environ={"KEREC_GRAPH_URI": "bolt+s://127.0.0.1:{port}"},
                says="no encrypted connection",
            ),
            command(
                "graph of another shop",
                "run",
                change=settings('id = "tiny"', 'id = "other"'),
                says="belongs to the shop 'tiny'",
            ),
            command(
                "graph of another shop, asked for a list",
                *("recommend", "u1"),
                change=settings('id = "tiny"', 'id = "other"'),
                says="belongs to the shop 'tiny'",
            ),
        )
    ),
    Case(GROUP, "accepts connections and says nothing", "`kerec load`", _silent),
    Case(GROUP, "a web server in its place", "`kerec load`", _web_server),
    _cut(2_000),
    _cut(6_000),
    _cut(12_000),
]
