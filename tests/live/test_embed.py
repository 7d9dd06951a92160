"""The embed step on both servers: neighbours by title as a slow comparison finds them, and nothing done twice."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from graph.client import GraphClient
from graph.reconcile import current
from graph.tables import ENTITY_TEXT, RESEMBLES
from services import encoder
from services.pipeline import embed
from services.pipeline.embed import EMBED
from services.pipeline.load import LOAD
from services.pipeline.run import run_steps
from services.pipeline.step import Outcome
from services.workspace import Workspace
from tests.live.runs import differences, export, opened
from tests.live.shops import ENTITIES, ITEMS, SmallShop
from training.text.port import TextEncoder, Vectors

TEXT = '[text]\nmodel = "minilm"\n'


class Words:
    """A TextEncoder that adds up a vector for each word of a text: those that share words are near."""

    version = "words-1"
    dimensions = 384

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        vectors = np.zeros((len(texts), self.dimensions))
        for row, text in enumerate(texts):
            for word in text.lower().replace(",", "").split() or ["nothing"]:
                vectors[row] += np.random.default_rng(zlib.crc32(word.encode())).normal(size=self.dimensions)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> Words:
    fake = Words()

    def chosen(_model: object) -> TextEncoder:
        return fake

    monkeypatch.setattr(encoder, "sentence_encoder", chosen)
    monkeypatch.setattr(embed, "missing_extra", lambda _model: None)
    return fake


def ran(workspace: Workspace) -> Outcome:
    load, done = list(run_steps(workspace, (LOAD, EMBED)))
    assert load.step == "load"
    return done


def slow(titles: dict[str, str], k: int = 20) -> dict[tuple[str, str], tuple[float, int]]:
    vectors = dict(zip(titles, Words().encode(list(titles.values())), strict=True))
    edges = {}
    for item, mine in vectors.items():
        near = sorted((-round(float(mine @ vectors[other]), 6), other) for other in titles if other != item)
        edges |= {(item, other): (-cosine, rank) for rank, (cosine, other) in enumerate(near[:k], 1)}
    return edges


def test_items_get_the_items_whose_titles_read_alike(client: GraphClient, words: Words, tmp_path: Path) -> None:
    small = SmallShop(tmp_path, graph=TEXT)
    small.items |= {f"pot{number}": ("pot", f"Cooking pot {number} l, steel") for number in range(3, 9)}
    done = ran(opened(client, small))

    expected = slow({item: title for item, (_, title) in small.items.items()})
    found = {(item, other): (cosine, rank) for item, other, cosine, rank in current(client, RESEMBLES).rows()}
    assert found.keys() == expected.keys()
    assert [found[pair][0] for pair in expected] == pytest.approx([near for near, _ in expected.values()], abs=2e-6)
    assert [found[pair][1] for pair in expected] == [rank for _, rank in expected.values()]
    assert {rank for _, rank in found.values()} == set(range(1, 21))
    names = {row["id"]: row["text"] for row in current(client, ENTITY_TEXT).to_dicts()}
    assert np.allclose([names[each] for each in ENTITIES], Words().encode(list(ENTITIES.values())), atol=1e-6)
    assert (done.summary["titles"], done.summary["names"]) == (len(small.items), len(ENTITIES))
    assert done.summary["neighbours"] == len(small.items) * 20
    similar = client.rows("analyst/similar_names", entity="mat", limit=1)
    assert [row["entity"] for row in similar] == ["bag"]  # Sleeping mat, sleeping bag


def test_a_second_run_encodes_nothing_and_a_change_only_what_is_new(
    client: GraphClient, words: Words, tmp_path: Path
) -> None:
    small = SmallShop(tmp_path, graph=TEXT)
    ran(opened(client, small))
    words.asked.clear()
    assert ran(opened(client, small)).unchanged
    small.bought["u1"] = (*small.bought["u1"], "gas1")
    assert ran(opened(client, small)).unchanged  # what a load changes beside the texts makes nothing to do
    assert words.asked == []

    small.items["gas3"] = ("gas", "Gas canister 100 g")
    del small.items["mat1"]
    assert not ran(opened(client, small)).unchanged
    assert words.asked == ["Gas canister 100 g"]
    edges = current(client, RESEMBLES)
    assert "gas3" in edges["item"].to_list()
    assert "mat1" not in {*edges["item"], *edges["other"]}  # withdrawn


def test_it_is_off_by_default_and_switching_it_off_takes_the_edges_away(
    client: GraphClient, words: Words, tmp_path: Path
) -> None:
    plain = opened(client, SmallShop(tmp_path))
    assert ran(plain).summary["model"] == "none"
    before = export(client)
    ran(opened(client, SmallShop(tmp_path, graph=TEXT)))
    assert set(differences(export(client), before)) == {"Entity", "RESEMBLES"}

    assert ran(opened(client, SmallShop(tmp_path))).summary["rows deleted"] == len(ITEMS) * (len(ITEMS) - 1)
    assert differences(export(client), before) == []


def test_without_the_extra_it_is_skipped_and_leaves_what_is_there(
    client: GraphClient, words: Words, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = opened(client, SmallShop(tmp_path, graph=TEXT))
    ran(workspace)
    before = export(client)
    monkeypatch.setattr(embed, "missing_extra", lambda _model: "pip install it")
    assert ran(workspace).summary == {"skipped": "pip install it"}
    assert ran(workspace).unchanged
    assert differences(export(client), before) == []
    monkeypatch.setattr(embed, "missing_extra", lambda _model: None)
    assert ran(workspace).summary["rows written"] == 0
