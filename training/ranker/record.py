"""What a training leaves beside its ranker, for people: how the boosting went, and how far probabilities hold."""

from __future__ import annotations

from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

from training.ranker.training import Learned
from training.tracking import JsonLines, Several, TensorBoard, Tracker

_DRAWING = ("torch", "tensorboard", "matplotlib")  # of kerec[train], without which a ranker is learned too


def write_record(learned: Learned, folder: Path) -> None:
    """Writes `log.jsonl` into the folder, and `tensorboard/` and `calibration.png` where what draws is installed."""
    drawing = all(find_spec(name) for name in _DRAWING)
    trackers: list[Tracker] = [JsonLines(folder / "log.jsonl")]
    if drawing:
        trackers.append(TensorBoard(folder / "tensorboard"))
    with Several(trackers) as tracker:
        tracker.settings(asdict(learned.options))
        for number, ndcg in enumerate(learned.rounds, 1):
            tracker.scalars(number, {"ndcg@10": ndcg})
    if drawing:
        # Imported here: matplotlib may be missing.
        from training.ranker.plots import reliability_plot

        reliability_plot(learned.held_out.bins, folder / "calibration.png")
