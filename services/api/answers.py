"""Answers: a model's JSON bytes, written once and not checked again."""

from __future__ import annotations

from typing import cast

from flask import Response, current_app
from pydantic import BaseModel

from services.api.ports import ApiParts

PARTS = "kerec"


def answer(body: BaseModel, status: int = 200) -> Response:
    """The model as JSON; fields that were never set are left out."""
    content = body.__pydantic_serializer__.to_json(body, exclude_unset=True)
    return Response(content, status, content_type="application/json")


def current_parts() -> ApiParts:
    """What the running application was given."""
    return cast("ApiParts", current_app.extensions[PARTS])
