"""A ranker as files: a folder named by its content, which appears whole or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import lightgbm
import polars as pl
import polars.selectors as cs

from graph.atomic import replacing
from graph.errors import StorageError
from training.ranker.boosting import reloaded
from training.ranker.calibration import Platt
from training.ranker.features import BASE
from training.ranker.model import RankerModel
from training.ranker.record import write_record
from training.ranker.shelf import AGAIN, EVIDENCE_FILE, MANIFEST_FILE, has_evidence, make_latest
from training.ranker.training import Learned
from training.ranker.triples import KNOWLEDGE

_BASE, _KNOWLEDGE = "base.txt", "knowledge.txt"
_SCORING = ("base", "knowledge", "scaled", "calibrated", "evidence")  # of the manifest: what the version is a hash of
_PREFIX = "lightgbm-"


def save(learned: Learned, folder: Path, made_from: Mapping[str, Any]) -> str:
    """Writes the ranker below `folder`, makes it the latest one where it is better than evidence alone, and returns its
    version.

    The version is a hash of what scores and of the evidence that it reads; equal rankers have equal versions. Raises
    StorageError where the disk refuses.
    """
    model = learned.model
    texts = {_BASE: model.base.model_to_string()}
    if model.knowledge is not None:
        texts[_KNOWLEDGE] = model.knowledge.model_to_string()
    manifest = {
        "base": BASE,
        "knowledge": KNOWLEDGE,
        "scaled": asdict(model.scaled),
        "calibrated": asdict(model.calibrated),
        "evidence": _frame_digest(learned.evidence),
        "pull": asdict(learned.pull),
        "facts": dict(learned.facts),
        "reliability": [asdict(each) for each in learned.held_out.bins],
        "made_from": dict(made_from),
    }
    version = _version(texts, manifest)
    texts[MANIFEST_FILE] = json.dumps({"version": version, **manifest}, indent=2, sort_keys=True) + "\n"
    if not has_evidence(folder, version):
        _write(folder / version, texts, learned)
    if learned.held_out.better:
        make_latest(folder, version)
    return version


def read(folder: Path, version: str) -> RankerModel:
    """The ranker of that version; raises StorageError where it is not there, damaged, or made for other features."""
    place = folder / version
    try:
        manifest = json.loads((place / MANIFEST_FILE).read_text())
        texts = {name: (place / name).read_text() for name in (_BASE, _KNOWLEDGE) if (place / name).exists()}
        if (manifest["base"], manifest["knowledge"]) != (list(BASE), list(KNOWLEDGE)):
            raise StorageError(f"the ranker in {place} was made by another kerec: {AGAIN}")
        # A booster cut short may end the process that reads it: what is damaged must not reach the library.
        if _version(texts, manifest) != version:
            raise StorageError(f"the ranker in {place} is damaged: {AGAIN}")
        boosters = {name: reloaded(text) for name, text in texts.items()}
        scaled, calibrated = Platt(**manifest["scaled"]), Platt(**manifest["calibrated"])
    except (OSError, ValueError, KeyError, TypeError, lightgbm.basic.LightGBMError) as error:
        raise StorageError(f"the ranker in {place} cannot be read: {AGAIN}") from error
    return RankerModel(boosters[_BASE], scaled, boosters.get(_KNOWLEDGE), calibrated)


def _write(place: Path, texts: Mapping[str, str], learned: Learned) -> None:
    shutil.rmtree(place, ignore_errors=True)  # of the same version, but somebody took its evidence away
    with replacing(place) as part:
        part.mkdir()
        learned.evidence.write_parquet(part / EVIDENCE_FILE)
        for name, text in texts.items():
            (part / name).write_text(text)
        write_record(learned, part)


def _version(texts: Mapping[str, str], manifest: Mapping[str, Any]) -> str:
    scoring = json.dumps({name: manifest[name] for name in _SCORING}, sort_keys=True)
    return _PREFIX + _digest("\0".join([*texts.values(), scoring]).encode())


def _frame_digest(frame: pl.DataFrame) -> str:
    """Over the values in their order: a Parquet file's bytes would depend on the library's version too."""
    texts = frame.select(cs.string()).write_csv().encode()
    return _digest(texts + b"".join(column.to_numpy().tobytes() for column in frame.select(~cs.string())))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
