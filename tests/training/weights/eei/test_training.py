"""Training on a toy: it learns what is there, goes on where it was killed, and reads memory and database alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from operator import mul
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch
from torch_geometric.sampler import NodeSamplerInput

from graph.client import GraphClient
from graph.errors import DataError, StorageError
from graph.reconcile import write
from graph.tables import COMPLEMENTS, ENTITY, IS_A, ITEM, View
from tests.training.weights.eei.toy import EDGES, ENTITIES, MAIN, QUICK, knowledge, purchases, timelines
from training.tracking import JsonLines
from training.weights.eei import training as loop
from training.weights.eei.anchor import logistic
from training.weights.eei.bag import log_sum_exp
from training.weights.eei.dataset import build
from training.weights.eei.fit import Fitted, fit
from training.weights.eei.hyperparameters import Hyperparameters
from training.weights.eei.memory_store import MemoryGraphStore
from training.weights.eei.relations import COMPLETES, HEAD_OF, PART_OF, TAIL_OF
from training.weights.eei.relations import IS_A as ITEM_OF
from training.weights.eei.sampler import TripleSampler, appended
from training.weights.eei.stores import in_database, in_memory
from training.weights.eei.training import Graph, Training, parted
from training.weights.rates import HIGHEST, LOWEST
from training.weights.timelines import DAY, Events


class Curve:
    """Keeps what it is told."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.losses: dict[int, float] = {}
        self.validation: dict[int, float] = {}
        self.stop_at = stop_at

    def settings(self, values: object) -> None:
        assert values

    def scalars(self, step: int, values: dict[str, float]) -> None:
        if step == self.stop_at:
            raise KeyboardInterrupt
        for name, kept in (("loss", self.losses), ("validation loss", self.validation)):
            if name in values:
                kept[step] = values[name]

    def close(self) -> None:
        """Nothing is open."""


def trained(folder: Path, curve: Curve, graph: Graph | None = None, chosen: Hyperparameters = QUICK) -> Fitted:
    known, events = knowledge(), purchases()
    dataset = build(known, events)
    stores = graph or in_memory(known, dataset.samples)
    return fit(known, events, dataset, stores, chosen, folder / "checkpoint.pt", curve)


def test_it_learns_which_edge_is_strong_although_the_prior_says_otherwise(tmp_path: Path) -> None:
    fitted = trained(tmp_path, Curve(), chosen=replace(QUICK, epochs=12))
    weight = {(head, tail): w for head, tail, w, *_ in fitted.weights.iter_rows()}
    assert weight["e1", "e2"] > weight["e1", "e4"]
    assert fitted.validation.auc > fitted.validation.prior_auc
    assert fitted.weights["weight"].is_between(LOWEST, HIGHEST).all()
    lengths = fitted.views["complementary"].list.eval(pl.element() ** 2).list.sum().sqrt()
    assert lengths.to_list() == pytest.approx([1.0] * 4, rel=1e-5)
    first, second = (dict(fitted.views.select("id", name).iter_rows()) for name in ("substitutable", "complementary"))
    for head, tail, affinity in fitted.weights.select("head", "tail", "affinity").iter_rows():
        assert affinity == pytest.approx(sum(map(mul, second[head], first[tail])), abs=1e-6)


def test_a_killed_run_ends_as_an_undisturbed_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "EVERY", 2)
    whole, broken = Curve(), Curve(stop_at=5)
    expected = trained(tmp_path / "whole", whole)
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path / "broken", broken)
    broken.stop_at = 9
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path / "broken", broken)
    broken.stop_at = None
    resumed = trained(tmp_path / "broken", broken)
    assert broken.losses == whole.losses
    assert broken.validation == whole.validation
    assert resumed.trained.best_epoch == expected.trained.best_epoch
    assert resumed.weights.equals(expected.weights)
    assert resumed.views.equals(expected.views)


@pytest.mark.parametrize(("rate", "kept"), [(0.02, True), (50.0, False)])
def test_the_epoch_that_was_kept_is_told(tmp_path: Path, rate: float, kept: bool) -> None:
    curve = Curve()
    found = trained(tmp_path, curve, chosen=replace(QUICK, learning_rate=rate)).trained
    losses = list(curve.validation.values())
    assert len(losses) == found.epochs + 1
    assert losses[found.best_epoch] == min(losses) == found.loss
    assert (found.best_epoch > 0) == kept


def test_another_seed_gives_another_model(tmp_path: Path) -> None:
    one, other = Curve(), Curve()
    trained(tmp_path / "1", one)
    trained(tmp_path / "2", other, chosen=replace(QUICK, seed=1))
    assert one.losses != other.losses


