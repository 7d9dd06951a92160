"""`kerec serve` where it cannot, or need not, start."""

from __future__ import annotations

from services.measure.bad_input.api import serving
from services.measure.bad_input.bench import Bench
from services.measure.bad_input.case import Case, Seen
from services.measure.bad_input.changes import gone, settings
from services.measure.bad_input.plays import command, plain
from services.measure.bad_input.sockets import closed_port

GROUP = "Starting the API"


def _graph_away(bench: Bench) -> Seen:
    """It starts, says that the graph is away, and is alive."""
    folder = bench.copy()
    away = {"KEREC_GRAPH_URI": f"bolt://127.0.0.1:{closed_port()}"}
    with serving(bench, folder, away):
        said = (folder.parent / "api.log").read_text().splitlines()
    faults = [] if "events are kept until it is back" in said[0] else ["it does not say that events are kept"]
    if any(line.startswith("Error: ") for line in said[1:]) or any("Traceback" in line for line in said):
        faults.append("more than one line says so")
    return Seen("serves", plain(bench, said[0]), "events are taken, the graph follows", tuple(faults))


CASES = [
    *(
        make(GROUP)
        for make in (
            command(
                "port in use",
                "serve",
                "--port",
                "{port}",
                says="is in use",
                done="`kerec serve --port` with a port in use",
            ),
            command("other machines without a key", "serve", "--host", "0.0.0.0", says="set KEREC_API_KEYS"),
            command("every address without a key", "serve", "--host", "::", says="set KEREC_API_KEYS"),
            command(
                "another machine's address",
                *("serve", "--host", "192.0.2.1"),
                environ={"KEREC_API_KEYS": "a-key"},
                says="not an address of this machine",
            ),
            command(
                "a name that no machine has",
                *("serve", "--host", "shop.invalid"),
                environ={"KEREC_API_KEYS": "a-key"},
                says="Give an address of this machine",
            ),
            command(
                "a key that no header can carry",
                *("serve", "--port", "0"),
                environ={"KEREC_API_KEYS": "two words"},
                done="`kerec serve --port 0` with `KEREC_API_KEYS='two words'`",
                says="no header can carry it",
            ),
            command("no kerec.toml", "serve", "--port", "0", change=gone("kerec.toml"), says="does not exist"),
            command(
                "graph of another shop",
                *("serve", "--port", "0"),
                change=settings('id = "tiny"', 'id = "other"'),
                says="belongs to the shop 'tiny'",
            ),
            command(
                "wrong password",
                *("serve", "--port", "0"),
                environ={"KEREC_GRAPH_PASSWORD": "not-the-password"},
                says="refuses the user or password",
            ),
        )
    ),
    Case(GROUP, "graph server away", "`kerec serve`", _graph_away),
]
