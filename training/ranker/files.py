"""A ranker as files: a folder named by its content, which appears whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from graph.errors import StorageError
from training.ranker.boosting import reloaded
from training.ranker.calibration import Platt
from training.ranker.features import BASE
from training.ranker.knowledge import KNOWLEDGE
from training.ranker.model import RankerModel
from training.ranker.shelf import make_latest
from training.ranker.training import Learned

_BASE, _KNOWLEDGE, _MANIFEST = "base.txt", "knowledge.txt", "manifest.json"
_PREFIX = "lightgbm-"


def save(learned: Learned, folder: Path, made_from: Mapping[str, Any]) -> str:
    """Writes the ranker below `folder`, makes it the latest one and returns its version.

    The version is a hash of what scores; equal rankers have equal versions. Raises StorageError where the disk refuses.
    """
    model = learned.model
    texts = {_BASE: model.base.model_to_string()}
    if model.knowledge is not None:
        texts[_KNOWLEDGE] = model.knowledge.model_to_string()
    scoring = {"base": BASE, "knowledge": KNOWLEDGE, "scaled": asdict(model.scaled)} | {
        "calibrated": asdict(model.calibrated)
    }
    version = _PREFIX + _digest([*texts.values(), json.dumps(scoring, sort_keys=True)])
    manifest = {
        "version": version,
        **scoring,
        "pull": asdict(learned.pull),
        "facts": dict(learned.facts),
        "reliability": [asdict(each) for each in learned.bins],
        "made_from": dict(made_from),
    }
    texts[_MANIFEST] = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
    try:
        _appear(folder / version, texts)
        make_latest(folder, version)
    except OSError as error:
        raise StorageError(f"{folder} cannot be written: {error.strerror or error}") from error
    return version


def read(folder: Path, version: str) -> RankerModel:
    """The ranker of that version; raises StorageError where it is not there, damaged, or made for other features."""
    place = folder / version
    try:
        manifest = json.loads((place / _MANIFEST).read_text())
        texts = {name: (place / name).read_text() for name in (_BASE, _KNOWLEDGE) if (place / name).exists()}
        scaled, calibrated = Platt(**manifest["scaled"]), Platt(**manifest["calibrated"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StorageError(f"the ranker in {place} cannot be read: train it again (kerec train)") from error
    if manifest.get("base") != list(BASE) or manifest.get("knowledge") != list(KNOWLEDGE) or _BASE not in texts:
        raise StorageError(f"the ranker in {place} was made by another kerec: train it again (kerec train)")
    knowledge = reloaded(texts[_KNOWLEDGE]) if _KNOWLEDGE in texts else None
    return RankerModel(reloaded(texts[_BASE]), scaled, knowledge, calibrated)


def _appear(place: Path, texts: Mapping[str, str]) -> None:
    """A folder of files, by one rename; what is there already has the same content."""
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=".part-", dir=place.parent))
    try:
        for name, text in texts.items():
            (part / name).write_text(text)
        os.chmod(part, 0o755)
        os.rename(part, place)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _digest(texts: list[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
