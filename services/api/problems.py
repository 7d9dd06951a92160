"""Errors over HTTP: RFC 9457 problem+json for every 4xx and 5xx."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import NoReturn

import structlog
from flask import Flask, Response, g, request
from flask_openapi3.types import ResponseDict
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound, ServiceUnavailable, UnprocessableEntity

from graph.errors import GraphUnavailableError, KerecError, NotFoundError, StorageError

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5
HANDED_ON = ("Allow", "Retry-After", "WWW-Authenticate")
CRASH = "Something went wrong here. The log says what, under this request_id."
DETAILS = {  # where werkzeug's own words say too little
    404: "No such path; /openapi.json lists those there are.",
    413: "The body is longer than 1 MiB; send less at a time.",
}
LOG = structlog.stdlib.get_logger("kerec.api")


class FieldError(BaseModel):
    """What is wrong with one field of a request."""

    field: str = Field(description="Where: a parameter, or the path into the body.", json_schema_extra={"example": "k"})
    detail: str = Field(json_schema_extra={"example": "Input should be less than or equal to 100"})


class Problem(BaseModel):
    """An error, as RFC 9457 has it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "about:blank",
                "title": "Not Found",
                "status": 404,
                "detail": "No item has the id 'i9'.",
                "instance": "/v1/items/i9/complements",
                "request_id": "5f0c6a3e9b1d4c7f8a2b6d9e0f1a3c5e",
            }
        }
    )

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: list[FieldError] | None = Field(default=None, description="With 422: every field that is wrong.")


class InvalidRequest(UnprocessableEntity):
    """A request that was understood and whose fields are wrong."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("; ".join(f"{error.field}: {error.detail}" for error in errors[:3]))
        self.errors = list(errors)


def init_app(app: Flask) -> None:
    """Answer every error as a problem, and log those that are the server's."""
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(KerecError, _of_kerec)
    app.register_error_handler(Exception, _of_crash)


def refuse(error: ValidationError) -> NoReturn:
    """Turn pydantic's refusal of a request into a 422."""
    raise InvalidRequest(field_errors(error)) from None


def field_errors(error: ValidationError) -> list[FieldError]:
    """Where and what is wrong, without the values that were sent."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [FieldError(field=".".join(map(str, each["loc"])) or "body", detail=each["msg"]) for each in found]


def documented(*statuses: int) -> ResponseDict:
    """OpenAPI responses of these statuses, all of them problems."""
    content = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def problem(status: int, detail: str, instance: str, request_id: str, errors: list[FieldError] | None = None) -> bytes:
    """The JSON bytes of one problem; `errors` is left out where there are none."""
    document = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=instance,
        request_id=request_id,
        errors=errors,
    )
    return document.model_dump_json(exclude_none=True).encode()


def _of_http(error: HTTPException) -> Response:
    status = error.code or 500
    errors = error.errors if isinstance(error, InvalidRequest) else None
    body = problem(status, _detail(error, status), request.path, g.request_id, errors)
    headers = {name: value for name, value in error.get_headers() if name in HANDED_ON}
    return Response(body, status, headers, content_type=MEDIA_TYPE)


def _detail(error: HTTPException, status: int) -> str:
    said = error.description or ""
    return DETAILS.get(status, said) if said == type(error).description else said


def _of_kerec(error: KerecError) -> Response:
    if isinstance(error, NotFoundError):
        return _of_http(NotFound(str(error)))
    LOG.error("failed", kind=type(error).__name__, error=str(error))
    if isinstance(error, GraphUnavailableError | StorageError):
        return _of_http(ServiceUnavailable(str(error), retry_after=RETRY_SECONDS))
    return _of_http(InternalServerError(str(error)))


def _of_crash(error: Exception) -> Response:
    LOG.error("crashed", exc_info=error)
    return _of_http(InternalServerError(CRASH))
