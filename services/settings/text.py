"""The `[text]` table: which model reads titles."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo

from services.settings.paths import expand
from services.settings.section import Section

OFF = "none"
_PATH_STARTS = (".", "/", "~", "${")


def _model(value: Any, info: ValidationInfo) -> Any:
    """A folder as a path from the toml, anything else as it stands."""
    if isinstance(value, Path):
        return value
    if not isinstance(value, str) or not value:
        raise ValueError(f'should be "minilm", "{OFF}", a folder or the name of a sentence-transformers model')
    context = info.context or {}
    if value.startswith(_PATH_STARTS):
        return expand(str(Path(value).expanduser()), context.get("folder", Path()), context.get("environ", os.environ))
    return value


class TextSettings(Section):
    """`model`: `minilm` (of the extra `minilm`), a folder (`./model`), a name on the model hub, or `none`."""

    model: Annotated[str | Path, BeforeValidator(_model)] = OFF
