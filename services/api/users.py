"""A person's right to be forgotten."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from services.api.answers import current_parts
from services.api.models import UserPath
from services.api.problems import documented

blueprint = APIBlueprint(
    "users",
    __name__,
    url_prefix="/v1",
    abp_tags=[Tag(name="users", description="People.")],
    abp_responses=documented(400, 401, 404, 422, 500, 503),
)


@blueprint.delete("/users/<id:id>", responses={204: None})
def forget(path: UserPath) -> Response:
    """Remove a user from journal, graph and features."""
    current_parts().forgetter.forget(path.id)
    return Response(status=204)
