"""Reading `kerec.toml`."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from graph.errors import SettingsError
from services.settings.graph import ENVIRONMENT, graph_table
from services.settings.shop import ShopSettings


def load_settings(path: Path, environ: Mapping[str, str] | None = None) -> ShopSettings:
    """Read and check a shop's `kerec.toml`; `environ` defaults to the process's environment.

    Raises SettingsError with one line: which file, which key, what is wrong.
    """
    env = os.environ if environ is None else environ
    document = _document(path)
    try:
        graph = graph_table(document.get("graph"), env)
    except ValidationError as error:
        raise SettingsError(_line(path, error, env, ("graph",))) from None
    context = {"folder": path.absolute().parent, "environ": env}
    try:
        return ShopSettings.model_validate(document | {"graph": graph}, context=context)
    except ValidationError as error:
        raise SettingsError(_line(path, error, env)) from None


def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(
            f"{path} does not exist: run the command in the shop's folder, or give --config PATH"
        ) from None
    except IsADirectoryError:
        raise SettingsError(f"{path} is a folder: give the file in it, --config {path / 'kerec.toml'}") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8: save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from None


def _line(path: Path, error: ValidationError, environ: Mapping[str, str], inside: tuple[str, ...] = ()) -> str:
    details = error.errors(include_url=False)
    more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    loc = (*inside, *details[0]["loc"])
    what = f"{_what(details[0], loc)}{more}"
    if loc[0:1] == ("graph",) and (variable := ENVIRONMENT.get(str(loc[-1]))) and environ.get(variable):
        return f"the environment variable {variable}: {what}"
    return f"{path}: {_key(loc)}: {what}" if loc else f"{path}: {what}"


def _key(loc: tuple[int | str, ...]) -> str:
    text = ""
    for part in loc:
        text += f" #{part + 1}" if isinstance(part, int) else f".{part}" if text else part
    return text


def _what(detail: ErrorDetails, loc: tuple[int | str, ...]) -> str:
    if detail["type"] == "missing":
        hint = f" (or set {ENVIRONMENT['uri']})" if loc == ("graph", "uri") else ""
        return f"this key is missing{hint}"
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    if detail["type"] in ("model_type", "model_attributes_type"):
        return "should be a table of keys"
    return f"{_lower(detail['msg'])}, not {_shown(detail['input'])}"


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
