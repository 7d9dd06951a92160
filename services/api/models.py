"""What requests are made of: parameters, bodies, ids."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

Id = Annotated[str, StringConstraints(min_length=1)]


class Parameters(BaseModel):
    """Parameters of a path or a query; unknown ones are ignored."""

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # flask-openapi3 asks for it on every request; making it takes longer than the rest of the request
        return _schema(super().model_json_schema, args, tuple(kwargs.items()))


class Body(BaseModel):
    """A JSON object whose unknown keys are refused by name, with the nearest known one."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, sent: Any) -> Any:
        unknown = next((key for key in sent if key not in cls.model_fields), None) if isinstance(sent, dict) else None
        if unknown is None:
            return sent
        nearest = get_close_matches(unknown, cls.model_fields, 1)
        advice = f"did you mean {nearest[0]!r}?" if nearest else f"known are {', '.join(cls.model_fields)}"
        raise PydanticCustomError(
            "unknown_key", "Unknown key {key}; {advice}", {"key": repr(unknown), "advice": advice}
        )


class UserPath(Parameters):
    """A user in the path."""

    id: Id = Field(description="The user's id, percent-encoded.", json_schema_extra={"example": "u1"})


class ItemPath(Parameters):
    """An item in the path."""

    id: Id = Field(description="The item's id, percent-encoded.", json_schema_extra={"example": "i1"})


class ListQuery(Parameters):
    """How long a list may be."""

    k: int = Field(20, ge=1, le=100, description="At most so many items.", json_schema_extra={"example": 20})


@cache
def _schema(
    make: Callable[..., dict[str, Any]], args: tuple[Any, ...], named: tuple[tuple[str, Any], ...]
) -> dict[str, Any]:
    return make(*args, **dict(named))
