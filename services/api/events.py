"""Events over HTTP: each judged by itself, acknowledged only once it is in the journal."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from services.api.answers import answer, current_parts
from services.api.intake import take
from services.api.problems import documented
from services.api.sent import Accepted, SentEvents

blueprint = APIBlueprint(
    "events",
    __name__,
    url_prefix="/v1",
    abp_tags=[Tag(name="events", description="Purchases, clicks and exposures, as feedback.")],
    abp_responses=documented(400, 401, 413, 415, 422, 500, 503),
)


@blueprint.post("/events", responses={202: Accepted})
def post_events(body: SentEvents) -> Response:
    """Take events; needs the journal only, so it answers while the graph server is away."""
    parts = current_parts()
    outcome = take(body.events, parts.events)
    parts.metrics.count_events(outcome.accepted, outcome.duplicate, len(outcome.rejected))
    return answer(outcome, 202)
