"""A tiny shop, whole and good: what every case begins with."""

from __future__ import annotations

from pathlib import Path

SHOP = "tiny"

TOML = """\
[shop]
id = "tiny"

[items]
path = "items.csv"
columns = { id = "id", title = "title", category = "category", price = "price", created_at = "created_at" }

[[events]]
path = "events.csv"
columns = { id = "event", user = "user", item = "item", time = "time" }
type = "purchase"

[dictionary]
path = "entities.csv"
columns = { id = "id", name = "name", aliases = "aliases", categories = "categories" }

[judge]
name = "recorded"
path = "verdicts.csv"
columns = { head = "head", tail = "tail", label = "label", strength = "strength", reason = "reason" }
unlisted = "unrelated"
"""

ITEMS = """\
id,title,category,price,created_at
i1,Two person tent,Camping > Tents,99.00,2026-01-01T00:00:00Z
i2,Family tent with porch,Camping > Tents,199.00,2026-01-01T00:00:00Z
i3,Foam sleeping mat,Camping > Mats,19.00,2026-01-01T00:00:00Z
i4,Inflatable sleeping mat,Camping > Mats,39.00,2026-01-01T00:00:00Z
i5,Gas stove,Camping > Stoves,29.00,2026-01-01T00:00:00Z
i6,Gas cartridge 450 g,Camping > Gas,8.00,2026-01-01T00:00:00Z
i7,Headlamp,Camping > Lamps,15.00,2026-01-01T00:00:00Z
i8,Lantern,Camping > Lamps,25.00,2026-01-01T00:00:00Z
"""

ENTITIES = """\
id,name,aliases,categories
tent,Tent,tents,Camping > Tents
mat,Sleeping mat,sleeping mats|camping mat,Camping > Mats
stove,Gas stove,camping stove,Camping > Stoves
gas,Gas cartridge,cartridge,Camping > Gas
lamp,Lamp,headlamp|lantern,Camping > Lamps
"""

VERDICTS = """\
head,tail,label,strength,reason
tent,mat,complement,3,Whoever sleeps in a tent lies on something.
tent,lamp,complement,2,It is dark in a tent.
stove,gas,complement,3,A stove burns gas.
gas,stove,complement,1,Gas is burnt in a stove.
mat,tent,complement,1,A mat lies in a tent.
lamp,gas,unrelated,0,They only share a shelf.
"""

_BASKETS = {"u1": "i1 i3 i7", "u2": "i2 i4", "u3": "i5 i6 i6", "u4": "i1 i4 i8", "u5": "i5 i6 i1", "u6": "i2 i3 i7"}


def events() -> str:
    """Purchases of the six users, one a day."""
    rows = [
        f"{user}-{day},{user},{item},2026-02-{day:02d}T12:00:00Z"
        for user, items in _BASKETS.items()
        for day, item in enumerate(items.split(), 1)
    ]
    return "\n".join(["event,user,item,time", *rows]) + "\n"


def write_tiny_shop(folder: Path) -> Path:
    """Write the shop's five files into a new folder; returns the folder."""
    folder.mkdir(parents=True)
    contents = {"kerec.toml": TOML, "items.csv": ITEMS, "entities.csv": ENTITIES, "verdicts.csv": VERDICTS}
    for name, text in {**contents, "events.csv": events()}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
