"""Why two items, or two entities, belong together."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from services.api.answers import answer, current_parts
from services.api.models import Id, Parameters
from services.api.problems import documented
from services.recall.port import Explanation

blueprint = APIBlueprint(
    "explanations",
    __name__,
    url_prefix="/v1",
    abp_tags=[Tag(name="explanations", description="The edges of the graph, who judged them and why.")],
    abp_responses=documented(400, 401, 404, 422, 500, 503),
)

_EXAMPLE: dict[str, Any] = {
    "edges": [
        {
            "source": {"id": "tent", "name": "Tent"},
            "target": {"id": "sleeping-mat", "name": "Sleeping mat"},
            "relation": "complements",
            "weight": 0.18,
            "probability": 0.9,
            "reason": "Whoever sleeps in a tent needs something to lie on.",
            "judge": "recorded",
            "release": "3f9a1c20",
        }
    ]
}


class EndsQuery(Parameters):
    """The two ends of the edges that are asked for."""

    source: Id = Field(alias="from", description="An item's id, or entity:ID.", json_schema_extra={"example": "i1"})
    target: Id = Field(alias="to", description="An item's id, or entity:ID.", json_schema_extra={"example": "i2"})


class Edges(BaseModel):
    """The edges between two ends, none where nothing joins them."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    edges: tuple[Explanation, ...]


@blueprint.get("/explanations", responses={200: Edges})
def explain(query: EndsQuery) -> Response:
    """The edges between two items or entities, in either direction."""
    found = current_parts().recommender.explain(query.source, query.target)
    return answer(Edges.model_construct(edges=found))