def test_what_is_no_checkpoint_is_named(tmp_path: Path) -> None:
    (tmp_path / "checkpoint.pt").write_bytes(b"no checkpoint")
    with pytest.raises(StorageError, match=r"checkpoint.pt is no checkpoint .*: delete it"):
        trained(tmp_path, Curve())


def test_too_few_events_are_said(tmp_path: Path) -> None:
    known, events = knowledge(), purchases(5)
    dataset = build(known, events)
    with pytest.raises(DataError, match="50 are needed"):
        fit(known, events, dataset, in_memory(known, dataset.samples), QUICK, tmp_path / "c.pt", Curve())


def test_memory_and_database_give_one_loss_curve(client: GraphClient, tmp_path: Path) -> None:
    fill(client)
    known, dataset = knowledge(), build(knowledge(), purchases())
    memory, database = Curve(), Curve()
    expected = trained(tmp_path / "memory", memory)
    found = trained(tmp_path / "database", database, in_database(known, dataset.samples, client))
    assert database.losses == memory.losses
    assert found.weights.equals(expected.weights)


def test_both_stores_hold_the_same_edges(client: GraphClient) -> None:
    fill(client)
    samples = build(knowledge(), purchases()).samples
    memory, database = in_memory(knowledge(), samples), in_database(knowledge(), samples, client)
    for relation in (ITEM_OF, COMPLETES):
        pairs = [
            sorted(zip(*(side.tolist() for side in graph.graph.get_edge_index(relation, "coo")), strict=True))
            for graph in (memory, database)
        ]
        assert pairs[0] == pairs[1]
        assert pairs[0]


def fill(client: GraphClient) -> None:
    def rows(view: View, given: Iterator[dict[str, object]]) -> pl.DataFrame:
        return pl.DataFrame([{**dict.fromkeys(view.columns), **row} for row in given], schema=view.schema)

    write(client, ENTITY, rows(ENTITY, ({"id": e, "name": e} for e in ENTITIES)))
    write(client, ITEM, rows(ITEM, ({"id": i, "title": i} for i in [*MAIN["item"], "loose"])))
    links = ({"item": i, "entity": e, "confidence": 1.0, "main": True} for i, e in MAIN.iter_rows())
    write(client, IS_A, rows(IS_A, links))
    write(client, COMPLEMENTS, rows(COMPLEMENTS, iter(EDGES.to_dicts())))


def test_a_batch_is_what_its_samples_need() -> None:
    known = knowledge()
    samples = build(known, purchases()).samples
    store = MemoryGraphStore({ITEM_OF: known.items_of(), COMPLETES: known.complements_of()})
    chosen = torch.tensor([4, 0, 7])
    out = TripleSampler(samples, store, 2, 1, seed=0).sample_from_nodes(NodeSamplerInput(chosen, chosen))
    _, _, log_prior, heads, shown = out.metadata
    row, col = ({name: side.numpy() for name, side in ends.items()} for ends in (out.row, out.col))
    entity, item, triple = (out.node[name].numpy() for name in ("entity", "item", "triple"))
    mine, owner = samples.triples_of(chosen.numpy())
    assert triple.tolist() == mine.tolist()
    assert entity[row[HEAD_OF]].tolist() == samples.head[mine].tolist()
    assert entity[row[TAIL_OF]].tolist() == samples.tail[mine].tolist()
    assert col[PART_OF].tolist() == owner.tolist()
    assert item[shown].tolist() == samples.item[chosen].tolist()
    assert set(entity[:heads]) == set(samples.head[mine])
    edges = {(known.entities.codes(EDGES["head"])[n], known.entities.codes(EDGES["tail"])[n]) for n in range(4)}
    found = list(zip(entity[col[COMPLETES]], entity[row[COMPLETES]], strict=True))
    assert set(found) <= edges
    assert len(found) == heads  # each has a complement, and one is asked for
    priors = {(h, t): p for (h, t), p in zip(sorted(edges), EDGES.sort("head", "tail")["probability"], strict=True)}
    np.testing.assert_allclose(np.exp(log_prior.numpy()), [priors[pair] for pair in found], rtol=1e-6)
    main = dict(zip(known.items.codes(MAIN["item"]), known.entities.codes(MAIN["entity"]), strict=True))
    members = list(zip(item[row[ITEM_OF]], entity[col[ITEM_OF]], strict=True))
    assert all(main[i] == e for i, e in members)
    assert len(members) == 2 * len(entity)


