"""The learned ranker on a real graph: what it was trained on is what it is served, and releases switch it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from graph.address import GraphAddress
from graph.client import GraphClient
from graph.reconcile import Progress, current
from graph.tables import LEADS_TO
from services.pipeline import rank as pipeline
from services.pipeline.archive import RANKER
from services.pipeline.rank import read_material
from services.pipeline.release import ranker_of, served
from services.ranking.building import build_recommender
from services.ranking.learned import active_facts, block, candidates
from services.recall import channels
from services.workspace import Workspace
from tests.live.ranked import VOUCHER, rank, shop, train
from tests.live.runs import opened, ran
from tests.live.shops import SmallShop
from training.ranker.candidates import recall
from training.ranker.cases import before_targets, cases
from training.ranker.catalogue import Catalogue
from training.ranker.evidence import EVIDENCE, Titles, gather
from training.ranker.features import base_features
from training.ranker.held_out import HeldOut
from training.ranker.knowledge import activate
from training.ranker.pull import Pull
from training.ranker.sampling import Shelves, offered
from training.ranker.training import Learned, Material, Options, learn_ranker
from training.ranker.triples import knowledge_features


@pytest.fixture
def workspace(embedded_address: GraphAddress, tmp_path: Path) -> Iterator[Workspace]:
    with GraphClient(embedded_address) as client:
        workspace = opened(client, shop(tmp_path / "shop"), empty=True)
        ran(workspace)
        yield workspace


def trained_on(workspace: Workspace, material: Material) -> dict[tuple[str, str], tuple[list[float], list[float]]]:
    """Features, and facts of active edges, by user and item, as training computes them from frames."""
    manifest = json.loads((workspace.shop.rankers_dir / ranker_of(workspace.shop) / "manifest.json").read_text())
    pull = Pull(tuple(manifest["pull"]["weights"]), manifest["pull"]["bias"])
    catalogue = Catalogue.of(material.items)
    evidence = gather(material.timelines, catalogue, Titles.of(catalogue), pull)
    actors = material.timelines["actor"].unique().sort()
    coming = pl.DataFrame({"actor": actors, "item": VOUCHER, "when": 1000}, schema=material.timelines.schema)
    whole = pl.concat([material.timelines, coming]).sort("actor", maintain_order=True)
    before = before_targets(whole, catalogue, 1)
    active = activate(before, catalogue, material.edges, material.kinds, material.interests, dated=False)
    shelves = Shelves.of(material.shortlists, material.popular, catalogue, material.per_entity)
    every = cases(before)
    found = recall(every, evidence, catalogue, offered(active, shelves, len(catalogue.ids)))
    features = base_features(found.block)
    place = active.of(found.case, catalogue.entity[found.item])
    numbers = np.flatnonzero(place >= 0)
    item = found.item[numbers]
    facts = knowledge_features(active.triples(place[numbers], item, shelves.share[item], shelves.appeal[item]))
    known = dict(zip(numbers.tolist(), facts.tolist(), strict=True))
    return {
        (actors[int(every.actor[case])].removeprefix("u:"), catalogue.ids[item]): (
            features[number].tolist(),
            known.get(number, []),
        )
        for number, (case, item) in enumerate(zip(found.case, found.item, strict=True))
    }


def served_from(workspace: Workspace, users: list[str]) -> dict[tuple[str, str], tuple[list[float], list[float]]]:
    """The same as serving computes it from the graph's rows."""
    found = {}
    for user in users:
        known, led, targets = workspace.client.read(
            lambda tx, user=user: (  # type: ignore[misc]
                profile := channels.history(tx, user),
                channels.evidence(tx, profile, ()),
                channels.complementary(tx, profile, (), 5),
            )
        )
        rows = candidates(led, targets, 5)
        active, facts = active_facts(known, rows)
        by_row = dict(zip(active.tolist(), facts.tolist(), strict=True))
        for number, features in enumerate(base_features(block(known, rows))):
            found[user, rows[number].item] = (features.tolist(), by_row.get(number, []))
    return found


