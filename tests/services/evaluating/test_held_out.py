"""The temporary shop of an evaluation."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
import pytest

from graph.errors import DataError
from graph.reconcile import current, silent
from graph.records import EVENT_SCHEMA, Label, Verdict
from graph.tables import BOUGHT, CLICKED, COMPLEMENTS, INTERESTED_IN
from services.evaluating.held_out import held_out_workspace, shop_events
from services.evaluating.held_out_shop import HeldOutShop
from services.judging.ledger import Ledger
from services.shop import Shop
from tests.live.shops import SmallShop


def test_the_graph_is_made_without_what_is_held_out_and_with_the_ledgers_verdicts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    opened = SmallShop(tmp_path / "shop").open()
    shop = Shop(opened.settings.model_copy(update={"judge": None}), opened.folder)
    with Ledger(shop.ledger_path) as ledger:
        ledger.append([Verdict("tent", "gas", Label.COMPLEMENT, "warm nights", "claude", "p1", 0.9, 2)])
    before = sorted(path.relative_to(shop.folder) for path in shop.folder.rglob("*"))
    train = shop_events(shop).filter(~((pl.col("user") == "u1") & (pl.col("item") == "stove1")))

    def broken_off() -> None:
        with held_out_workspace(shop, train, silent) as workspace:
            bought = current(workspace.client, BOUGHT).select("user", "item")
            assert set(bought.rows()) == set(train.filter(type="purchase").select("user", "item").rows())
            assert ("u1", "tent1") in bought.rows()
            assert ("u1", "stove1") not in bought.rows()
            assert "stove" not in current(workspace.client, INTERESTED_IN).filter(user="u1")["entity"].to_list()
            assert current(workspace.client, CLICKED).height == 2
            edges = current(workspace.client, COMPLEMENTS).select("head", "tail", "judge")
            assert edges.rows() == [("tent", "gas", "claude")]
            assert workspace.shop.folder.parent == scratch
            raise DataError("broken off")

    with pytest.raises(DataError, match="broken off"):
        broken_off()
    assert list(scratch.iterdir()) == []
    assert sorted(path.relative_to(shop.folder) for path in shop.folder.rglob("*")) == before


def test_other_verdicts_make_another_shop(tmp_path: Path) -> None:
    """Where a language model judges, its ledger says what edges there are; where a file does, the file."""
    opened = SmallShop(tmp_path).open()
    assert opened.settings.judge is not None
    asked = opened.settings.judge.model_copy(update={"name": "claude", "path": None})
    versions = {}
    for name, judge in (("recorded", opened.settings.judge), ("claude", asked), ("none", None)):
        shop = Shop(opened.settings.model_copy(update={"judge": judge}), opened.folder)
        for at in (1, 2):
            with Ledger(shop.ledger_path) as ledger:
                ledger.append([Verdict("tent", f"{name}{at}", Label.COMPLEMENT, "so", "claude", "p1")])
            versions[name, at] = HeldOutShop(shop, shop_events(shop), silent).version
    assert versions["recorded", 1] == versions["recorded", 2]
    assert versions["claude", 1] != versions["claude", 2]
    assert versions["none", 1] != versions["none", 2]


def test_a_folder_of_a_text_model_is_named_by_its_files(tmp_path: Path) -> None:
    opened = SmallShop(tmp_path / "shop").open()
    model = tmp_path / "model"
    (model / "layer").mkdir(parents=True)
    text = opened.settings.text.model_copy(update={"model": model})
    shop = Shop(opened.settings.model_copy(update={"text": text}), opened.folder)

    def version() -> str:
        return HeldOutShop(shop, shop_events(shop), silent).version

    versions = [version()]
    for name, content in (("modules.json", "[]"), ("layer/weights", "1"), ("layer/weights", "2")):
        (model / name).write_text(content, encoding="utf-8")
        versions.append(version())
    (model / "layer" / "weights").rename(model / "weights")
    versions.append(version())
    assert len(set(versions)) == 5
    (model / "weights").rename(model / "layer" / "weights")
    assert version() == versions[3]


def test_events_of_all_files_in_timeline_order(tmp_path: Path) -> None:
    events = shop_events(SmallShop(tmp_path).open())
    assert set(EVENT_SCHEMA) <= set(events.columns)
    bought = events.filter(type="purchase")
    assert bought.filter(user="u6")["item"].to_list() == ["tea1", "mug/2", "tea2", "tea1"]
    assert bought["user"].to_list() == sorted(bought["user"])
