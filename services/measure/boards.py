"""What `kerec evaluate` and `kerec simulate` print on the example shops, as sections.

`shops` is a folder in which the shops stay, and with them the results that were computed; None: they are temporary.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.measure.commands import kerec, shop_copy
from services.measure.readme import board_table, with_part
from services.measure.servers import environment

README = Path("README.md")
_PAIRS = ("beauty", "toys")
_CHANNEL = (
    "learned",
    "prior",
    "counters",
    "copurchase-edges",
    "random-edges",
    "copurchase-counters",
    "no-items",
    "no-second-view",
    "no-contrast",
)
_SERVED = ("ranked", "ranked-no-recall", "ranked-no-weights")


@dataclass(frozen=True, slots=True)
class Printed:
    """A section that shows what a command printed on each of some shops."""

    title: str
    asked: str
    command: str
    outputs: Sequence[tuple[str, str]]

    def markdown(self) -> str:
        """The section as Markdown."""
        head = f"## {self.title}\n\nAsked: {self.asked}\n\n    {self.command}\n"
        return "\n".join([head, *(f"{name}:\n\n```\n{_trimmed(text)}\n```\n" for name, text in self.outputs)])


def _trimmed(text: str) -> str:
    """Without the spaces by which tables fill a line."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def next_purchase(data: Path, shops: Path | None = None) -> list[Printed]:
    """The scoreboard: ours and all baselines."""
    asked = (
        "on Beauty R@10 at least 1.30 and NDCG@10 at least 1.20 times directed co-purchase, on Toys 1.25 and 1.18, "
        "above every other baseline with intervals apart; no item of the complementary channel has a main entity "
        "that was bought before"
    )
    with _standing(shops) as place:
        made = _evaluated("Next purchase", asked, data, place, ("next-purchase",), _PAIRS)
        boards = {shop: _document(_printed(shop, data, place, ("next-purchase", "--json"))) for shop in _PAIRS}
    README.write_text(with_part(README.read_text(), "next-purchase", board_table(boards)))
    return [made]


def ablations(data: Path, shops: Path | None = None) -> list[Printed]:
    """Each part of the method taken out: of the complementary channel alone, and of the lists that are served."""
    asked = (
        "the complementary slice: learned weights above prior only, co-purchase edges and random edges; every ablation"
    )
    channel = ("ablations", "--seeds", "3", "--variants", ",".join(_CHANNEL))
    baskets = ("ablations", "--users", "5000", "--seeds", "1", "--variants", ",".join(_CHANNEL[:5]))
    served = ("ablations", "--seeds", "5", "--variants", ",".join(_SERVED))
    return [
        _evaluated("Ablations", asked, data, shops, channel, _PAIRS),
        _evaluated("Ablations, baskets without users", asked, data, shops, baskets, ("instacart",)),
        _evaluated("Ablations of the lists that are served", asked, data, shops, served, _PAIRS),
    ]


def complement_pairs(data: Path, shops: Path | None = None) -> list[Printed]:
    """Pairs of items told apart."""
    asked = (
        "AUC at least .975 against random, .975 against popularity-matched and .89 against substitute items, from one "
        "scorer; without relations .85, .83 and .75; a line with whole source items held out"
    )
    return [
        _evaluated(
            "Complement pairs",
            asked,
            data,
            shops,
            ("complement-pairs", "--cases", "8000", "--ranked", "300"),
            ("beauty",),
        )
    ]


def knowledge_worth(data: Path, shops: Path | None = None) -> list[Printed]:
    """What the verdicts save."""
    asked = "ours at 0 % not below the verdicts, from 1 % on above purchases alone, verdicts alone and their bare sum"
    examples = ("beauty", "instacart")
    title = "What the knowledge is worth, by size of the shop"
    return [_evaluated(title, asked, data, shops, ("knowledge-worth",), examples)]


def cold_items(data: Path, shops: Path | None = None) -> list[Printed]:
    """Items without a purchase."""
    asked = "HR@10 among the 600 hidden items at least .34, HR@50 among all at least .17"
    return [_evaluated("Cold items", asked, data, shops, ("cold-items", "--seed", "11", "--seeds", "5"), ("beauty",))]


def basket_completion(data: Path, shops: Path | None = None) -> list[Printed]:
    """A line of a basket."""
    asked = "ahead of every tuned baseline with intervals apart"
    command = ("basket-completion", "--seeds", "5")
    return [_evaluated("Basket completion", asked, data, shops, command, ("instacart", "online_retail"))]


def simulation(data: Path, _shops: Path | None = None) -> list[Printed]:
    """The A/B/n experiment on simulated shoppers, and off-policy estimates there and on the Open Bandit data."""
    command = ("simulate", "--weeks", "5", "--shoppers", "4000", "--seed", "7")
    asked = (
        "learned weights beat prior only by at least .04 AUC and are not below counters by more than .005; the A/A arm "
        "is null, complementary recall gains with an interval above zero, a random graph of equal degree does not"
    )
    with tempfile.TemporaryDirectory(prefix="kerec-simulation-") as folder, environment("embedded") as env:
        told = kerec([*command, "--out", folder], {**env, "KEREC_DATA": str(data.absolute())}).output
    shown = told.replace(folder, "simulation")  # where it lies by default
    return [Printed("Simulated shoppers", asked, f"kerec {' '.join(command)}", [("demo catalogue", shown)])]


def _evaluated(
    title: str, asked: str, data: Path, shops: Path | None, command: Sequence[str], examples: Sequence[str]
) -> Printed:
    with _standing(shops) as place:
        outputs = [(example, _printed(example, data, place, command)) for example in examples]
    shown = f"kerec evaluate {' '.join(command)} --config examples/SHOP/kerec.toml"
    return Printed(title, asked, shown, outputs)


def _document(output: str) -> dict[str, Any]:
    """The JSON document of a command, whose last line it is: warnings may stand before it."""
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found


@contextmanager
def _standing(shops: Path | None) -> Iterator[Path]:
    """The folder of the shops, a temporary one where none is given."""
    if shops is not None:
        yield shops
        return
    with tempfile.TemporaryDirectory(prefix="kerec-board-") as folder:
        yield Path(folder)


def _printed(example: str, data: Path, shops: Path, command: Sequence[str]) -> str:
    with environment("embedded") as plain:
        folder, place = Path("examples") / example, shops / example
        config = shop_copy(folder / "kerec.toml", place)
        env = {**plain, "KEREC_DATA": str(data.absolute())}
        if (folder / "prepare.py").exists():
            made = Path(shutil.copy(folder / "prepare.py", place))  # it writes beside itself
            subprocess.run([sys.executable, made], env=env, check=True, stdout=subprocess.DEVNULL)
        return kerec(["evaluate", *command, "--config", str(config)], env).output
