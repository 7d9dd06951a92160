"""Ids in paths: any character, percent-encoded, a slash included."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, unquote_to_bytes

from werkzeug.exceptions import BadRequest
from werkzeug.routing import BaseConverter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class EncodedPaths:
    """Routes on the path as it was sent, each segment in its one canonical percent-encoding.

    WSGI servers decode PATH_INFO, after which the slash of an id and the slash between segments look the same.
    The raw request target (gunicorn and werkzeug hand it on) still tells them apart.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["PATH_INFO"] = _without_mount(_sent_path(environ), environ.get("SCRIPT_NAME", ""))
        return self._app(environ, start_response)


class IdConverter(BaseConverter):
    """One path segment that is an id; raises BadRequest where its bytes are not UTF-8."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        try:
            return unquote(value, errors="strict")
        except UnicodeDecodeError:
            raise BadRequest("An id in the path is not percent-encoded UTF-8.") from None

    def to_url(self, value: str) -> str:
        return quote(value, safe="")


def canonical(path: str) -> str:
    """A path with every segment decoded and encoded again, so that equal paths are equal text."""
    return "/".join(quote(unquote_to_bytes(segment), safe="") for segment in path.split("/"))


def _sent_path(environ: WSGIEnvironment) -> str:
    target = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if target is None:  # another server: ids with a slash cannot be told apart there, all others can
        return quote(environ.get("PATH_INFO", "").encode("latin-1"))
    path = target.partition("#")[0].partition("?")[0]
    if not path.startswith("/"):  # absolute form, http://host/path
        path = "/" + path.partition("://")[2].partition("/")[2]
    return canonical(path)


def _without_mount(path: str, mount: str) -> str:
    return path.removeprefix(quote(mount.encode("latin-1"))) if mount else path
