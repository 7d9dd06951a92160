"""What a training run looks like: loss, weights and calibration as PNG files in its folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
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
    """The loss of each step and the validation loss of each epoch, from a run's JSON lines; which model was kept."""
    rows = list(_rows(log))
    with _figure(out, "Loss of the edge-weight model", "step", "cross-entropy") as axes:
        learning, validation = _series(rows, "loss"), _series(rows, "validation loss")
        axes.plot(list(learning), list(learning.values()), label="loss", linewidth=1)
        axes.plot(list(validation), list(validation.values()), label="validation loss", linewidth=1)
        if validation:
            best = min(validation, key=lambda step: validation[step])
            axes.plot([best], [validation[best]], "o", color="C1", label="kept" if best else "kept: as it started")
        axes.legend()


def _series(rows: Iterable[Mapping[str, float]], name: str) -> dict[float, float]:
    return {row["step"]: row[name] for row in rows if name in row}  # a step told twice counts once


def _rows(log: Path) -> Iterator[dict[str, float]]:
    for line in log.read_text().splitlines():
        with suppress(json.JSONDecodeError):  # a run that was killed may leave half a line
            yield json.loads(line)


def weight_plot(weights: NDArray[np.float64], priors: NDArray[np.float64], out: Path) -> None:
    """How the weights of edges spread within each prior, both [n]."""
    with _figure(out, "What training made of the verdicts", "prior probability", "learned weight") as axes:
        levels = sorted(set(np.round(priors, 6)))
        axes.boxplot([weights[np.isclose(priors, level)] for level in levels], tick_labels=[f"{x:.2f}" for x in levels])


def calibration_plot(labels: NDArray[np.float32], scores: NDArray[np.float32], out: Path) -> None:
    """Predicted against observed rates on the validation samples, in ten bins of equal size, on the scale they have."""
    with _figure(out, f"Calibration on {len(labels):,} samples held out", "predicted", "observed") as axes:
        end = 1.0
        if len(set(labels)) == 2:
            observed, predicted = calibration_curve(labels, scores, n_bins=10, strategy="quantile")
            axes.plot(predicted, observed, marker="o")
            end = max(*predicted, *observed)
        axes.plot([0, end], [0, end], linestyle=":", color="gray")


@contextmanager
def _figure(out: Path, title: str, x: str, y: str) -> Iterator[Any]:
    # No pyplot: its global state is not for a library.
    figure = Figure(figsize=(6, 4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_title(title)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    yield axes
    with replacing(out) as part:
        figure.savefig(part, format="png", dpi=120)
