"""Which ranker a release is served by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.ranking.rankers import Rankers
from services.shop import Shop
from tests.live.shops import SmallShop
from tests.training.ranker.shops import material
from training.ranker import files
from training.ranker.training import Learned, Options, learn_ranker


@pytest.fixture(scope="module")
def learned() -> Learned:
    found = learn_ranker(material(), Options(folds=2, rounds=3, targets=3))
    assert found is not None
    return found


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return SmallShop(tmp_path).open()


def release(shop: Shop, name: str, ranker: str) -> None:
    place = shop.releases_dir / name
    place.mkdir(parents=True)
    (place / "manifest.json").write_text(json.dumps({"id": name, "versions": {"ranker": ranker}}))


def test_a_release_is_served_by_the_ranker_it_names(shop: Shop, learned: Learned) -> None:
    version = files.save(learned, shop.rankers_dir, {})
    release(shop, "new", version)
    release(shop, "old", "fusion-1")
    rankers = Rankers(shop, 5)
    found = rankers.of("new")
    assert found is not None
    assert found.model.calibrated == learned.model.calibrated
    assert rankers.of("new") is found
    assert rankers.of("old") is None
    assert rankers.of(None) is None
    assert rankers.of("elsewhere") is None


def test_a_ranker_that_is_gone_leaves_the_fixed_fusion(shop: Shop) -> None:
    release(shop, "new", "lightgbm-0123456789abcdef")
    assert Rankers(shop, 5).of("new") is None


def test_a_ranker_that_could_not_be_read_is_served_once_it_can(shop: Shop, learned: Learned) -> None:
    version = files.save(learned, shop.rankers_dir, {})
    booster = shop.rankers_dir / version / "base.txt"
    whole = booster.read_text()
    booster.write_text(whole[: len(whole) // 2])
    release(shop, "new", version)
    rankers = Rankers(shop, 5)
    with capture_logs() as logs:
        assert [rankers.of("new"), rankers.of("new")] == [None, None]
    assert [(line["event"], line["release"]) for line in logs] == [("ranker not served", "new")]
    booster.write_text(whole)
    assert rankers.of("new") is not None


def test_only_the_latest_releases_are_kept_in_memory(shop: Shop, learned: Learned) -> None:
    version = files.save(learned, shop.rankers_dir, {})
    for number in range(5):
        release(shop, str(number), version)
    rankers = Rankers(shop, 5)
    first = rankers.of("0")
    for number in range(1, 5):
        rankers.of(str(number))
    again = rankers.of("0")
    assert again is not None
    assert again is not first
