"""A ranker learned from a shop whose rule is known."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from graph.errors import StorageError
from tests.training.ranker.shops import material
from training.ranker import files, record, training
from training.ranker.evidence import EVIDENCE
from training.ranker.features import BASE
from training.ranker.held_out import HeldOut
from training.ranker.model import RankerModel
from training.ranker.shelf import evidence_of, has_evidence, latest
from training.ranker.training import Learned, Options, learn_ranker
from training.ranker.triples import KNOWLEDGE

QUICK = Options(folds=3, targets=3, rounds=30, patience=10)


@pytest.fixture(scope="module")
def learned() -> Learned:
    found = learn_ranker(material(400), QUICK)
    assert found is not None
    return found


def candidates(count: int, seed: int = 0) -> np.ndarray:  # type: ignore[type-arg]
    return np.random.default_rng(seed).random((count, len(BASE)), dtype=np.float32)


def test_it_learns_what_is_bought_next(learned: Learned) -> None:
    assert learned.evidence.schema == EVIDENCE
    assert learned.facts["found"] > 0.5
    assert learned.facts["trees"] >= 1
    assert learned.facts["calibration_error"] < 0.05
    assert (learned.facts["ndcg"], learned.facts["evidence_ndcg"]) == (
        learned.held_out.ndcg,
        learned.held_out.evidence_ndcg,
    )
    assert 0 < learned.held_out.bought < 0.1 * learned.facts["cases"]
    assert np.argmax(learned.rounds) + 1 == learned.facts["trees"]
    assert len(learned.rounds) == min(learned.facts["trees"] + QUICK.patience, QUICK.rounds)
    strong, weak = candidates(2)
    strong[:], weak[:] = 0, 0
    for column in ("followed_soon", "followed_newest", "followed_best", "kind_newest", "kind_best"):
        strong[BASE.index(column)] = 1.0
    first, second = learned.model.f_base(np.stack([strong, weak]))
    assert first > second


def test_equal_material_gives_equal_rankers_and_another_seed_another(learned: Learned, tmp_path: Path) -> None:
    again = learn_ranker(material(400), QUICK)
    assert again is not None
    version = files.save(learned, tmp_path / "a", {})
    assert files.save(again, tmp_path / "b", {}) == version
    for name in ("manifest.json", "log.jsonl", "calibration.png"):
        one, two = ((tmp_path / place / version / name).read_bytes() for place in ("a", "b"))
        assert one == two, name
    other = learn_ranker(material(400), replace(QUICK, seed=1))
    assert other is not None
    assert files.save(other, tmp_path / "a", {}) != latest(tmp_path / "b")


def test_no_active_edge_means_exactly_the_base_score(learned: Learned) -> None:
    assert learned.model.knowledge is not None
    features = candidates(40)
    active = np.arange(0, 40, 4)
    facts = np.full((10, len(KNOWLEDGE) - 1), 0.5, dtype=np.float32)
    scores = learned.model.score(features, active, facts)
    base = learned.model.f_base(features)
    inactive = np.setdiff1d(np.arange(40), active)
    assert scores.logit[inactive].tolist() == base[inactive].tolist()
    assert scores.known[inactive].tolist() == [0.0] * 30
    assert scores.logit.tolist() == (base + scores.known).tolist()
    none = learned.model.score(features, active[:0], facts[:0])
    assert none.logit.tolist() == base.tolist()


def test_what_edges_add_is_learned(learned: Learned) -> None:
    features = np.zeros((2, len(BASE)), dtype=np.float32)
    scores = learned.model.score(features, np.array([0]), np.full((1, len(KNOWLEDGE) - 1), 0.7, dtype=np.float32))
    assert scores.known[0] != 0.0


@pytest.mark.parametrize("harmful", [True, False])
def test_edges_are_left_out_where_they_harm(monkeypatch: pytest.MonkeyPatch, harmful: bool) -> None:
    added: list[float] = []

    def judged(scores: np.ndarray, others: np.ndarray, *_: object) -> bool:  # type: ignore[type-arg]
        added.extend(np.unique(np.round(scores - others, 6)))
        return harmful

    booster = SimpleNamespace(predict=lambda read, **_: np.full(len(read), 1.5))
    monkeypatch.setattr(training, "knowledge_booster", lambda *_: booster)
    monkeypatch.setattr(training, "surely_worse", judged)
    found = learn_ranker(material(400), QUICK)
    assert found is not None
    assert added == [0.0, 1.5]  # the order with edges is judged beside the one without, not the other way about
    assert (found.model.knowledge is None) == harmful
    assert found.facts["knowledge"] == (not harmful)


def test_too_few_purchases_teach_nothing() -> None:
    assert learn_ranker(material(3), QUICK) is None
    none = material(3)
    assert learn_ranker(replace(none, timelines=none.timelines.clear()), QUICK) is None


def test_a_ranker_comes_back_from_its_files_as_it_was(learned: Learned, tmp_path: Path) -> None:
    version = files.save(learned, tmp_path, {"purchases": "p"})
    assert latest(tmp_path) == version
    again = files.read(tmp_path, version)
    features = candidates(50)
    facts = candidates(50)[:, : len(KNOWLEDGE) - 1]
    every = np.arange(50)
    assert (
        again.score(features, every, facts).logit.tolist() == learned.model.score(features, every, facts).logit.tolist()
    )
    assert again.calibrated == learned.model.calibrated
    manifest = json.loads((tmp_path / version / "manifest.json").read_text())
    assert manifest["made_from"] == {"purchases": "p"}
    assert manifest["base"] == list(BASE)
    assert files.save(learned, tmp_path, {}) == version
    assert sorted(path.name for path in tmp_path.iterdir()) == ["latest", version]


def test_beside_a_ranker_lies_how_its_training_went(learned: Learned, tmp_path: Path) -> None:
    version = files.save(learned, tmp_path, {})
    place = tmp_path / version
    settings, *rounds = map(json.loads, (place / "log.jsonl").read_text().splitlines())
    assert settings == {"settings": asdict(QUICK)}
    assert rounds == [{"step": number, "ndcg@10": ndcg} for number, ndcg in enumerate(learned.rounds, 1)]
    assert (place / "calibration.png").read_bytes().startswith(b"\x89PNG")
    assert len(list((place / "tensorboard").iterdir())) == 1
    other = replace(learned, rounds=(0.5,), held_out=HeldOut(), options=Options())
    assert files.save(other, tmp_path, {}) == version


def test_a_ranker_is_saved_where_nothing_can_be_drawn(
    learned: Learned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "find_spec", lambda name: None if name == "matplotlib" else name)
    version = files.save(learned, tmp_path, {})
    names = {path.name for path in (tmp_path / version).iterdir()}
    assert names == {"base.txt", "knowledge.txt", "evidence.parquet", "manifest.json", "log.jsonl"}


def test_a_ranker_that_is_not_better_is_kept_and_not_named(learned: Learned, tmp_path: Path) -> None:
    worse = replace(learned, held_out=HeldOut((), 100, 0.2, 0.3))
    version = files.save(worse, tmp_path, {})
    assert latest(tmp_path) is None
    assert files.read(tmp_path, version).calibrated == learned.model.calibrated
    assert files.save(learned, tmp_path, {}) == latest(tmp_path) == version


def test_a_ranker_without_knowledge_has_no_file_of_it(learned: Learned, tmp_path: Path) -> None:
    plain = replace(learned, model=RankerModel(learned.model.base, learned.model.scaled))
    version = files.save(plain, tmp_path, {})
    assert files.read(tmp_path, version).knowledge is None
    assert not (tmp_path / version / "knowledge.txt").exists()


@pytest.mark.parametrize("name", ["manifest.json", "base.txt", "knowledge.txt"])
@pytest.mark.parametrize("left", [None, 0, 1, 400, -400, -1], ids="{}".format)
def test_damaged_files_are_named(learned: Learned, tmp_path: Path, name: str, left: int | None) -> None:
    version = files.save(learned, tmp_path, {})
    path = tmp_path / version / name
    if left is None:
        path.unlink()
    else:
        path.write_text(path.read_text()[: left - (name == "manifest.json" and left == -1)])
    with pytest.raises(StorageError, match=version):
        files.read(tmp_path, version)


def test_the_evidence_belongs_to_the_ranker(learned: Learned, tmp_path: Path) -> None:
    version = files.save(learned, tmp_path, {})
    assert has_evidence(tmp_path, version)
    assert evidence_of(tmp_path, version).equals(learned.evidence)
    other = replace(learned, evidence=learned.evidence.with_columns(pull=pl.col("pull") / 2))
    assert files.save(other, tmp_path, {}) != version
    path = tmp_path / version / "evidence.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(StorageError, match=version):
        evidence_of(tmp_path, version)
    path.unlink()
    assert not has_evidence(tmp_path, version)
    assert not has_evidence(tmp_path, "fusion-1")


def test_a_disk_that_refuses_is_named(learned: Learned, tmp_path: Path) -> None:
    (tmp_path / "models").touch()
    with pytest.raises(StorageError, match="models"):
        files.save(learned, tmp_path / "models" / "ranker", {})


def test_a_ranker_of_other_features_is_refused(learned: Learned, tmp_path: Path) -> None:
    version = files.save(learned, tmp_path, {})
    path = tmp_path / version / "manifest.json"
    path.write_text(path.read_text().replace("followed_soon", "followed_late"))
    with pytest.raises(StorageError, match="another kerec"):
        files.read(tmp_path, version)


def test_nothing_saved_nothing_latest(tmp_path: Path) -> None:
    assert latest(tmp_path) is None
