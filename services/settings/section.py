"""What every table of `kerec.toml` has in common."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.settings.suggestion import suggestion

Name = Annotated[str, Field(min_length=1)]


class Section(BaseModel):
    """A frozen table whose unknown keys are errors that name the nearest known one."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:
        if isinstance(data, dict):
            for key in data:
                if key not in cls.model_fields:
                    raise ValueError(f"unknown key '{key}', {suggestion(str(key), cls.model_fields)}")
        return data


class Columns(Section):
    """Which column of the user's file holds which field."""

    def mapping(self) -> dict[str, str]:
        """Return field → column for the fields that are mapped."""
        return {field: column for field, column in self if column is not None}
