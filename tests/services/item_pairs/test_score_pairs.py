"""`kerec score-pairs` on a real graph."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from graph.embedded import EmbeddedServer
from graph.errors import DataError, SettingsError
from services.cli.main import main
from services.item_pairs.evidence import build_evidence
from services.item_pairs.knowledge import file_knowledge, graph_knowledge, needed_relations
from services.pipeline.run import STEPS, run_steps
from services.shop import Shop
from services.workspace import open_workspace
from tests.services.item_pairs.related import write_related_shop

PAIRS = "note,src,dst,complement\nx,i0,i1,old\ny,i0,i6,\nz,nobody,i1,\n,i2,,\nw,i0,i1,\n"


def kerec(*arguments: str) -> object:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return ended.value.code


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("related")
    opened = Shop.open(write_related_shop(folder), environ={})
    (folder / "pairs.csv").write_text(PAIRS)
    with open_workspace(opened) as workspace:
        with pytest.raises(DataError, match="run `kerec run` first"):
            graph_knowledge(workspace)
        for _ in run_steps(workspace, [STEPS[name] for name in ("load", "pair", "judge")]):
            pass
        found, filed = graph_knowledge(workspace), file_knowledge(opened)
    for name in ("items", "complements", "substitutes"):
        assert getattr(found, name).rows() == getattr(filed, name).rows(), name
    assert sorted(found.timelines.rows()) == sorted(filed.timelines.rows())
    return opened


def test_the_same_rows_with_scores(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = shop.folder / "pairs.csv", shop.folder / "scores.parquet"
    config = ("--config", str(shop.folder / "kerec.toml"))
    try:
        assert kerec("score-pairs", *config, "--in", str(source), "--out", str(out)) == 0
        told = capsys.readouterr().out
        model = shop.models_dir / "pairs" / "with-relations.json"
        learned = model.stat().st_mtime_ns
        assert kerec("score-pairs", *config, "--in", str(source), "--out", str(shop.folder / "again.csv")) == 0
        assert model.stat().st_mtime_ns == learned  # nothing has changed, so nothing is learned again
        without = shop.folder / "without.jsonl"
        assert kerec("score-pairs", *config, "--in", str(source), "--out", str(without), "--without-relations") == 0
    finally:
        EmbeddedServer(shop.graph_dir).stop()

    assert told == f"5 rows in {out}, 2 of them with an unknown item\n"
    scores = pl.read_parquet(out)
    assert scores.columns == ["note", "src", "dst", "complement", "substitute"]
    assert scores["note"].to_list() == ["x", "y", "z", None, "w"]
    assert scores["complement"].is_null().to_list() == [False, False, True, True, False]
    assert scores["substitute"].is_null().to_list() == [False, False, True, True, False]
    goes, replaces = scores.row(0, named=True), scores.row(1, named=True)
    assert 1 >= goes["complement"] > 0.5 > replaces["complement"] >= 0
    assert 1 >= replaces["substitute"] > 0.5 > goes["substitute"] >= 0
    assert scores.row(4)[3:] == scores.row(0)[3:]
    others = pl.read_ndjson(without)
    assert others["complement"].is_null().to_list() == [False, False, True, True, False]
    assert others["complement"][0] > others["complement"][1]
    assert others["complement"][0] != goes["complement"]
    with (shop.rejects_dir / "score-pairs.csv").open() as file:
        rejects = [(row["line"], row["reason"], row["value"]) for row in csv.DictReader(file)]
    assert rejects == [("4", "the item is not known", "nobody"), ("5", "no item", "")]


def test_relations_are_read_with_their_rejects(tmp_path: Path) -> None:
    config = write_related_shop(tmp_path)
    with (tmp_path / "relations.csv").open("a") as file:
        file.write("i1,i2,minus,\n")
    shop = Shop.open(config, environ={})
    found = build_evidence(shop, file_knowledge(shop)).evidence.relations

    assert found is not None
    assert len(found.src) > 500
    assert "the also_bought rank is not a whole number" in (shop.rejects_dir / "relations.csv").read_text()
    assert build_evidence(shop, file_knowledge(shop), with_relations=False).evidence.relations is None


def test_a_shop_without_relations(tmp_path: Path) -> None:
    shop = Shop.open(write_related_shop(tmp_path, relations=False), environ={})
    knowledge = file_knowledge(shop)
    assert build_evidence(shop, knowledge).evidence.relations is None
    with pytest.raises(SettingsError, match=r"needs \[relations\]"):
        needed_relations(knowledge)
