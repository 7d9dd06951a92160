"""What is published of a trained model, beside slow loops."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
import torch

from tests.training.weights.eei.toy import EDGES, MAIN, knowledge, purchases
from training.weights.eei.dataset import Dataset, build
from training.weights.eei.evidence import FEATURES, Triples, features
from training.weights.eei.fit import taken
from training.weights.eei.hyperparameters import Hyperparameters
from training.weights.eei.knowledge import Knowledge
from training.weights.eei.model import Sizes, TwoViewModel, Views
from training.weights.eei.release import Typical, all_views, strengths, view_rows

TYPICAL = Typical(2.0, 1.0)


@pytest.fixture(scope="module")
def known() -> Knowledge:
    return knowledge()


@pytest.fixture(scope="module")
def dataset(known: Knowledge) -> Dataset:
    return build(known, purchases())


@pytest.fixture(scope="module", params=[True, False])
def model(request: pytest.FixtureRequest, known: Knowledge, dataset: Dataset) -> TwoViewModel:
    torch.manual_seed(3)
    sizes = Sizes(len(known.entities), len(known.items), known.item_text.shape[1], len(FEATURES), 3)
    made = TwoViewModel(sizes, Hyperparameters(dimensions=8, hidden=8, second_view=request.param))
    made.scorer.standardise(torch.from_numpy(dataset.samples.features))
    return made.eval()


def odds(model: TwoViewModel, views: Views, known: Knowledge, dataset: Dataset, *ids: str) -> float:
    head, tail = (known.entities.codes(pl.Series([each])).copy() for each in ids[:2])
    item = known.items.codes(pl.Series([ids[2]])).copy()
    prior = {(one, two): p for one, two, p in EDGES.iter_rows()}[ids[0], ids[1]]
    triple = Triples(head, tail, item, np.log([prior]), np.array([TYPICAL.age]), np.array([TYPICAL.count]), None)
    source = (views.second if model.chosen.second_view else views.first)[head]
    numbers = torch.from_numpy(features(dataset.evidence, triple))
    with torch.no_grad():
        return float(torch.exp(model.scorer(source, views.first[tail], views.items[item], numbers))[0])


@pytest.mark.parametrize("drawn", [True, False])
def test_an_edges_strength_is_the_mean_over_the_items_of_its_tail_by_how_often_they_are_taken(
    model: TwoViewModel, known: Knowledge, dataset: Dataset, drawn: bool
) -> None:
    """Of purchases told from drawn negatives, the odds times how often items are drawn; of exposures, the chances."""
    views, popularity = all_views(model, known), taken(known, [purchases().bought])
    assert popularity.sum() == purchases().bought.height
    withdrawn = replace(known, available=np.array([not item.endswith("-1") for item in known.items.ids]))
    found = strengths(model, views, withdrawn, dataset.evidence, TYPICAL, popularity, drawn=drawn)
    place = 0
    for edge, (head, tail, _) in enumerate(known.edges.iter_rows()):
        mass = {
            item: 1 + sum(purchases().bought["item"] == item) for item, entity in MAIN.iter_rows() if entity == tail
        }
        items = sorted((item for item in mass if not item.endswith("-1")), key=lambda item: (-mass[item], item))
        each = {item: odds(model, views, known, dataset, head, tail, item) for item in items}
        if not drawn:
            each = {item: w / (1 + w) for item, w in each.items()}
        mean = sum(mass[item] * each[item] for item in items) / sum(mass[item] for item in items)
        assert found.edge[edge] == pytest.approx(mean * (sum(mass.values()) if drawn else 1), rel=1e-4)
        code = known.entities.ids.index(tail)
        assert found.tails[edge] == code
        offered = found.offered[found.starts[code] : found.starts[code + 1]]
        assert [known.items.ids[number] for number in offered] == items
        pull = found.pull[place : place + len(items)]
        assert pull == pytest.approx([each[item] / mean for item in items], rel=1e-4)
        place += len(items)
    assert place == len(found.pull)


def test_an_edge_to_an_entity_without_items_has_its_prior_on_the_scale_of_the_others(
    model: TwoViewModel, known: Knowledge, dataset: Dataset
) -> None:
    views, popularity = all_views(model, known), taken(known, [purchases().bought])
    sold_out = replace(known, available=np.array([not item.startswith("e4") for item in known.items.ids]))
    found = strengths(model, views, sold_out, dataset.evidence, TYPICAL, popularity, drawn=True).edge
    bare = known.edges["tail"].to_numpy() == "e4"
    assert found[bare] == pytest.approx(known.edges["probability"].to_numpy()[bare] * found[~bare].mean())


def test_published_views_have_unit_length_and_the_order_of_the_entities(model: TwoViewModel, known: Knowledge) -> None:
    views = all_views(model, known)
    rows = view_rows(views, known)
    assert rows["id"].to_list() == list(known.entities.ids)
    for name, view in (("substitutable", views.first), ("complementary", views.second)):
        published = np.array(rows[name].to_list())
        assert np.linalg.norm(published, axis=1) == pytest.approx(np.ones(len(rows)), abs=1e-5)
        assert (published * view.numpy()).sum(axis=1) == pytest.approx(np.linalg.norm(view.numpy(), axis=1), rel=1e-4)
