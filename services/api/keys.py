"""Who may call: `Authorization: Bearer KEY` with one of the server's keys."""

from __future__ import annotations

from collections.abc import Callable
from hmac import compare_digest

from flask import Flask, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

FREE = frozenset({"probes.healthz", "probes.readyz", "probes.openapi"})


def init_app(app: Flask, keys: tuple[str, ...]) -> None:
    """Demand a key on every route but the probes and the OpenAPI document; nothing is demanded without keys."""
    if keys:
        app.before_request(_guard(tuple(key.encode() for key in keys)))


def _guard(keys: tuple[bytes, ...]) -> Callable[[], None]:
    def guard() -> None:
        if request.endpoint in FREE or _opens(_sent_key(), keys):
            return
        raise Unauthorized(
            "Send one of the server's keys as Authorization: Bearer KEY.",
            www_authenticate=WWWAuthenticate("bearer", {"realm": "kerec"}),
        )

    return guard


def _sent_key() -> bytes:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip().encode() if scheme.lower() == "bearer" else b""


def _opens(sent: bytes, keys: tuple[bytes, ...]) -> bool:
    # a list, not a generator: every key is compared, so time tells nothing about which one was near
    return any([compare_digest(sent, key) for key in keys])  # noqa: C419
