"""Fingerprints: equal for equal content, and nothing else; and steps that stamp what they were done from."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from graph.client import GraphClient
from graph.errors import DataError
from services.feedback.journal import JournalState
from services.pipeline.step import Done, Step, digest, file_digest, frame_digest, run_step, stamp_of
from services.settings import JudgeSettings
from services.shop import Shop
from services.workspace import Workspace


@pytest.fixture
def workspace(client: GraphClient, tmp_path: Path) -> Workspace:
    (tmp_path / "kerec.toml").write_text(
        '[shop]\nid = "test"\n[items]\npath = "items.csv"\ncolumns = { id = "id", title = "title" }\n'
    )
    return Workspace(Shop.open(tmp_path / "kerec.toml", environ={}), client)


def test_a_digest_is_of_values() -> None:
    assert digest({"a": 1, "b": [1.5, None]}) == digest({"b": [1.5, None], "a": 1})
    assert len({digest(), digest(None), digest(0), digest("0"), digest([0]), digest(0, 0)}) == 6
    assert digest(JournalState(1, 2, 3)) != digest(JournalState(1, 2, 4))
    assert digest(JudgeSettings(name="claude")) != digest(JudgeSettings(name="claude", budget=1.0))
    assert digest(Path("a")) == digest("a")
    assert len(digest("x")) == 16


def test_a_file_digest_is_of_content(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("same")
    other.write_text("same")

    assert file_digest(one) == file_digest(other)
    other.write_text("other")
    assert file_digest(one) != file_digest(other)
    with pytest.raises(DataError, match="does not exist"):
        file_digest(tmp_path / "none")
    with pytest.raises(DataError, match="cannot be read"):
        file_digest(tmp_path)


def test_a_frame_digest_knows_no_order_and_no_tenth_digit() -> None:
    frame = pl.DataFrame({"id": ["a", "b"], "weight": [1 / 3, 2.0]})

    assert frame_digest(frame) == frame_digest(frame.reverse())
    assert frame_digest(frame) == frame_digest(frame.with_columns(pl.col("weight") + 1e-12))
    assert frame_digest(frame) != frame_digest(frame.with_columns(pl.col("weight") + 1e-6))
    assert frame_digest(frame) != frame_digest(frame.head(1))


def test_a_step_is_done_once_for_equal_inputs(workspace: Workspace) -> None:
    inputs, done = ["first"], []

    def work(_: Workspace) -> Done:
        done.append(inputs[0])
        return Done({"rows": len(done)}, digest(inputs))

    step = Step("load", lambda _: digest(inputs), work)
    outcomes = [run_step(step, workspace), run_step(step, workspace)]
    inputs[0] = "second"
    outcomes.append(run_step(step, workspace))

    assert [(outcome.unchanged, outcome.summary["rows"]) for outcome in outcomes] == [(False, 1), (True, 1), (False, 2)]
    assert done == ["first", "second"]
    assert stamp_of(workspace, "load") == digest(["second"])
    assert stamp_of(workspace, "weigh") is None


def test_what_changes_while_a_step_works_is_done_next_time(workspace: Workspace) -> None:
    inputs = ["first"]

    def work(_: Workspace) -> Done:
        read = digest(inputs)
        inputs[0] = "second"
        return Done({}, read)

    step = Step("load", lambda _: digest(inputs), work)
    run_step(step, workspace)

    assert [run_step(step, workspace).unchanged, run_step(step, workspace).unchanged] == [False, True]


def test_a_step_that_fails_leaves_no_stamp(workspace: Workspace) -> None:
    def work(_: Workspace) -> Done:
        raise DataError("a bad file")

    with pytest.raises(DataError):
        run_step(Step("load", lambda _: "x", work), workspace)
    assert stamp_of(workspace, "load") is None
