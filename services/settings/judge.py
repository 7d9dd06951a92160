"""The `[judge]` table: who says whether a pair of entities is complementary."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from services.settings.paths import InputFile
from services.settings.section import Columns, Name, Section
from services.settings.suggestion import suggestion

JudgeName = Literal["recorded", "claude"]
_AVAILABLE = ("recorded", "claude")
_LATER = ("openai-compatible", "student")


def _available(name: Any) -> Any:
    if name in _LATER:
        raise ValueError(f"the judge '{name}' is not available yet; use 'recorded' or 'claude'")
    if isinstance(name, str) and name not in _AVAILABLE:
        raise ValueError(f"unknown judge '{name}', {suggestion(name, _AVAILABLE)}")
    return name


class VerdictColumns(Columns):
    """Columns of a file of verdicts."""

    head: Name
    tail: Name
    label: Name
    strength: Name | None = None
    reason: Name | None = None


class JudgeSettings(Section):
    """Who judges, and within which budget.

    `recorded` reads `path` and `columns`; with `unlisted = "unrelated"` every pair of the dictionary that the file does
    not list counts as rejected. `claude` uses `model` and spends at most `budget` (in `currency`), nothing without one.
    """

    name: Annotated[JudgeName, BeforeValidator(_available)]
    path: InputFile | None = None
    columns: VerdictColumns | None = None
    unlisted: Literal["unknown", "unrelated"] = "unknown"
    model: Name | None = None
    budget: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    currency: Name = "USD"
    base_url: Name | None = None

    @model_validator(mode="after")
    def _file_of_verdicts(self) -> Self:
        if self.name == "recorded" and (self.path is None or self.columns is None):
            raise ValueError('name = "recorded" needs path and columns, the file of verdicts')
        return self
