"""Text vectors by a sentence-transformers model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from graph.errors import DataError, SettingsError
from training.text import minilm
from training.text.port import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCH = 64
_NEEDED = "[text] needs sentence-transformers: pip install 'kerec[text]', or set model = \"none\""
Source = str | Path


class SentenceEncoder:
    """A model by its name on the model hub or by its folder; it is loaded when the first text is encoded."""

    def __init__(self, version: str, locate: Callable[[], Source]) -> None:
        self.version = version
        self._locate = locate

    @property
    def dimensions(self) -> int:
        return int(self.encode([""]).shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        given = self._model.encode(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(given, dtype=np.float32)

    @cached_property
    def _model(self) -> SentenceTransformer:
        source = self._locate()
        # Imported here: torch takes seconds to load, and the API does without it.
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # of loading: it would stand between ours
        local = isinstance(source, Path)
        try:
            return SentenceTransformer(str(source), local_files_only=local, trust_remote_code=False)
        except (OSError, ValueError) as error:
            raise DataError(f"the text model {str(source)!r} cannot be loaded: {str(error).splitlines()[0]}") from error


def sentence_encoder(model: Source) -> SentenceEncoder:
    """The encoder of `minilm`, of a folder or of a model's name; raises SettingsError naming the extra that is missing,
    DataError for a folder that is none."""
    missing = missing_extra(model)
    if missing:
        raise SettingsError(missing)
    if model == minilm.NAME:
        return SentenceEncoder(f"{minilm.NAME}:{minilm.SHA_256[:16]}", minilm.minilm_folder)
    if isinstance(model, Path):
        return SentenceEncoder(f"folder:{_content(model)}", lambda: model)
    return SentenceEncoder(f"name:{model}", lambda: model)


def missing_extra(model: Source) -> str | None:
    """What to install before the model can be used, None where all is there."""
    if find_spec("sentence_transformers") is None:
        return _NEEDED
    return minilm.missing() if model == minilm.NAME else None


def _content(folder: Path) -> str:
    """16 hex digits over the files of a model."""
    if not (folder / "modules.json").is_file():
        raise DataError(f"{folder} is no folder of a sentence-transformers model: correct model in [text]")
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        whole.update(f"{path.relative_to(folder)} {content}\n".encode())
    return whole.hexdigest()[:16]
