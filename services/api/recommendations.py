"""Lists for users, baskets and items."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import ConfigDict, Field

from services.api.answers import answer, current_parts
from services.api.lists import BasketList, ItemList, UserList, basket_list, item_list, user_list
from services.api.models import Body, Id, ItemPath, ListQuery, UserPath
from services.api.problems import documented

MAX_BASKET = 1_000
MAX_EXCLUDED = 10_000

blueprint = APIBlueprint(
    "recommendations",
    __name__,
    url_prefix="/v1",
    abp_tags=[Tag(name="recommendations", description="Ranked lists, each item with its reason.")],
    abp_responses=documented(400, 401, 422, 500, 503),
)


class Basket(Body):
    """What lies in a basket, and how many items to put beside it."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": ["i1", "i3"], "k": 20, "exclude": ["i8"]}})

    items: list[Id] = Field(max_length=MAX_BASKET, description="Item ids, oldest first; unknown ones are ignored.")
    k: int = Field(20, ge=1, le=100, description="At most so many items.")
    exclude: list[Id] = Field([], max_length=MAX_EXCLUDED, description="Items never to recommend.")


@blueprint.get("/users/<id:id>/recommendations", responses={200: UserList})
def for_user(path: UserPath, query: ListQuery) -> Response:
    """Items for a user; the popular ones, with known = false, for an unknown user."""
    return answer(user_list(path.id, current_parts().recommender.for_user(path.id, query.k)))


@blueprint.post("/baskets/recommendations", responses={200: BasketList, **documented(413, 415)})
def for_basket(body: Basket) -> Response:
    """Items beside a basket; the popular ones, with known = false, for an empty basket."""
    return answer(basket_list(current_parts().recommender.for_basket(body.items, body.k, body.exclude)))


@blueprint.get("/items/<id:id>/complements", responses={200: ItemList, **documented(404)})
def complements(path: ItemPath, query: ListQuery) -> Response:
    """Items that go with this one."""
    return answer(item_list(current_parts().recommender.complements(path.id, query.k)))


@blueprint.get("/items/<id:id>/substitutes", responses={200: ItemList, **documented(404)})
def substitutes(path: ItemPath, query: ListQuery) -> Response:
    """Items that can replace this one."""
    return answer(item_list(current_parts().recommender.substitutes(path.id, query.k)))
