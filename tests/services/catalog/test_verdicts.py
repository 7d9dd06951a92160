from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import DataError
from graph.records import Label, Verdict
from services.catalog.reading import Reading
from services.catalog.verdicts import read_verdicts
from services.settings import JudgeSettings

COLUMNS = {name: name for name in ("head", "tail", "label", "strength", "reason")}


def verdicts(folder: Path, text: str, entities: list[str] | None = None) -> Reading[tuple[Verdict, ...]]:
    path = folder / "v.csv"
    path.write_text("head,tail,label,strength,reason\n" + text, encoding="utf-8")
    judge = JudgeSettings.model_validate({"name": "recorded", "path": path, "columns": COLUMNS})
    return read_verdicts(judge, entities)


def test_every_field_is_read(tmp_path: Path) -> None:
    found = verdicts(tmp_path, "tent,stove,Complement,2,meals outside\nstove,tent,unrelated,,\n")
    assert found.content == (
        Verdict("tent", "stove", Label.COMPLEMENT, "meals outside", "recorded", "recorded", strength=2),
        Verdict("stove", "tent", Label.UNRELATED, "", "recorded", "recorded"),
    )
    assert all(verdict.probability is None for verdict in found.content)


def test_bad_rows_are_refused_with_line_and_reason(tmp_path: Path) -> None:
    found = verdicts(
        tmp_path,
        ",b,complement,1,\n"
        "a,,complement,1,\n"
        "a,a,complement,1,\n"
        "a,b,friend,1,\n"
        "a,b,,1,\n"
        "a,b,complement,4,\n"
        "a,b,complement,strong,\n"
        "a,x,complement,1,\n"
        "y,b,complement,1,\n"
        "a,b,complement,1,why\n"
        "a,b,complement,1,why\n"
        "a,b,substitute,1,why\n",
        ["a", "b"],
    )
    labels = "the label is none of complement, substitute, same_or_parent, unrelated, unsure"
    assert [(reject.line, reject.reason, reject.value) for reject in found.rejects] == [
        (2, "no head", ""),
        (3, "no tail", ""),
        (4, "head and tail are the same entity", "a → a"),
        (5, labels, "friend"),
        (6, labels, ""),
        (7, "the strength is not a whole number from 0 to 3", "4"),
        (8, "the strength is not a whole number from 0 to 3", "strong"),
        (9, "the tail is not in the dictionary", "x"),
        (10, "the head is not in the dictionary", "y"),
        (13, "the pair stands before with another verdict", "a → b"),
    ]
    assert [(verdict.head, verdict.tail) for verdict in found.content] == [("a", "b")]
    assert found.duplicates == 1


def test_without_a_dictionary_any_entity_goes(tmp_path: Path) -> None:
    assert len(verdicts(tmp_path, "a,x,complement,1,\n").content) == 1


def test_a_judge_without_a_file_is_one_line() -> None:
    with pytest.raises(DataError, match=r"\[judge\] names no file of verdicts: give path and columns"):
        read_verdicts(JudgeSettings.model_validate({"name": "claude"}))
