"""Releases: the versions of dictionary, extractor, prompt, verdicts, weights and ranker that belong together."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass

import polars as pl

from graph.errors import StorageError
from graph.reconcile import current, write
from graph.tables import COMPLEMENTS, RELEASE, SHOP, SUBSTITUTES
from services.pipeline.step import digest, frame_digest
from services.shop import Shop
from services.workspace import Workspace

RANKER = "fusion-1"


@dataclass(frozen=True, slots=True)
class Versions:
    """What a release names; its id is a hash of these alone, so equal releases have equal ids."""

    dictionary: str | None
    extractor: str | None
    prompt: str
    verdicts: str
    weights: str
    ranker: str = RANKER

    @property
    def id(self) -> str:
        """16 hex digits."""
        return digest(asdict(self))


def versions(workspace: Workspace, weigher: str, weights: pl.DataFrame) -> Versions:
    """The versions of what the graph holds now, with these weights (head, tail, weight, rank)."""
    shop = current(workspace.client, SHOP).to_dicts()[0]
    edges = current(workspace.client, COMPLEMENTS)
    prompts = sorted(edges["prompt"].drop_nulls().unique())
    substitutes = current(workspace.client, SUBSTITUTES)
    verdicts = digest(frame_digest(edges.drop("judged_at")), frame_digest(substitutes.drop("judged_at")))
    return Versions(
        shop["dictionary"], shop["extractor"], "+".join(prompts), verdicts, f"{weigher}:{frame_digest(weights)}"
    )


def publish(workspace: Workspace, release: Versions, metrics: dict[str, int | float]) -> None:
    """Writes the release's manifest and node, and then has readers served it; repeating it changes nothing."""
    _write_manifest(workspace.shop, release, metrics)
    known = current(workspace.client, RELEASE).filter(pl.col("id") == release.id)
    if known.is_empty():
        row = {
            "id": release.id,
            **asdict(release),
            "metrics": json.dumps(metrics, sort_keys=True),
            "created_at": int(time.time() * 1000),
        }
        write(workspace.client, RELEASE, pl.DataFrame([row], schema=RELEASE.schema))
    workspace.client.run("load/shop/release", release=release.id)


def manifests(shop: Shop) -> list[str]:
    """The ids of the releases that have a manifest, sorted."""
    return sorted(path.stem for path in shop.releases_dir.glob("*.json"))


def _write_manifest(shop: Shop, release: Versions, metrics: dict[str, int | float]) -> None:
    path = shop.releases_dir / f"{release.id}.json"
    part = path.with_suffix(".part")
    text = json.dumps({"id": release.id, "versions": asdict(release), "metrics": metrics}, indent=2, sort_keys=True)
    try:
        shop.releases_dir.mkdir(parents=True, exist_ok=True)
        part.write_text(text + "\n")
        os.replace(part, path)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}") from error
