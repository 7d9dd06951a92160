"""What is left of an experiment in its folder: the report, its plots, the figures, and a shop to train on."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import polars as pl

from graph.errors import DataError
from graph.reconcile import Progress, silent
from services.simulating.arms import ARMS, CONTROL, TREATED
from services.simulating.knowledge import demo_knowledge
from services.simulating.simulate import write_training_shop
from training.simulator.analysis import Evidence, Findings, analyse
from training.simulator.edge_model import EdgeModel
from training.simulator.open_bandit import Replay, replays
from training.simulator.plots import draw
from training.simulator.report import report
from training.simulator.truth import needs_of
from training.weights.eei.hyperparameters import Hyperparameters

_BANDIT = "open_bandit_small"


def conclude(
    evidence: Evidence, out: Path, weights: Sequence[Path], command: str, progress: Progress = silent
) -> tuple[Findings, list[Replay]]:
    """Analyses the evidence and writes report.md with its plots, figures.json, truth.csv and the folder shop/.

    The edge-weight model is trained anew on the treated arm's log. Returned are the findings, and what off-policy
    estimates say on the Open Bandit data where `KEREC_DATA` has them.
    """
    extra = {path.stem: read_weights(path) for path in weights}
    with tempfile.TemporaryDirectory(prefix="kerec-simulate-") as folder:
        knowledge = demo_knowledge(evidence.world, evidence.edges)
        model = EdgeModel(knowledge, Hyperparameters(seed=evidence.plan.seed), Path(folder), progress)
        findings = analyse(evidence, CONTROL.name, TREATED.name, extra, model, evidence.plan.seed)
    sizes = {arm: len(users) for arm, users in evidence.users.items()}
    draw(findings, evidence.logs, sizes, out)
    about = {arm.name: arm.about for arm in ARMS}
    bandit = bandit_replays()
    (out / "report.md").write_text(report(findings, about, sizes, bandit, command))
    (out / "figures.json").write_text(_figures(findings, bandit))
    needs_of(evidence.world).write_csv(out / "truth.csv")
    write_training_shop(evidence, TREATED, out / "shop")
    return findings, bandit


def read_weights(path: Path) -> pl.DataFrame:
    """Weights from a CSV or Parquet file with head, tail, weight and perhaps item; raises DataError for another."""
    frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema_length=None)
    missing = sorted({"head", "tail", "weight"} - set(frame.columns))
    if missing:
        raise DataError(f"{path} has no column {missing[0]!r}: it needs head, tail and weight, and may have item")
    keys = [name for name in ("head", "tail", "item") if name in frame.columns]
    return frame.select(*(pl.col(name).cast(pl.String) for name in keys), pl.col("weight").cast(pl.Float64))


def bandit_replays() -> list[Replay]:
    """The Open Bandit data where the environment says that they are, else nothing."""
    folder = Path(os.environ.get("KEREC_DATA", "")) / _BANDIT
    return replays(folder) if (folder / "impressions.parquet").is_file() else []


def _figures(findings: Findings, bandit: Sequence[Replay]) -> str:
    figures = {
        "comparisons": [asdict(each) for each in findings.comparisons],
        "false alarms": findings.alarms,
        "weights": {name: asdict(line) for name, line in findings.board.items()},
        "weights by week": {
            str(week): {name: asdict(line) for name, line in board.items()} for week, board in findings.weekly.items()
        },
        "off-policy": [asdict(each) for each in findings.replays],
        "open bandit": [asdict(each) for each in bandit],
        "pairs": findings.pairs.to_dicts(),
    }
    return json.dumps(figures, indent=1)
