"""A kerec.toml, or an environment, that cannot be used."""

from __future__ import annotations

from services.measure.bad_input.changes import both, data, folder_at, gone, settings, text
from services.measure.bad_input.plays import command

GROUP = "kerec.toml and the environment"
_IN_TOML = "`kerec load`"
_USER = 'user = "user", '
_TIME = ', time = "time"'
_PURCHASE = 'type = "purchase"'
_RECORDED = 'name = "recorded"\npath = "verdicts.csv"\n'


def _graph(more: str) -> str:
    return f"[graph]\n{more}\n\n[items]"


CASES = [
    make(GROUP)
    for make in (
        command("no kerec.toml", "load", change=gone("kerec.toml"), says="does not exist"),
        command("a folder in its place", "load", change=folder_at("kerec.toml"), says="is a folder"),
        command("--config names a file that is not there", "load", "--config", "shops.toml", says="does not exist"),
        command("not UTF-8", "load", change=data("kerec.toml", b'[shop]\nid = "caf\xe9"\n'), says="not UTF-8"),
        command("not TOML", "load", change=text("kerec.toml", '[shop\nid = "tiny"\n'), says="not valid TOML"),
        command("empty", "load", change=text("kerec.toml", ""), says="shop: this key is missing"),
        command("unknown table", "load", change=settings("[judge]", "[jugde]"), says="did you mean 'judge'?"),
        command("unknown key", "load", change=settings('id = "tiny"', 'idd = "tiny"'), says="did you mean 'id'?"),
        command("unknown column", "load", change=settings("title = ", "titel = "), says="did you mean 'title'?"),
        command("a needed column is missing", "load", change=settings('title = "title", ', ""), says="columns.title"),
        command("an empty id", "load", change=settings('id = "tiny"', 'id = ""'), says="shop.id"),
        command("a list where a text should be", "load", change=settings('id = "tiny"', "id = [1]"), says="shop.id"),
        command("path of an unknown format", "load", change=settings('"items.csv"', '"items.xls"'), says=".parquet"),
        command(
            "path with a variable that is not set",
            "load",
            change=settings('"items.csv"', '"${SHOP_DATA}/items.csv"'),
            says="SHOP_DATA is not set",
        ),
        command("[events] in single brackets", "load", change=settings("[[events]]", "[events]"), says="two brackets"),
        command("events of nobody", "load", change=settings(_USER, ""), says="'user' and 'basket'"),
        command("events without time or order", "load", change=settings(_TIME, ""), says="map 'time' or 'order'"),
        command("events without a type", "load", change=settings(_PURCHASE, ""), says="either type"),
        command("unknown type of events", "load", change=settings('"purchase"', '"sale"'), says="purchase"),
        command(
            "event files with different clocks",
            "load",
            change=settings(
                "[dictionary]",
                '[[events]]\npath = "more.csv"\ncolumns = { user = "u", item = "i", order = "n" }\n'
                'type = "click"\n\n[dictionary]',
            ),
            says="all [[events]] must agree",
        ),
        command(
            "time_unit without a time",
            "load",
            change=both(settings(_TIME, ', order = "time"'), settings(_PURCHASE, f'{_PURCHASE}\ntime_unit = "s"')),
            says="time_unit needs columns.time",
        ),
        command("unknown judge", "load", change=settings('"recorded"', '"recordd"'), says="did you mean 'recorded'?"),
        command("judge that is yet to come", "load", change=settings('"recorded"', '"student"'), says="not available"),
        command(
            "recorded judge without a file",
            "load",
            change=settings(_RECORDED, 'name = "recorded"\n'),
            says="needs path and columns",
        ),
        command(
            "share out of its range",
            "load",
            change=settings("[items]", "[load]\nmax_bad_share = 5\n\n[items]"),
            says="max_bad_share",
        ),
        command(
            "a number that is none",
            "load",
            change=settings("[items]", "[weights]\nshrinkage = nan\n\n[items]"),
            says="weights.shrinkage",
        ),
        command(
            "a password in the file",
            "load",
            change=settings("[items]", _graph('uri = "bolt://127.0.0.1:7687"\npassword = "secret"')),
            says="set KEREC_GRAPH_PASSWORD",
        ),
        command(
            "a password in the address",
            "load",
            change=settings("[items]", _graph('uri = "bolt://neo4j:secret@127.0.0.1:7687"')),
            environ={"KEREC_GRAPH_URI": ""},
            says="a password never stands in the file",
        ),
        command(
            "a graph address that is not Bolt",
            "load",
            environ={"KEREC_GRAPH_URI": "http://127.0.0.1:7474"},
            done=f"{_IN_TOML} with `KEREC_GRAPH_URI=http://127.0.0.1:7474`",
            says="the environment variable KEREC_GRAPH_URI",
        ),
        command(
            "a graph address without a host",
            "load",
            environ={"KEREC_GRAPH_URI": "bolt://"},
            done=f"{_IN_TOML} with `KEREC_GRAPH_URI=bolt://`",
            says="not a Bolt address",
        ),
        command(
            "a graph address with an impossible port",
            "load",
            environ={"KEREC_GRAPH_URI": "bolt://127.0.0.1:99999"},
            done=f"{_IN_TOML} with `KEREC_GRAPH_URI=bolt://127.0.0.1:99999`",
            says="99999",
        ),
    )
]
