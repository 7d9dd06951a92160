"""The application factory of the HTTP API."""

from __future__ import annotations

from dataclasses import dataclass

from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI

from services.api import access, bodies, events, explanations, keys, probes, problems, recommendations, users
from services.api.answers import PARTS
from services.api.paths import EncodedPaths, IdConverter
from services.api.ports import ApiParts

BLUEPRINTS = (
    recommendations.blueprint,
    explanations.blueprint,
    events.blueprint,
    users.blueprint,
    probes.blueprint,
)
INFO = Info(
    title="kerec",
    version="1.0.0",
    description="Complementary recommendations, each with its reason. Ids may hold any character, percent-encoded.",
)


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """How the API behaves: the keys it demands (none: open), and whether it checks its own answers (for tests)."""

    keys: tuple[str, ...] = ()
    validate_responses: bool = False


def create_app(parts: ApiParts, settings: ApiSettings | None = None) -> OpenAPI:
    """The WSGI application over the given parts; holds no other state."""
    settings = settings or ApiSettings()
    app = _described(settings)
    app.extensions[PARTS] = parts
    app.url_map.merge_slashes = False
    app.url_map.converters["id"] = IdConverter
    access.init_app(app, parts.metrics)
    keys.init_app(app, settings.keys)
    bodies.init_app(app)
    problems.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_api(blueprint)
    app.wsgi_app = EncodedPaths(app.wsgi_app)  # type: ignore[method-assign]  # as Flask documents it
    return app


def _described(settings: ApiSettings) -> OpenAPI:
    return OpenAPI(
        __name__,
        info=INFO,
        security_schemes={"key": {"type": "http", "scheme": "bearer"}},
        openapi_extensions={"security": [{"key": []}]} if settings.keys else {},
        doc_ui=False,
        # each operation documents its own 422; where one has no such status, flask-openapi3 adds it, in a format of
        # its own, unless told to look for a status that all of them document
        validation_error_status=500,
        validation_error_model=problems.Problem,
        validation_error_callback=problems.refuse,
        validate_response=settings.validate_responses,
        static_folder=None,
    )
