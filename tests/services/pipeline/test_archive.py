"""Releases on disk: whole, found again, in the order in which they were made."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from graph.errors import NotFoundError, StorageError
from graph.tables import ENTITY_VIEWS
from services.pipeline.archive import (
    WEIGHTS_SCHEMA,
    Manifest,
    Release,
    Versions,
    is_kept,
    keep,
    manifests,
    read_release,
)
from services.shop import Shop
from tests.live.shops import SmallShop

WEIGHTS = pl.DataFrame(
    [("tent", "mat", 0.1 + 0.2, ["m1", "m2"], [1.5, 0.25], 0.5, 1)], schema=WEIGHTS_SCHEMA, orient="row"
)
NO_VIEWS = ENTITY_VIEWS.schema.to_frame()
VIEWS = pl.DataFrame([("tent", [0.5] * 64, [0.25] * 64, "m")], schema=ENTITY_VIEWS.schema, orient="row")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return SmallShop(tmp_path).open()


def release(weights: str, created_at: int, views: pl.DataFrame = NO_VIEWS) -> Release:
    return Release(Manifest(Versions("d", "x", "p", "v", weights), {"edges": 1}, created_at), WEIGHTS, views)


@pytest.mark.parametrize("views", [NO_VIEWS, VIEWS], ids=["no views", "views"])
def test_what_is_kept_comes_back(shop: Shop, views: pl.DataFrame) -> None:
    made = release("w", 5, views)
    assert not is_kept(shop, made.id)
    keep(shop, made)

    found = read_release(shop, made.id)
    assert is_kept(shop, made.id)
    assert found.manifest == made.manifest
    assert found.weights.equals(WEIGHTS)
    assert found.views.equals(views)
    assert found.views.schema == ENTITY_VIEWS.schema


def test_a_release_made_again_keeps_its_first_time(shop: Shop) -> None:
    assert keep(shop, release("w", 5)).manifest.created_at == 5
    assert keep(shop, release("w", 9)).manifest.created_at == 5
    assert [each.created_at for each in manifests(shop)] == [5]


def test_releases_stand_in_the_order_in_which_they_were_made(shop: Shop) -> None:
    assert manifests(shop) == []
    for name, created_at in (("b", 2), ("a", 3), ("c", 1)):
        keep(shop, release(name, created_at))
    (shop.releases_dir / ".half.part").mkdir()
    (shop.releases_dir / ".half.part" / "manifest.json").write_text("{")
    (shop.releases_dir / "0123456789abcdef.json").write_text("{}")  # of an earlier version of kerec

    assert [each.versions.weights for each in manifests(shop)] == ["c", "b", "a"]


def test_an_unknown_release_and_a_damaged_one_say_what_to_do(shop: Shop) -> None:
    assert not is_kept(shop, None)
    with pytest.raises(NotFoundError, match=r"no files of a release 'none' in .*: see kerec releases"):
        read_release(shop, "none")
    made = keep(shop, release("w", 5))
    place = shop.releases_dir / made.id
    (place / "weights.parquet").write_bytes(b"PAR1")
    with pytest.raises(StorageError, match=r"is damaged .*kerec weigh --force"):
        read_release(shop, made.id)
    (place / "manifest.json").write_text('{"versions": {"weights": 1}}')
    with pytest.raises(StorageError, match=r"manifest\.json is damaged: delete"):
        manifests(shop)
