"""The kept pair model lasts as long as what it was learned from, kerec's own code among it."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.item_pairs import models
from services.item_pairs.evidence import build_evidence
from services.item_pairs.knowledge import file_knowledge
from services.item_pairs.models import pair_model
from services.shop import Shop
from tests.services.item_pairs.related import write_related_shop


def test_other_code_learns_a_new_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop.open(write_related_shop(tmp_path, relations=False), environ={})
    knowledge = file_knowledge(shop)
    coded = build_evidence(shop, knowledge)
    kept = shop.models_dir / "pairs" / "with-relations.json"

    def told() -> int:
        pair_model(shop, knowledge, coded)
        return kept.stat().st_mtime_ns

    first = told()
    assert told() == first
    monkeypatch.setattr(models, "code_digest", lambda *_: "changed")
    second = told()
    assert second > first
    assert told() == second
