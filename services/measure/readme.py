"""The README's table: scoreboards side by side, as `kerec evaluate next-purchase --json` prints them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

YARDSTICK = "directed co-purchase"
_METRICS = (("recall", "R@10"), ("ndcg", "NDCG@10"))
_CUT = "10"


def board_table(boards: Mapping[str, Mapping[str, Any]]) -> str:
    """Markdown: a line for each method, with its 95 % interval and its ratio to directed co-purchase, best first by the
    first shop's NDCG@10; for each shop also the leak, the share of a list whose kind the shopper has bought already."""
    lines = {shop: {line["method"]: line for line in board["lines"]} for shop, board in boards.items()}
    first = next(iter(lines.values()))
    methods = sorted(first, key=lambda method: -first[method]["ndcg"][_CUT])
    titles = [f"{shop.capitalize()} {title}" for shop in lines for title in (*(name for _, name in _METRICS), "leak")]
    rows = [
        (method, *(cell for of in lines.values() for cell in _cells(of[method], of[YARDSTICK]))) for method in methods
    ]
    return "\n".join(map(_row, [("", *titles), ("---",) * (1 + len(titles)), *rows]))


def with_part(text: str, name: str, made: str) -> str:
    """The text with `made` between the comments `<!-- NAME -->` and `<!-- end of NAME -->`; raises ValueError where
    they are not there."""
    part = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    if not part.search(text):
        raise ValueError(f"there is no part {name!r}")
    return part.sub(lambda found: f"{found[1]}{made}\n{found[2]}", text)


def _cells(line: Mapping[str, Any], yardstick: Mapping[str, Any]) -> list[str]:
    leak = "" if line["leak"] is None else f"{line['leak']:.2f}"
    return [*(_cell(line, yardstick, metric) for metric, _ in _METRICS), leak]


def _cell(line: Mapping[str, Any], yardstick: Mapping[str, Any], metric: str) -> str:
    value, interval = line[metric][_CUT], line[f"{metric}_interval"][_CUT]
    ratio = value / yardstick[metric][_CUT]
    return f"{value:.4f} [{interval['low']:.4f}, {interval['high']:.4f}] {ratio:.2f} ×"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
