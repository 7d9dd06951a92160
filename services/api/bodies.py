"""Request bodies: JSON only, at most MAX_BYTES, read and refused before a view sees them."""

from __future__ import annotations

from typing import Any, NoReturn

from flask import Flask, Request, request
from flask.json.provider import JSONProvider
from gunicorn.http.errors import ParseException
from pydantic_core import from_json, to_json
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

MAX_BYTES = 1 << 20


class StrictJson(JSONProvider):
    """JSON as RFC 8259 has it: no NaN, no lone surrogates, no nesting that exhausts the stack."""

    def dumps(self, obj: Any, **_: Any) -> str:
        return to_json(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return from_json(s, allow_inf_nan=False)


class ApiRequest(Request):
    """A request whose unreadable body says why."""

    def on_json_loading_failed(self, e: ValueError | None) -> NoReturn:
        if e is None:
            raise UnsupportedMediaType("Send the body as JSON, with Content-Type: application/json.")
        raise BadRequest(f"The body is not JSON: {e}.")


def init_app(app: Flask) -> None:
    """Have every POST's body read and parsed before its view; raises 400, 413 or 415."""
    app.request_class = ApiRequest
    app.json = StrictJson(app)
    # one more: werkzeug cuts a chunked body at the limit without a word, which the byte too many gives away
    app.config["MAX_CONTENT_LENGTH"] = MAX_BYTES + 1
    app.before_request(_read_body)


def _read_body() -> None:
    if request.method != "POST" or request.url_rule is None:
        return
    if request.content_encoding:
        raise UnsupportedMediaType("Send the body as it is: no Content-Encoding is understood.")
    try:
        size = len(request.get_data())
    except (ParseException, OSError) as error:
        raise BadRequest(f"The body could not be read: {error}") from None
    if size > MAX_BYTES:
        raise RequestEntityTooLarge
    request.get_json()
