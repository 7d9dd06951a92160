"""Next purchase on Beauty and Toys: `python -m services.measure.next_purchase --data FOLDER`."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.measure.commands import kerec, shop_copy
from services.measure.report import Section
from services.measure.servers import environment

_SETS = ("beauty", "toys")
_METHODS = "popularity,directed,fused,complementary"  # the others take an hour: kerec evaluate next-purchase


def main() -> None:
    """Prints the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    print(section(parser.parse_args().data).markdown())  # noqa: T201 - what the command is for


def section(data: Path) -> Section:
    """Each method's figures, and what its lists are made of."""
    boards = {name: _board(name, data) for name in _SETS}
    return Section(
        "Next purchase",
        "directed co-purchase reproduces .100 / .065 on Beauty, the fused list is not below it; the complementary "
        "channel beside it, none of whose items may have a main entity that was bought already",
        "python -m services.measure.next_purchase --data $DATA",
        ("set", "method", "R@5", "R@10", "R@20", "NDCG@5", "NDCG@10", "NDCG@20", "leak", "entities", "served"),
        [row for name, board in boards.items() for row in _rows(name, board)],
        [f"{name}: {board['users']:,} users." for name, board in boards.items()],
    )


def _board(example: str, data: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="kerec-next-") as place, environment("embedded") as plain:
        config = shop_copy(Path("examples") / example / "kerec.toml", Path(place))
        env = {**plain, "KEREC_DATA": str(data.absolute())}
        board: dict[str, Any] = json.loads(
            kerec(["evaluate", "next-purchase", "--json", "--methods", _METHODS, "--config", str(config)], env).output
        )
        return board


def _rows(name: str, board: dict[str, Any]) -> Iterator[tuple[object, ...]]:
    for line in board["lines"]:
        figures = [round(line[metric][cut], 4) for metric in ("recall", "ndcg") for cut in ("5", "10", "20")]
        yield (name, line["method"], *figures, line["leak"], line["diversity"], line["served"])


if __name__ == "__main__":
    main()