def test_training_can_be_asked_about_samples_in_any_order(tmp_path: Path) -> None:
    known, dataset = knowledge(), build(knowledge(), purchases())
    training = Training(known, dataset.samples, in_memory(known, dataset.samples), sizes(), replace(QUICK, items=99))
    training.run(tmp_path / "c.pt", Curve())
    some = np.arange(40)
    scores, labels = training.scores(some)
    again, _ = training.scores(some[::-1].copy())
    torch.testing.assert_close(scores, again.flip(0), atol=1e-5, rtol=1e-4)
    assert labels.tolist() == dataset.samples.label[some].tolist()


def sizes() -> loop.Sizes:
    return loop.Sizes(4, 13, 6, 6, 3)


def test_appended_nodes_keep_their_places() -> None:
    joined, place = appended(np.array([7, 2]), np.array([2, 9, 1, 7, 9]))
    assert joined.tolist() == [7, 2, 1, 9]
    assert joined[place].tolist() == [2, 9, 1, 7, 9]


def test_lines_are_appended(tmp_path: Path) -> None:
    for value in (1.0, 2.0):
        lines = JsonLines(tmp_path / "log.jsonl")
        lines.scalars(3, {"loss": value})
        lines.close()
    assert (tmp_path / "log.jsonl").read_text() == '{"step": 3, "loss": 1.0}\n{"step": 3, "loss": 2.0}\n'


def clicks(actors: int = 240, days: int = 24) -> Events:
    """Everybody buys of e1 and is shown e2 and e4 on a later day; e2 is clicked by half, e4 by few."""
    rng = np.random.default_rng(3)
    day = [int(each) * DAY for each in rng.integers(1, days, actors)]
    bought = [(f"u{n}", "e1-0", 0) for n in range(actors)]
    shown = [(f"u{n}", f"{entity}-{n % 3}", day[n]) for n in range(actors) for entity in ("e2", "e4")]
    clicked = [(u, i, w + 1) for u, i, w in shown if rng.random() < (0.5 if i.startswith("e2") else 0.05)]
    return Events(timelines(bought), timelines(shown), timelines(clicked), clock=True)


def exposed(folder: Path, curve: Curve, chosen: Hyperparameters) -> Fitted:
    dataset = build(knowledge(), clicks())
    stores = in_memory(knowledge(), dataset.samples)
    return fit(knowledge(), clicks(), dataset, stores, chosen, folder / "checkpoint.pt", curve)


def test_exposures_are_checked_on_the_latest_days() -> None:
    samples = build(knowledge(), clicks()).samples
    assert samples.block is not None
    learning, validating = parted(samples, 0.2, 0)
    assert samples.block[learning].max() < samples.block[validating].min()
    assert len(validating) / len(samples) == pytest.approx(0.2, abs=0.08)
    assert sorted([*learning, *validating]) == list(range(len(samples)))
    one_day = replace(samples, block=np.zeros_like(samples.block))
    learning, validating = parted(one_day, 0.2, 0)
    assert not set(samples.actor[learning]) & set(samples.actor[validating])
    assert 0 < len(validating) < len(learning)


def test_exposures_start_from_what_the_counters_say(tmp_path: Path) -> None:
    samples = build(knowledge(), clicks()).samples
    training = Training(knowledge(), samples, in_memory(knowledge(), samples), sizes(), QUICK)
    learning, _ = parted(samples, QUICK.validation, QUICK.seed)
    triples, owner = samples.triples_of(np.arange(len(samples)))
    known = torch.from_numpy((samples.features - samples.features.mean(0)) / samples.features.std(0).clip(1e-6))
    taught, of = samples.triples_of(learning)
    weight, bias = logistic(
        known[taught], torch.from_numpy(of), torch.from_numpy(samples.label[learning]), QUICK.sharpness
    )
    expected = log_sum_exp(known[triples] @ weight, torch.from_numpy(owner), len(samples), QUICK.sharpness) + bias
    scores, _ = training.scores(np.arange(len(samples)))
    assert scores.numpy() == pytest.approx(expected.numpy(), abs=1e-3)


def test_a_network_that_only_harms_is_not_kept(tmp_path: Path) -> None:
    wild = replace(QUICK, learning_rate=3.0, epochs=3)
    start, harmed = (
        exposed(tmp_path / "start", Curve(), replace(wild, epochs=0)),
        exposed(tmp_path / "w", Curve(), wild),
    )
    assert harmed.trained.epochs > 0
    assert harmed.trained.loss == pytest.approx(start.trained.loss)
    assert harmed.weights.equals(start.weights)


def test_exposures_weigh_what_is_clicked_more(tmp_path: Path) -> None:
    fitted = exposed(tmp_path, Curve(), QUICK)
    weight = {(head, tail): w for head, tail, w, *_ in fitted.weights.iter_rows()}
    assert weight["e1", "e2"] > 2 * weight["e1", "e4"]
