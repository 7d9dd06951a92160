"""CPU-seconds of a two-view training step on a large made-up graph, beside a full step of LightGCN.

`python -m services.measure.training_speed [--entities 100000 --edges 1000000]`
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable

import numpy as np
import polars as pl

from services.measure.report import Section

_STEPS = 10
_TRIPLES = 2_048
_ITEMS_EACH = 2
_DIMENSIONS = 64


def main() -> None:
    """Prints the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entities", type=int, default=100_000)
    parser.add_argument("--edges", type=int, default=1_000_000)
    arguments = parser.parse_args()
    print(section(arguments.entities, arguments.edges).markdown())  # noqa: T201 - what the command is for


def section(entities: int = 100_000, edges: int = 1_000_000) -> Section:
    """Median CPU-seconds of a step of each, over ten steps."""
    head, tail = _graph(entities, edges)
    ours, light = _two_view(entities, head, tail), _light_gcn(entities, head, tail)
    return Section(
        "A training step on a large graph",
        "a two-view step of 2,048 sampled triples on 100k entities, 1M edges, d 64 takes at most 0.5 CPU-seconds",
        "python -m services.measure.training_speed",
        ("model", "entities", "edges", "CPU-seconds a step"),
        [
            ("two views, 2,048 triples, sampling included", entities, edges, ours),
            ("LightGCN (PyG), full propagation, 3 layers", entities, edges, light),
        ],
        [f"Each entity has {_ITEMS_EACH} items; all threads of the process are counted; median of {_STEPS} steps."],
    )


def _graph(entities: int, edges: int) -> tuple[np.ndarray, np.ndarray]:
    """Distinct edges whose heads are uniform and whose tails are skewed, as popular entities are."""
    rng = np.random.default_rng(0)
    codes = np.empty(0, dtype=np.int64)
    while len(codes) < edges:
        drawn = rng.integers(0, entities, edges) * entities + (entities * rng.random(edges) ** 2).astype(np.int64)
        codes = np.unique(np.concatenate([codes, drawn]))
    codes = rng.permutation(codes)[:edges]
    return codes // entities, codes % entities


def _two_view(entities: int, head: np.ndarray, tail: np.ndarray) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # torch-geometric's, about torch.jit
        from training.weights.eei.coding import Coding
        from training.weights.eei.evidence import FEATURES
        from training.weights.eei.hyperparameters import Hyperparameters
        from training.weights.eei.knowledge import Knowledge
        from training.weights.eei.model import Sizes
        from training.weights.eei.samples import Samples
        from training.weights.eei.stores import in_memory
        from training.weights.eei.training import Training

    rng = np.random.default_rng(1)
    items = entities * _ITEMS_EACH
    names, things = (
        Coding(tuple(f"{kind}{n:07d}" for n in range(count))) for kind, count in (("e", entities), ("i", items))
    )
    text = rng.standard_normal((entities + items, _DIMENSIONS)).astype(np.float32)
    ids = np.array(names.ids)
    known = Knowledge(
        names,
        things,
        pl.DataFrame({"head": ids[head], "tail": ids[tail], "probability": np.full(len(head), 0.8)}),
        pl.DataFrame({"item": things.ids, "entity": np.repeat(ids, _ITEMS_EACH)}),
        text[:entities],
        text[entities:],
        np.arange(entities) % 3,
        np.zeros(items, dtype=np.int64),
        np.ones(items, dtype=np.bool_),
        np.zeros((0, 2), dtype=np.int64),
    )
    count = _TRIPLES * (_STEPS + 3)
    chosen = rng.integers(0, len(head), count)
    samples = Samples(
        item=tail[chosen] * _ITEMS_EACH,
        label=rng.integers(0, 2, count).astype(np.float32),
        actor=np.arange(count),
        starts=np.arange(count + 1),
        head=head[chosen],
        tail=tail[chosen],
        features=rng.standard_normal((count, len(FEATURES))).astype(np.float32),
    )
    sizes = Sizes(entities, items, _DIMENSIONS, len(FEATURES), 3)
    chosen_parameters = Hyperparameters(batch=_TRIPLES, validation=0.0)
    training = Training(known, samples, in_memory(known, samples), sizes, chosen_parameters)
    steps = training.epoch(0)
    return _timed(lambda: next(steps))


def _light_gcn(entities: int, head: np.ndarray, tail: np.ndarray) -> float:
    import torch
    from torch_geometric.nn import LightGCN

    edges = torch.from_numpy(np.stack([np.concatenate([head, tail]), np.concatenate([tail, head])]))
    model = LightGCN(entities, _DIMENSIONS, num_layers=3)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    rng = np.random.default_rng(2)

    def step() -> None:
        chosen = rng.integers(0, len(head), _TRIPLES)
        wrong = rng.integers(0, entities, _TRIPLES)
        labelled = np.stack([np.tile(head[chosen], 2), np.concatenate([tail[chosen], wrong])])
        positive, negative = model(edges, torch.from_numpy(labelled)).chunk(2)
        loss = model.recommendation_loss(positive, negative, node_id=torch.from_numpy(np.unique(labelled)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return _timed(step)


def _timed(step: Callable[[], object]) -> float:
    for _ in range(2):
        step()
    seconds = []
    for _ in range(_STEPS):
        started = time.process_time()
        step()
        seconds.append(time.process_time() - started)
    return float(np.median(seconds))


if __name__ == "__main__":
    main()
