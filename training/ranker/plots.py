"""How far a ranker's probabilities can be trusted, as a PNG file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from training.ranker.calibration import Bin


def reliability_plot(bins: Sequence[Bin], out: Path) -> None:
    """Expected against bought shares of bins of candidates, on the scale that the shares have: they are small."""
    figure = Figure(figsize=(6, 4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_title("Calibration on candidates of shoppers held out")
    axes.set_xlabel("expected share bought")
    axes.set_ylabel("share bought")
    axes.plot([each.expected for each in bins], [each.bought for each in bins], marker="o")
    end = max((max(each.expected, each.bought) for each in bins), default=1.0)
    axes.plot([0, end], [0, end], linestyle=":", color="gray")
    figure.savefig(out, format="png", dpi=120)