def test_served_features_are_those_trained_on(workspace: Workspace) -> None:
    train(workspace)
    material = read_material(workspace)
    wanted = trained_on(workspace, material)
    found = served_from(workspace, workspace.journal.users())
    assert found.keys() == wanted.keys()
    assert sum(bool(facts) for _, facts in wanted.values()) > 10
    for key, (features, facts) in wanted.items():
        assert found[key][0] == pytest.approx(features, rel=1e-5, abs=1e-6)
        assert found[key][1] == pytest.approx(facts, rel=1e-5, abs=1e-6)


def test_the_ranker_comes_with_a_release_and_twice_is_once(workspace: Workspace) -> None:
    plain = build_recommender(workspace)
    before, unlearned = served(workspace), plain.for_user("u001", 20)
    rank, weigh = train(workspace)
    assert not rank.unchanged
    assert not weigh.unchanged
    assert rank.summary["ranker"] == ranker_of(workspace.shop)
    assert served(workspace) != before
    edges = current(workspace.client, LEADS_TO)
    assert edges.schema == EVIDENCE
    assert edges.height > 0

    learned = plain.for_user("u001", 20)  # the same reader, switched by the release it is served
    assert learned.release == served(workspace)
    assert [row.score for row in learned.items] != [row.score for row in unlearned.items]
    assert all(row.channel in ("complementary", "copurchase", "content", "popularity") for row in learned.items)
    owned = set(shop(workspace.shop.folder).bought["u001"])
    assert not owned & {row.item_id for row in learned.items}
    basket = plain.for_basket(["0", "1"], 20)
    assert {row.item_id for row in basket.items}.isdisjoint({"0", "1"})
    assert not plain.for_user("stranger", 5).known

    again = train(workspace)
    assert [outcome.unchanged for outcome in again] == [True, True]
    assert [outcome.unchanged for outcome in ran(workspace)] == [True] * 5

    [run] = workspace.client.rows("analyst/training_runs", limit=5)
    assert (run["run"], run["model"]) == (rank.summary["ranker"], "ranker")
    assert (run["samples"], run["edges"], run["epochs"]) == (rank.summary["cases"], 2, rank.summary["trees"])
    names = ("ndcg", "evidence_ndcg", "calibration_error")
    assert [run[name] for name in names] == [pytest.approx(rank.summary[name], abs=1e-4) for name in names]
    assert [run[name] for name in ("positives", "loss", "auc", "prior_auc", "counters_auc")] == [None] * 5
    assert json.loads(run["settings"])["rounds"] == 10


def test_a_ranker_that_is_not_better_is_not_released(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = train(workspace)
    before = served(workspace)

    def worse(material: Material, options: Options, progress: Progress) -> Learned | None:
        found = learn_ranker(material, options, progress)
        return found and replace(found, held_out=HeldOut((), 100, 0.2, 0.3))

    monkeypatch.setattr(pipeline, "learn_ranker", worse)
    second, weigh = train(workspace, seed=1)
    assert (first.summary["released"], second.summary["released"]) == ("yes", "no: not better than the evidence alone")
    assert (workspace.shop.rankers_dir / str(second.summary["ranker"])).is_dir()
    assert second.summary["ranker"] != first.summary["ranker"] == ranker_of(workspace.shop)
    assert weigh.unchanged
    assert served(workspace) == before
    assert train(workspace, seed=1)[0].unchanged
    runs = {row["run"] for row in workspace.client.rows("analyst/training_runs", limit=5)}
    assert runs == {first.summary["ranker"], second.summary["ranker"]}

    workspace.journal.forget("u001", 0)
    third, _ = train(workspace, seed=1)
    assert third.summary["released"] == "no: not better than the evidence alone"
    assert ranker_of(workspace.shop) == RANKER  # what knows somebody who was forgotten is served no longer


def test_too_few_purchases_teach_no_ranker_and_are_said(client: GraphClient, tmp_path: Path) -> None:
    small = SmallShop(tmp_path)
    small.bought = dict(list(small.bought.items())[:1])
    workspace = opened(client, small)
    ran(workspace)
    ranked = rank(workspace)
    assert ranked.summary["released"] == "no: too few purchases to learn from"
    assert ranked.summary["ranker"] == RANKER
