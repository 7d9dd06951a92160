"""What orchestrators, monitors and tools read: health, metrics, and the API's own description."""

from __future__ import annotations

from typing import cast

from flask import Response, current_app
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from flask_openapi3.openapi import OpenAPI
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, ConfigDict
from pydantic_core import to_json
from werkzeug.exceptions import ServiceUnavailable

from graph.errors import KerecError
from services.api.answers import answer, current_parts
from services.api.problems import RETRY_SECONDS, documented

blueprint = APIBlueprint(
    "probes",
    __name__,
    abp_tags=[Tag(name="operations", description="Health, metrics, and this document.")],
    abp_responses=documented(500),
)


class Status(BaseModel):
    """A probe's answer."""

    model_config = ConfigDict(json_schema_extra={"example": {"status": "ok"}})

    status: str


@blueprint.get("/healthz", responses={200: Status}, openapi_extensions={"security": []})
def healthz() -> Response:
    """The process is alive; says nothing about the graph server."""
    return answer(Status(status="ok"))


@blueprint.get("/readyz", responses={200: Status, **documented(503)}, openapi_extensions={"security": []})
def readyz() -> Response:
    """Requests can be answered now; 503 says why not."""
    try:
        current_parts().health.check()
    except KerecError as error:
        raise ServiceUnavailable(str(error), retry_after=RETRY_SECONDS) from None
    return answer(Status(status="ready"))


@blueprint.get(
    "/metrics",
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **documented(401)},
)
def metrics() -> Response:
    """Requests, latencies, recall and events, for Prometheus."""
    return Response(current_parts().metrics.exposition(), content_type=CONTENT_TYPE_LATEST)


@blueprint.get(
    "/openapi.json",
    responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}}},
    openapi_extensions={"security": []},
    validate_response=False,  # there is no model of it
)
def openapi() -> Response:
    """This document."""
    return Response(to_json(cast("OpenAPI", current_app).api_doc), content_type="application/json")
