"""`kerec evaluate complement-pairs` and `knowledge-worth` on a shop of planted complements."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from graph.errors import DataError, SettingsError
from services.cli.main import main
from services.evaluating.complement_pairs import draw_cases, evaluate_complement_pairs
from services.evaluating.knowledge_worth import (
    ALONE,
    BOTH,
    LEVELS,
    PMI,
    SUM,
    VERDICTS,
    evaluate_knowledge_worth,
    some_actors,
)
from services.evaluating.next_concept import COUNTS, basket_rows, evaluate_next_concept
from services.item_pairs.evidence import build_evidence
from services.item_pairs.knowledge import Knowledge, file_knowledge
from services.shop import Shop
from tests.services.item_pairs.related import KINDS, write_related_shop
from training.pairs.draws import Known
from training.pairs.relations import COMPLEMENT, SUBSTITUTE, folds
from training.weights.timelines import TIMELINE


def kerec(*arguments: str) -> object:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return ended.value.code


def test_complement_pairs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = write_related_shop(tmp_path)
    before = sorted(path.name for path in tmp_path.rglob("*"))
    arguments = ("evaluate", "complement-pairs", "--config", str(config), "--cases", "60", "--ranked", "10", "--json")
    assert kerec(*arguments) == 0
    board = json.loads(capsys.readouterr().out)
    lines = {line["scorer"]: line for line in board["lines"]}

    assert board["complements"] == 60
    assert board["substitutes"] == 60
    assert board["ranked"] == 10
    for name in ("with relations", "without relations", "with relations, none of the source's"):
        assert lines[name]["random"] > 0.85, name
        assert lines[name]["substitutes"] > 0.85, name
    assert lines["title similarity"]["substitutes"] < 0.3
    assert len(lines) == 12
    for line in lines.values():
        assert set(line["intervals"]) == set(line) - {"scorer", "intervals"}
        for figure, interval in line["intervals"].items():
            assert 0 <= interval["low"] <= line[figure] <= interval["high"] <= 1
    assert any(line["intervals"]["random"]["low"] < line["random"] for line in lines.values())
    assert sorted(path.name for path in tmp_path.rglob("*")) == before  # not the shop's own model, not its graph


def test_cases_are_held_out_and_their_negatives_unrelated(tmp_path: Path) -> None:
    shop = Shop.open(write_related_shop(tmp_path), environ={})
    evidence = build_evidence(shop, file_knowledge(shop)).evidence
    known = evidence.relations
    assert known is not None
    held = folds(known.keys(), 5, 1000) == 0
    drawn = draw_cases(evidence, known.where(held), 50, 5, 0)
    label = dict(zip(zip(known.src.tolist(), known.dst.tolist(), strict=True), known.label.tolist(), strict=True))
    rest = set(known.keys()[~held].tolist())

    for src, dst, expected in (
        (drawn.src, drawn.dst, COMPLEMENT),
        (drawn.substitutes.src, drawn.substitutes.dst, SUBSTITUTE),
    ):
        pairs = list(zip(src.tolist(), dst.tolist(), strict=True))
        assert {label[pair] for pair in pairs} == {expected}
        assert not rest & {min(pair) * known.items + max(pair) for pair in pairs}
    related = Known(known.src, known.dst, known.items)
    assert not related(drawn.src, drawn.random).any()
    assert not related(np.repeat(drawn.src[:5], 1000), drawn.among.ravel()).any()


def test_knowledge_worth(tmp_path: Path) -> None:
    shop = Shop.open(write_related_shop(tmp_path), environ={})
    board = evaluate_knowledge_worth(shop, seeds=1, cases=60, shares=(0.0, 0.001, 1.0))
    curves = {(curve.level, curve.method): curve.values for curve in board.curves}

    assert set(curves) == {(level, method) for level in LEVELS for method in (BOTH, ALONE, VERDICTS, PMI, SUM)}
    for level in LEVELS:
        assert curves[level, VERDICTS][0] == curves[level, VERDICTS][-1] == curves[level, SUM][0]
        assert curves[level, PMI][0] == curves[level, ALONE][0] == 0.5
        assert curves[level, PMI][1] == curves[level, ALONE][1] == 0.5  # the share is less than a user
        assert curves[level, BOTH][0] > max(0.6, curves[level, VERDICTS][0])
        assert curves[level, BOTH][-1] > 0.9
        assert curves[level, ALONE][-1] > 0.8
        assert len(board.saved[level]) == 3


def test_concepts_of_one_moment_come_in_an_order_of_chance() -> None:
    """A file that lists baskets by item must not make its last item the one that comes last."""
    items = pl.DataFrame({"id": ["a", "b", "c"], "entity": ["a", "b", "c"]})
    edges = pl.DataFrame(schema={"head": pl.String, "tail": pl.String, "probability": pl.Float64})
    rows = [(f"b:{basket}", item, when) for basket in range(60) for when, item in ((None, "a"), (None, "b"), (1, "c"))]
    timelines = pl.DataFrame(rows, schema=TIMELINE, orient="row")
    found = basket_rows(Knowledge(items, edges, edges, timelines, None))
    last = found.concept.reshape(60, 3)
    assert set(last[:, 2]) == {2}
    assert set(last[:, 0]) == {0, 1}


def test_the_worth_in_baskets_as_a_table_and_a_plot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = write_related_shop(tmp_path, relations=False)
    assert kerec("evaluate", "knowledge-worth", "--config", str(config), "--seeds", "1", "--cases", "60") == 0
    told = capsys.readouterr().out

    assert (tmp_path / ".kerec" / "evaluations" / "knowledge-worth.png").read_bytes()[:4] == b"\x89PNG"
    assert BOTH in told
    assert "0.1 %" in told
    assert "by share of 340 baskets" in told
    assert "baskets whose purchases the verdicts save" in told


def test_smaller_shares_are_parts_of_larger_ones(tmp_path: Path) -> None:
    shop = Shop.open(write_related_shop(tmp_path), environ={})
    bought = build_evidence(shop, file_knowledge(shop)).evidence.bought
    actors = [set(some_actors(bought, share, 3).actor.tolist()) for share in (0.0, 0.1, 0.5, 1.0)]
    assert [len(each) for each in actors] == [0, 40, 200, 400]
    assert actors[0] < actors[1] < actors[2] < actors[3]


def test_the_next_concept_of_a_basket(tmp_path: Path) -> None:
    shop = Shop.open(write_related_shop(tmp_path, relations=False), environ={})
    board = evaluate_next_concept(shop, seeds=1, shares=(0.0, 0.5, 1.0))
    curves = {curve.method: curve.values for curve in board.curves}

    assert board.measure == "HR@10"
    assert set(map(len, curves.values())) == {3}
    assert {BOTH, ALONE, VERDICTS, COUNTS} <= set(curves)
    assert curves[BOTH][2] == 1.0  # there are but six concepts
    assert KINDS == 6


def test_shops_that_lack_what_is_measured(tmp_path: Path) -> None:
    config = write_related_shop(tmp_path, relations=False)
    with pytest.raises(SettingsError, match=r"needs \[relations\]"):
        evaluate_complement_pairs(Shop.open(config, environ={}))
    (tmp_path / "events.csv").write_text("user,item,pos\nu1,i1,0\n")
    with pytest.raises(DataError, match="baskets of two concepts"):
        evaluate_next_concept(Shop.open(config, environ={}))
