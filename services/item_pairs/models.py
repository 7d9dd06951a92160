"""The learned pair model, kept in the shop's folder for as long as what it was learned from stays the same."""

from __future__ import annotations

import json
from pathlib import Path

from graph.atomic import replacing
from graph.errors import DataError, StorageError
from graph.reconcile import Progress, silent
from services.item_pairs import evidence
from services.item_pairs.evidence import CodedEvidence, vectors_version
from services.item_pairs.knowledge import Knowledge
from services.pipeline.step import digest, frame_digest
from services.shop import Shop
from training import pairs
from training.evaluation.content import code_digest
from training.pairs.model import PairModel
from training.pairs.scorer import learn_pairs


def pair_model(
    shop: Shop, knowledge: Knowledge, coded: CodedEvidence, *, with_relations: bool = True, progress: Progress = silent
) -> PairModel:
    """The kept model, learned anew where the knowledge has changed since.

    Raises DataError where there is nothing to learn from, StorageError where the model cannot be kept.
    """
    inputs = _inputs(shop, knowledge, with_relations)
    path = shop.models_dir / "pairs" / ("with-relations.json" if with_relations else "without-relations.json")
    kept = _read(path, inputs)
    if kept is not None:
        return kept
    try:
        model = learn_pairs(coded.evidence, watch=lambda done, total: progress("learning pairs", done, total))
    except ValueError as error:
        raise DataError(f"nothing says which items go together: {error}") from error
    _write(path, inputs, model)
    return model


def _inputs(shop: Shop, knowledge: Knowledge, with_relations: bool) -> str:
    frames = [knowledge.items, knowledge.complements, knowledge.substitutes, knowledge.timelines]
    if with_relations and knowledge.relations is not None:
        frames.append(knowledge.relations)
    code = code_digest(pairs, evidence)  # other features or samples need a new model
    return digest(code, vectors_version(shop), with_relations, [frame_digest(frame) for frame in frames])


def _read(path: Path, inputs: str) -> PairModel | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise StorageError(f"{path} cannot be read: delete it, the model is then learned again") from error
    return PairModel(kept["model"]) if kept.get("inputs") == inputs else None


def _write(path: Path, inputs: str, model: PairModel) -> None:
    with replacing(path) as part:
        part.write_text(json.dumps({"inputs": inputs, "model": model.text}), encoding="utf-8")
