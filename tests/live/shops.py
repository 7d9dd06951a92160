"""A small shop made by hand: what is known of it can be counted on fingers."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from services.shop import Shop

Variant = Literal["time", "order", "baskets"]
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SLASHED_USER = "u/9"
SLASHED_ITEM = "mug/2"

ENTITIES = {
    "tent": "Tent",
    "mat": "Sleeping mat",
    "bag": "Sleeping bag",
    "stove": "Camping stove",
    "gas": "Gas canister",
    "pot": "Cooking pot",
    "lantern": "Lantern",
    "kettle": "Kettle",
    "tea": "Green tea",
    "mug": "Mug",
}
# item: (entity, title); the last one names nothing that the dictionary knows
ITEMS = {
    "tent1": ("tent", "Norrvik Tent 2 Person, green"),
    "tent2": ("tent", "Ulvar dome tent with vestibule"),
    "mat1": ("mat", "Norrvik Sleeping Mat 5 cm"),
    "mat2": ("mat", "Foldable sleeping mat, grey"),
    "bag1": ("bag", "Ulvar Sleeping Bag -5 C"),
    "bag2": ("bag", "Summer sleeping bag"),
    "stove1": ("stove", "Pyrra Camping Stove"),
    "stove2": ("stove", "Two-burner camping stove"),
    "gas1": ("gas", "Pyrra Gas Canister 230 g"),
    "gas2": ("gas", "Gas canister 450 g"),
    "pot1": ("pot", "Cooking Pot 1.5 l, steel"),
    "pot2": ("pot", "Enamel cooking pot"),
    "lantern1": ("lantern", "LED Lantern"),
    "kettle1": ("kettle", "Whistling Kettle 1 l"),
    "kettle2": ("kettle", "Copper kettle"),
    "tea1": ("tea", "Green Tea, 100 g"),
    "tea2": ("tea", "Organic green tea"),
    "mug1": ("mug", "Enamel Mug blue"),
    SLASHED_ITEM: ("mug", "Stoneware mug"),
    "voucher": (None, "Voucher 25"),
}
# user: what was bought, in order
BOUGHT = {
    "u1": ("tent1", "mat1", "stove1"),
    "u2": ("tent2", "mat2", "bag1"),
    "u3": ("tent1", "gas1"),
    "u4": ("stove1", "gas1", "pot1"),
    "u5": ("kettle1", "tea1", "mug1"),
    "u6": ("tea1", SLASHED_ITEM, "tea2", "tea1"),
    "u7": ("mat1", "tent1"),
    "u8": ("lantern1", "voucher"),
    SLASHED_USER: ("stove2", "gas2"),
}
LOOKED = (("u1", "pot1", "exposure"), ("u1", "pot1", "click"), ("u8", "tent1", "click"), ("u8", "tent1", "click"))
# (head, tail): (label, strength, reason)
VERDICTS = {
    ("tent", "mat"): ("complement", 3, "Whoever sleeps in a tent needs something to lie on."),
    ("tent", "bag"): ("complement", 2, "Nights in a tent are cold."),
    ("mat", "bag"): ("complement", 1, "Both make a bed."),
    ("stove", "gas"): ("complement", 3, "The stove burns gas."),
    ("stove", "pot"): ("complement", 2, "One cooks in a pot."),
    ("kettle", "tea"): ("complement", 2, "Tea needs hot water."),
    ("tea", "mug"): ("complement", 2, "Tea is drunk from a mug."),
    ("pot", "kettle"): ("substitute", 1, "Either boils water."),
    ("tent", "tea"): ("unrelated", None, "Nothing links them."),
}
PRIORS = {None: 0.70, 1: 0.75, 2: 0.85, 3: 0.95}

_EVENTS = {
    "time": 'columns = { id = "event", user = "user", item = "item", type = "type", time = "at" }',
    "order": 'columns = { user = "user", item = "item", type = "type", order = "pos" }',
    "baskets": 'columns = { basket = "user", item = "item" }\ntype = "purchase"',
}


@dataclass(slots=True)
class SmallShop:
    """The shop's tables, to be changed at will and written to `folder`."""

    folder: Path
    variant: Variant = "time"
    items: dict[str, tuple[str | None, str]] = field(default_factory=lambda: dict(ITEMS))
    entities: dict[str, str] = field(default_factory=lambda: dict(ENTITIES))
    bought: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(BOUGHT))
    verdicts: dict[tuple[str, str], tuple[str, int | None, str]] = field(default_factory=lambda: dict(VERDICTS))
    id: str = "test"
    graph: str = ""

    def write(self) -> Path:
        """Writes all files and returns the path of kerec.toml."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._table("items.csv", ("id", "title"), [(item, title) for item, (_, title) in self.items.items()])
        self._table("entities.csv", ("id", "name"), list(self.entities.items()))
        self._table(
            "verdicts.csv",
            ("head", "tail", "label", "strength", "reason"),
            [(head, tail, *rest) for (head, tail), rest in self.verdicts.items()],
        )
        self._table("events.csv", ("event", "user", "item", "type", "at", "pos"), self.events())
        path = self.folder / "kerec.toml"
        path.write_text(self._toml())
        return path

    def open(self) -> Shop:
        """The written shop, its settings free of this machine's environment."""
        return Shop.open(self.write(), environ={})

    def events(self) -> list[tuple[object, ...]]:
        """Rows event, user, item, type, at, pos: a purchase a day, all users on the same days."""
        rows: list[tuple[object, ...]] = [
            (f"{user}:{place}", user, item, "purchase", _day(place), place)
            for user, items in self.bought.items()
            for place, item in enumerate(items)
        ]
        if self.variant != "baskets":
            rows += [
                (f"look:{number}", user, item, kind, _day(number), 100 + number)
                for number, (user, item, kind) in enumerate(LOOKED)
            ]
        return rows

    def _table(self, name: str, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
        with (self.folder / name).open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)

    def _toml(self) -> str:
        return f"""
[shop]
id = "{self.id}"
{self.graph}
[items]
path = "items.csv"
columns = {{ id = "id", title = "title" }}
[[events]]
path = "events.csv"
{_EVENTS[self.variant]}
[dictionary]
path = "entities.csv"
columns = {{ id = "id", name = "name" }}
[judge]
name = "recorded"
path = "verdicts.csv"
columns = {{ head = "head", tail = "tail", label = "label", strength = "strength", reason = "reason" }}
unlisted = "unrelated"
[load]
max_bad_share = 0.5
"""


def _day(number: int) -> str:
    return (START + timedelta(days=number)).isoformat()
