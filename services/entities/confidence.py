"""How far a link can be trusted, and from what it was read."""

from __future__ import annotations

from enum import StrEnum


class Source(StrEnum):
    """What a link rests on."""

    BOTH = "title+category"  # the title names the entity and the item's category is one of the entity's own
    TITLE = "title"  # the title names the entity; its categories say nothing or something else
    HEAD = "head+category"  # the title has the head word only, the category completes it
    CATEGORY = "category"  # the title names nothing usable; the category's own entity
    PARENT = "parent-category"  # likewise, from the nearest listed parent of the category


# About the shares of right links by source on half of a labelled beauty catalogue, where the lead was large.
BASE = {Source.BOTH: 0.95, Source.TITLE: 0.9, Source.HEAD: 0.75, Source.CATEGORY: 0.6, Source.PARENT: 0.3}
CLOSE = 0.6  # a lead over the next entity below this is a doubt
DOUBT = 0.25  # taken off where there is no lead at all, in proportion between


def confidence(source: Source, lead: float = CLOSE, rivals: int = 0) -> float:
    """The confidence in (0, 1) of a link that leads the next entity's score by `lead` and shares its category's default
    with `rivals` further entities.
    """
    doubt = DOUBT * (1 - min(max(lead, 0.0), CLOSE) / CLOSE)
    return round((BASE[source] - doubt) / (1 + rivals), 3)
