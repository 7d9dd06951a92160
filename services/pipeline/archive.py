"""Releases as files: a folder for each, from which its weights and views can be served again.

`releases/ID/` holds manifest.json, weights.parquet and, where a model gave views, views.parquet. It appears whole by
one rename and never changes: its id is a hash of what it holds.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from graph.atomic import replacing
from graph.errors import NotFoundError, StorageError
from graph.tables import ENTITY_VIEWS
from services.pipeline.step import digest
from services.shop import Shop
from training.weights.learned import WEIGHED

RANKER = "fusion-1"
WEIGHTS_SCHEMA = pl.Schema([*WEIGHED.items(), ("rank", pl.Int64())])
Metrics = dict[str, int | float]


@dataclass(frozen=True, slots=True)
class Versions:
    """What a release names; its id is a hash of these alone, so equal releases have equal ids."""

    dictionary: str | None
    extractor: str | None
    prompt: str
    verdicts: str
    weights: str
    views: str | None = None
    ranker: str = RANKER

    @property
    def id(self) -> str:
        """16 hex digits."""
        return digest(asdict(self))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a release was made from, and when it was first made (epoch milliseconds)."""

    versions: Versions
    metrics: Metrics
    created_at: int

    @property
    def id(self) -> str:
        """The release's id."""
        return self.versions.id


@dataclass(frozen=True, slots=True)
class Release:
    """A manifest with its `weights` [WEIGHTS_SCHEMA] and `views` [ENTITY_VIEWS.schema, without rows where none]."""

    manifest: Manifest
    weights: pl.DataFrame
    views: pl.DataFrame

    @property
    def id(self) -> str:
        """The release's id."""
        return self.manifest.id


def keep(shop: Shop, release: Release) -> Release:
    """Writes the release's files unless they are there, and returns what they hold; raises StorageError."""
    place = _folder(shop, release.id)
    if not place.exists():
        with replacing(place) as part:
            part.mkdir()
            release.weights.write_parquet(part / "weights.parquet")
            if release.views.height:
                release.views.write_parquet(part / "views.parquet")
            text = json.dumps({"id": release.id, **asdict(release.manifest)}, indent=2, sort_keys=True)
            (part / "manifest.json").write_text(text + "\n")
    return read_release(shop, release.id)


def read_release(shop: Shop, release: str) -> Release:
    """A kept release; raises NotFoundError where there is none of this id, StorageError where its files are damaged."""
    place = _folder(shop, release)
    if not is_kept(shop, release):
        raise NotFoundError(f"there are no files of a release {release!r} in {shop.releases_dir}: see kerec releases")
    try:
        weights = pl.read_parquet(place / "weights.parquet", glob=False).cast(WEIGHTS_SCHEMA)
        views = place / "views.parquet"
        found = pl.read_parquet(views, glob=False) if views.exists() else ENTITY_VIEWS.schema.to_frame()
        return Release(_manifest(place), weights, found.cast(ENTITY_VIEWS.schema))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise StorageError(f"{place} is damaged ({str(error).splitlines()[0]}): delete it; {_ANEW}") from error


def manifests(shop: Shop) -> list[Manifest]:
    """The manifests of all kept releases, the oldest first; raises StorageError where one is damaged."""
    places = (path.parent for path in shop.releases_dir.glob("*/manifest.json") if not path.parent.name.startswith("."))
    return sorted(map(_manifest, places), key=lambda manifest: (manifest.created_at, manifest.id))


def is_kept(shop: Shop, release: str | None) -> bool:
    """Whether there are files of this release."""
    return bool(release) and (_folder(shop, str(release)) / "manifest.json").is_file()


_ANEW = "`kerec weigh --force` makes a release anew"


def _folder(shop: Shop, release: str) -> Path:
    return shop.releases_dir / release


def _manifest(place: Path) -> Manifest:
    path = place / "manifest.json"
    try:
        content = json.loads(path.read_text())
        return Manifest(Versions(**content["versions"]), content["metrics"], content["created_at"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StorageError(f"{path} is damaged: delete {place}; {_ANEW}") from error
