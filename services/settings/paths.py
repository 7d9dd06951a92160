"""Paths of the user's files as they stand in `kerec.toml`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo

EXTENSIONS = (".csv", ".tsv", ".jsonl", ".parquet")
_VARIABLE = re.compile(r"\$\{([^}]*)\}")


def expand(text: str, folder: Path, environ: Mapping[str, str]) -> Path:
    """Fill `${NAME}` from the environment and start a relative path at `folder`.

    Raises ValueError where a variable is not set.
    """

    def value(match: re.Match[str]) -> str:
        found = environ.get(match[1], "")
        if not found:
            raise ValueError(f"the environment variable {match[1]} is not set; set it, as in: export {match[1]}=…")
        return found

    return folder / _VARIABLE.sub(value, text)


def _input_file(value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, Path):
        return value
    if not isinstance(value, str) or not value:
        raise ValueError("should be the path of a file, in quotes")
    context = info.context or {}
    path = expand(value, context.get("folder", Path()), context.get("environ", os.environ))
    if path.suffix.lower() not in EXTENSIONS:
        raise ValueError(f"'{path.name}' is of no known format; use {', '.join(EXTENSIONS[:-1])} or {EXTENSIONS[-1]}")
    return path


InputFile = Annotated[Path, BeforeValidator(_input_file)]
