"""What a training run looks like: loss, weights and calibration as PNG files in its folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.calibration import calibration_curve

from graph.atomic import replacing


def loss_plot(log: Path, out: Path) -> None:
    """The loss of each step and the validation loss of each epoch, from a run's JSON lines."""
    rows = list(_rows(log))
    with _figure(out, "step", "cross-entropy") as axes:
        for name in ("loss", "validation loss"):
            points = {row["step"]: row[name] for row in rows if name in row}  # a step told twice counts once
            axes.plot(list(points), list(points.values()), label=name, linewidth=1)
        axes.legend()


def _rows(log: Path) -> Iterator[dict[str, float]]:
    for line in log.read_text().splitlines():
        with suppress(json.JSONDecodeError):  # a run that was killed may leave half a line
            yield json.loads(line)


def weight_plot(weights: NDArray[np.float64], priors: NDArray[np.float64], out: Path) -> None:
    """How the weights of edges spread within each prior, both [n]."""
    with _figure(out, "prior probability from the verdict", "learned weight") as axes:
        levels = sorted(set(np.round(priors, 6)))
        axes.boxplot([weights[np.isclose(priors, level)] for level in levels], tick_labels=[f"{x:.2f}" for x in levels])


def calibration_plot(labels: NDArray[np.float32], scores: NDArray[np.float32], out: Path) -> None:
    """Predicted against observed rates on the validation samples, in ten bins of equal size."""
    with _figure(out, "predicted", "observed") as axes:
        if len(set(labels)) == 2:
            observed, predicted = calibration_curve(labels, scores, n_bins=10, strategy="quantile")
            axes.plot(predicted, observed, marker="o")
        axes.plot([0, 1], [0, 1], linestyle=":", color="gray")


@contextmanager
def _figure(out: Path, x: str, y: str) -> Iterator[Any]:
    # No pyplot: its global state is not for a library.
    figure = Figure(figsize=(6, 4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    yield axes
    with replacing(out) as part:
        figure.savefig(part, format="png", dpi=120)
