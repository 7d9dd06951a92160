"""The report's plots, as PNG files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import matplotlib
import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from training.simulator.analysis import Findings
from training.simulator.intervals import Estimate
from training.simulator.log import Log

PLOTS = ("lifts", "weekly", "weights", "places", "off_policy", "pairs")
_SHOWN_PAIRS = 20


def draw(findings: Findings, logs: Mapping[str, Log], sizes: Mapping[str, int], folder: Path) -> list[Path]:
    """Draws every plot into a folder and returns their paths, in the order of PLOTS."""
    matplotlib.use("Agg")
    folder.mkdir(parents=True, exist_ok=True)
    with _axes(folder / "lifts.png") as axes:
        _lifts(axes, findings)
    with _axes(folder / "weekly.png") as axes:
        _weekly(axes, logs, sizes)
    with _axes(folder / "weights.png") as axes:
        _weights(axes, findings)
    with _axes(folder / "places.png") as axes:
        _places(axes, findings)
    with _axes(folder / "off_policy.png") as axes:
        _off_policy(axes, findings)
    with _axes(folder / "pairs.png", 7.0) as axes:
        _pairs(axes, findings.pairs.head(_SHOWN_PAIRS))
    return [folder / f"{name}.png" for name in PLOTS]


@contextmanager
def _axes(path: Path, height: float = 4.5) -> Iterator[Axes]:
    figure = Figure(figsize=(8.0, height), layout="constrained")
    yield figure.add_subplot()
    figure.savefig(path, dpi=110, metadata={"Software": None})


def _lifts(axes: Axes, findings: Findings) -> None:
    arms = list(dict.fromkeys(each.arm for each in findings.comparisons))
    metrics = list(dict.fromkeys(each.metric for each in findings.comparisons))
    for number, arm in enumerate(arms):
        rows = {each.metric: each.lift for each in findings.comparisons if each.arm == arm}
        places = np.arange(len(metrics)) + 0.2 * (number - (len(arms) - 1) / 2)
        _bars(axes, [rows[metric] for metric in metrics], places, arm)
    axes.axvline(0.0, color="grey", linewidth=0.8)
    axes.set_yticks(np.arange(len(metrics)), metrics)
    axes.invert_yaxis()
    axes.set_xlabel("lift over the control, 95 % intervals")
    axes.legend()


def _bars(axes: Axes, estimates: list[Estimate], places: np.ndarray, label: str) -> None:
    values = np.array([each.value for each in estimates])
    reach = np.array([[each.value - each.low for each in estimates], [each.high - each.value for each in estimates]])
    axes.errorbar(values, places, xerr=np.maximum(reach, 0.0), fmt="o", capsize=3, label=label)


def _weekly(axes: Axes, logs: Mapping[str, Log], sizes: Mapping[str, int]) -> None:
    for arm, log in logs.items():
        weeks = log.shown.group_by("week").agg(pl.col("ordered").sum()).sort("week")
        axes.plot(weeks["week"] + 1, weeks["ordered"].cum_sum() / sizes[arm], marker="o", label=arm)
    axes.set_xlabel("week")
    axes.set_ylabel("conversions per shopper so far")
    axes.legend()


def _weights(axes: Axes, findings: Findings) -> None:
    for method in next(iter(findings.weekly.values()), {}):
        weeks = sorted(findings.weekly)
        lines = [findings.weekly[week][method].auc for week in weeks]
        axes.plot(np.array(weeks) + 1, [each.value for each in lines], marker="o", label=method)
    axes.set_xlabel("week tested, trained on the weeks before it")
    axes.set_ylabel("AUC of clicks at equal places")
    axes.legend()


def _places(axes: Axes, findings: Findings) -> None:
    places = np.arange(len(findings.looked)) + 1
    axes.plot(places, findings.looked, label="truth")
    axes.plot(places, findings.examined, "o", label="estimated from lists in random order")
    axes.set_xlabel("place in the list")
    axes.set_ylabel("looked at, relative to the first")
    axes.legend()


def _off_policy(axes: Axes, findings: Findings) -> None:
    labels = [f"{each.policy}: {each.estimator}" for each in findings.replays]
    places = np.arange(len(labels))
    _bars(axes, [each.once for each in findings.replays], places, "estimate from the log")
    axes.plot([each.truth for each in findings.replays], places, "kx", label="truth")
    axes.set_yticks(places, labels)
    axes.invert_yaxis()
    axes.set_xlabel("rate of clicks at the top")
    axes.legend()


def _pairs(axes: Axes, pairs: pl.DataFrame) -> None:
    rows = pairs.sort("change", descending=True)
    places = np.arange(rows.height)
    estimates = [Estimate(row["change"], row["low"], row["high"]) for row in rows.iter_rows(named=True)]
    _bars(axes, estimates, places, "change of conversion")
    axes.axvline(0.0, color="grey", linewidth=0.8)
    axes.set_yticks(places, [f"{head} → {tail}" for head, tail in rows.select("head", "tail").iter_rows()])
    axes.invert_yaxis()
    axes.set_xlabel("buyers of the first who then bought the second: complementary recall less control")
