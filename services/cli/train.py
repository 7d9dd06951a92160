"""`kerec train`: an edge-weight model from feedback, and its release."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Annotated

import typer

from graph.errors import UsageError
from services.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from services.cli.outcomes import print_outcomes
from services.cli.output import progress
from services.pipeline.run import run_steps
from services.pipeline.weigh import WEIGH
from services.shop import Shop
from services.workspace import open_workspace


def register(app: typer.Typer) -> None:
    """Adds the command to the app."""
    app.command()(train)


def train(
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was broken off.")] = False,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    epochs: Annotated[int | None, typer.Option(min=1, help="At most so many passes over the samples.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Learn how strong each edge is from exposures and clicks, or from purchases where there are none, and release it.

    Needs a graph that `kerec run` has made. Unchanged where events, verdicts and settings are as at the last time. A
    model that is no better than prior and counters, on shoppers that it did not learn from, is kept but not released.
    """
    try:
        # Imported here: torch takes longer to load than most commands take, and only this one needs it.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # torch-geometric's, about torch.jit
            from services.pipeline.training import train_step
        from training.weights.eei.hyperparameters import Hyperparameters
    except ModuleNotFoundError as error:
        raise UsageError(f"training needs {error.name}: install kerec[train]") from error
    chosen = Hyperparameters(seed=seed)
    chosen = replace(chosen, epochs=epochs or chosen.epochs)
    with progress() as report, open_workspace(Shop.open(config), progress=report) as workspace:
        print_outcomes(run_steps(workspace, (train_step(chosen, resume=resume), WEIGH)), json)
