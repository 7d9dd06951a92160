"""`kerec judge --pairs`: what was said of each pair, as a table."""

from __future__ import annotations

from graph.records import Label, Verdict
from services.cli.files import verdict_table


def said(head: str, tail: str, label: Label, strength: int | None = None, probability: float | None = None) -> Verdict:
    return Verdict(head, tail, label, "so it is", "recorded", "p1", probability, strength)


def test_what_is_no_complement_is_improbable() -> None:
    verdicts = [
        said("tent", "mat", Label.COMPLEMENT, strength=3),
        said("tent", "rope", Label.COMPLEMENT),
        said("tent", "gas", Label.COMPLEMENT, probability=0.8),
        said("pot", "kettle", Label.SUBSTITUTE, strength=2),
        said("lantern", "mug", Label.UNRELATED),
        said("pot", "set", Label.SAME_OR_PARENT),
        said("pot", "cup", Label.UNSURE),
    ]
    given = {(each.head, each.tail): each for each in verdicts}

    table = verdict_table([*given, ("mug", "tent")], given)

    assert table.columns == ["head", "tail", "label", "probability", "strength", "reason", "judge"]
    assert table["probability"].to_list() == [0.95, 0.7, 0.8, 0.3, 0.3, 0.3, 0.5, None]
    assert table["label"].to_list() == [*(each.label.value for each in verdicts), None]
    assert table.row(3) == ("pot", "kettle", "substitute", 0.3, 2, "so it is", "recorded")
    assert table.row(7) == ("mug", "tent", *(None,) * 5)
