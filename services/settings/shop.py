"""The whole of `kerec.toml`."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from services.settings.graph import GraphSettings
from services.settings.judge import JudgeSettings
from services.settings.section import Section
from services.settings.tables import Clock, DictionaryTable, EventTable, ItemTable, RelationTable
from services.settings.text import TextSettings
from services.settings.tuning import InterestSettings, LoadSettings, RecallSettings, WeightSettings


def _repeated(tables: Any) -> Any:
    if isinstance(tables, dict):
        raise ValueError("write the table's name in two brackets, [[events]]: it may repeat")  # noqa: TRY004  pydantic reports no TypeError
    return tables


class ShopIdentity(Section):
    """`[shop]`: the id under which the graph knows this shop."""

    id: Annotated[str, Field(min_length=1, coerce_numbers_to_str=True)]


class ShopSettings(Section):
    """A shop's settings; `graph` is None for the embedded server."""

    shop: ShopIdentity
    graph: GraphSettings | None = None
    items: ItemTable
    events: Annotated[tuple[EventTable, ...], BeforeValidator(_repeated)] = ()
    dictionary: DictionaryTable | None = None
    judge: JudgeSettings | None = None
    relations: RelationTable | None = None
    load: LoadSettings = LoadSettings()
    recall: RecallSettings = RecallSettings()
    interests: InterestSettings = InterestSettings()
    weights: WeightSettings = WeightSettings()
    text: TextSettings = TextSettings()

    @property
    def clock(self) -> Clock:
        """What orders the shop's events: a time, a position, or nothing."""
        return self.events[0].clock if self.events else "none"

    @model_validator(mode="after")
    def _agreement(self) -> Self:
        clocks = sorted({table.clock for table in self.events})
        if len(clocks) > 1:
            raise ValueError(
                f"all [[events]] must agree on mapping 'time', 'order' or neither, but they use {' and '.join(clocks)}"
            )
        if self.judge is not None and self.judge.name == "recorded" and self.dictionary is None:
            raise ValueError("[judge] needs [dictionary]: verdicts are about its entities")
        return self
