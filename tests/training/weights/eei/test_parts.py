"""Each part of the model against the same written out in loops."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.functional import gelu

from training.weights.eei.attention import NeighbourAttention
from training.weights.eei.bag import log_sum_exp
from training.weights.eei.contrast import Contrast
from training.weights.eei.inputs import NodeInput
from training.weights.eei.scorer import TripleScorer
from training.weights.eei.views import FirstOrder, SecondOrder

D = 5
EDGES = torch.tensor([[0, 2, 1, 3, 3], [0, 0, 1, 1, 0]])  # neighbour, node; node 2 has none


def attended(
    attention: NeighbourAttention, nodes: Tensor, neighbours: Tensor, edges: Tensor, bias: list[float]
) -> Tensor:
    messages = []
    for node in range(len(nodes)):
        mine = [(int(j), b) for (j, n), b in zip(edges.T.tolist(), bias, strict=True) if n == node]
        scores = [
            (attention.query(nodes[node]) @ attention.key(neighbours[j])).item() / math.sqrt(D) + b for j, b in mine
        ]
        total = sum(math.exp(score) for score in scores)
        message = torch.zeros(D)
        for score, (j, _) in zip(scores, mine, strict=True):
            message = message + math.exp(score) / total * neighbours[j]
        messages.append(message)
    return torch.stack(messages)


@pytest.fixture
def numbers() -> tuple[Tensor, Tensor]:
    torch.manual_seed(3)
    return torch.randn(3, D), torch.randn(4, D)


def test_attention(numbers: tuple[Tensor, Tensor]) -> None:
    nodes, neighbours = numbers
    attention, bias = NeighbourAttention(D), [0.3, -1.0, 0.0, 2.0, -0.5]
    expected = attended(attention, nodes, neighbours, EDGES, bias)
    torch.testing.assert_close(attention(nodes, neighbours, EDGES, torch.tensor(bias)), expected)
    assert not expected[2].any()


def test_first_order(numbers: tuple[Tensor, Tensor]) -> None:
    entities, items = numbers
    view = FirstOrder(D)
    message = attended(view.attention, entities, items, EDGES, [0.0] * 5)
    expected = view.norm(entities + gelu(view.mix(torch.cat([entities, message], dim=1))))
    torch.testing.assert_close(view(entities, items, EDGES), expected)


def test_second_order_prefers_what_the_prior_prefers(numbers: tuple[Tensor, Tensor]) -> None:
    entities, z1 = numbers
    view = SecondOrder(D)
    with torch.no_grad():
        view.kappa.fill_(1.5)
    prior = torch.tensor([0.9, 0.7, 0.8, 0.95, 0.71])
    message = attended(view.attention, entities, z1, EDGES, (1.5 * prior.log()).tolist())
    expected = view.norm(entities + gelu(view.mix(torch.cat([entities, message], dim=1))))
    torch.testing.assert_close(view(entities, z1, EDGES, prior.log()), expected)


def test_contrast() -> None:
    torch.manual_seed(4)
    z1, z2 = torch.randn(4, D), torch.randn(4, D)
    contrast = Contrast(D, 0.2)
    kin = torch.zeros(4, 4, dtype=torch.bool)
    kin[0, 2] = kin[2, 0] = kin[1, 1] = True
    one, two = contrast.first(z1), contrast.second(z2)

    def similarity(i: int, j: int) -> float:
        return torch.nn.functional.cosine_similarity(one[i], two[j], dim=0).item() / 0.2

    loss = 0.0
    for e in range(4):
        allowed = [f for f in range(4) if f == e or not kin[e, f]]
        loss -= similarity(e, e) - math.log(sum(math.exp(similarity(e, f)) for f in allowed))
        loss -= similarity(e, e) - math.log(sum(math.exp(similarity(f, e)) for f in allowed))
    assert contrast(z1, z2, kin).item() == pytest.approx(loss / 8, rel=1e-5)


def test_contrast_falls_as_the_views_of_one_entity_meet() -> None:
    torch.manual_seed(5)
    contrast = Contrast(D, 0.2)
    contrast.second.load_state_dict(contrast.first.state_dict())
    z, kin = torch.randn(6, D), torch.zeros(6, 6, dtype=torch.bool)
    assert contrast(z, z, kin).item() < contrast(z, z.roll(1, 0), kin).item()


@settings(max_examples=50)
@given(st.lists(st.lists(st.floats(-30, 30), min_size=1, max_size=4), min_size=1, max_size=5), st.floats(0.5, 4))
def test_bag(bags: list[list[float]], sharpness: float) -> None:
    scores = torch.tensor([score for bag in bags for score in bag], dtype=torch.float64)
    sample = torch.tensor([place for place, bag in enumerate(bags) for _ in bag])
    expected = [math.log(sum(math.exp(sharpness * score) for score in bag)) / sharpness for bag in bags]
    got = log_sum_exp(scores, sample, len(bags), sharpness)
    torch.testing.assert_close(got, torch.tensor(expected, dtype=torch.float64))


def test_the_bag_passes_gradients_to_the_strongest_trigger_most() -> None:
    scores = torch.tensor([2.0, 0.0, -1.0], requires_grad=True)
    log_sum_exp(scores, torch.zeros(3, dtype=torch.int64), 1, 2.0).sum().backward()  # type: ignore[no-untyped-call]
    assert scores.grad is not None
    torch.testing.assert_close(scores.grad, torch.softmax(2.0 * scores.detach(), dim=0))


def test_scorer() -> None:
    torch.manual_seed(6)
    head, tail, item, features = torch.randn(2, D), torch.randn(2, D), torch.randn(2, D), torch.randn(2, 3)
    scorer = TripleScorer(D, 3, 7)
    for n in range(2):
        parts = [head[n], tail[n], item[n], head[n] * tail[n], tail[n] * item[n], head[n] * item[n], features[n]]
        expected = scorer.out(scorer.network(torch.cat(parts))) + scorer.linear(features[n])
        torch.testing.assert_close(scorer(head, tail, item, features)[n], expected[0])


def test_inputs_add_up_and_a_new_node_has_no_id() -> None:
    node = NodeInput(4, 3, D, 0.0, buckets=2)
    text, bucket = torch.randn(2, 3), torch.tensor([1, 0])
    got = node(torch.tensor([2, -1]), text, bucket)
    torch.testing.assert_close(got[0], node.id.weight[2] + node.text(text[0]) + node.bucket.weight[1])
    torch.testing.assert_close(got[1], node.text(text[1]) + node.bucket.weight[0])


def test_ids_are_dropped_whole_in_training_alone() -> None:
    torch.manual_seed(7)
    node = NodeInput(2000, 1, D, 0.25)
    codes, text = torch.arange(2000), torch.zeros(2000, 1)
    bias = node.text.bias
    own = (node.train()(codes, text) - bias).detach()
    dropped = own.abs().amax(dim=1) < 1e-6
    assert 0.2 < dropped.float().mean() < 0.3
    torch.testing.assert_close(own[~dropped], node.id.weight.detach()[~dropped], atol=1e-6, rtol=1e-4)
    torch.testing.assert_close(node.eval()(codes, text) - bias, node.id.weight, atol=1e-6, rtol=1e-4)
