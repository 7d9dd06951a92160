"""Commands that were typed wrongly: exit code 2."""

from __future__ import annotations

from services.measure.bad_input.plays import command

GROUP = "The command line"

CASES = [
    make(GROUP)
    for make in (
        command("unknown command", "recomend", "u1", code=2, says="Did you mean 'recommend'"),
        command("unknown command of a group", "graph", "exprot", code=2, says="Did you mean 'export'"),
        command("unknown option", "recommend", "u1", "--kk", "5", code=2, says="--kk"),
        command("k below its range", "recommend", "u1", "--k", "0", code=2, says="greater than or equal to 1"),
        command("k above its range", "complements", "i1", "--k", "101", code=2, says="less than or equal to 100"),
        command("k is no number", "recommend", "u1", "--k", "many", code=2, says="valid integer"),
        command("nobody to recommend to", "recommend", code=2, says="name the users, or give --users FILE"),
        command("users named twice over", "recommend", "u1", "--users", "users.txt", code=2, says="or give --users"),
        command("missing argument", "explain", "i1", code=2, says="Missing argument"),
        command("missing option", "link", "--out", "links.csv", code=2, says="--in"),
        command(
            "output of an unknown format", "recommend", "u1", "--out", "lists.xlsx", code=2, says="no known format"
        ),
        command(
            "column mapping that cannot be read",
            *("link", "--in", "items.csv", "--out", "links.csv", "--columns", "id:item_id"),
            code=2,
            says="field=column",
        ),
        command(
            "column mapping of an unknown field",
            *("link", "--in", "items.csv", "--out", "links.csv", "--columns", "titel=name"),
            code=2,
            says="did you mean 'title'?",
        ),
        command("pairs to judge, but nowhere to write", "judge", "--pairs", "pairs.csv", code=2, says="go together"),
        command(
            "unknown judge",
            *("judge", "--pairs", "verdicts.csv", "--judge", "cluade", "--out", "judged.csv"),
            code=2,
            says="did you mean 'claude'?",
        ),
        command("port out of range", "serve", "--port", "70000", code=2, says="less than or equal to 65535"),
        command("server to start that is not embedded", "graph", "up", code=2, says="not embedded"),
        command(
            "hold out more than there is", "evaluate", "next-purchase", "--back", "6", code=2, says="less than or equal"
        ),
    )
]
