"""What identifies an event that came without an id: a hash of its fields.

The fields are type, item, user, basket, at, order, price, position and request, in this order, each written as
`LENGTH:TEXT` (code points) or `-` where it is missing; numbers in decimal, times in epoch milliseconds.
"""

from __future__ import annotations

from hashlib import blake2b

import polars as pl

from graph.records import Event
from services.catalog.text import float_text, floats_text

HASHED = ("type", "item", "user", "basket", "at", "order", "price", "position", "request")
PREFIX = "h:"
_MISSING = "-"
_SIZE = 16


def event_hash(event: Event) -> str:
    """Return the id of an event from its other fields: `h:` and 32 hexadecimal digits."""
    return _digest("".join(_field(getattr(event, name)) for name in HASHED))


def event_hashes(events: pl.DataFrame) -> pl.Series:
    """Return the same id for every row of a frame with the columns of EVENT_SCHEMA."""
    prices = floats_text(events["price"])
    texts = events.select(*(pl.col(name).cast(pl.String) for name in HASHED if name != "price"), price=prices)
    joined = texts.select(pl.concat_str(_column(name) for name in HASHED)).to_series()
    return pl.Series("id", [_digest(text) for text in joined], dtype=pl.String)


def _field(value: str | float | None) -> str:
    text = float_text(value) if isinstance(value, float) else value
    return _MISSING if text is None else f"{len(str(text))}:{text}"


def _column(name: str) -> pl.Expr:
    text = pl.col(name)
    return pl.concat_str(text.str.len_chars(), pl.lit(":"), text).fill_null(_MISSING)


def _digest(text: str) -> str:
    return PREFIX + blake2b(text.encode("utf-8", errors="surrogatepass"), digest_size=_SIZE).hexdigest()
