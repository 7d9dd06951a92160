"""`kerec train`: edge weights and ranker from feedback, and their release."""

from __future__ import annotations

import warnings
from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import typer

from graph.errors import UsageError
from services.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from services.cli.outcomes import print_outcomes
from services.cli.output import progress
from services.pipeline.run import run_steps
from services.pipeline.step import Step
from services.pipeline.weigh import WEIGH
from services.shop import Shop
from services.workspace import open_workspace


def register(app: typer.Typer) -> None:
    """Adds the command to the app."""
    app.command()(train)


class Model(StrEnum):
    """What can be trained alone."""

    EDGES = "edges"
    RANKER = "ranker"


class Neighbours(StrEnum):
    """Where the training of edge weights reads the neighbours of an entity."""

    MEMORY = "memory"
    DATABASE = "database"


def train(
    only: Annotated[Model | None, typer.Option(help="One of the models; without it both.", show_default="both")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was broken off.")] = False,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    epochs: Annotated[int | None, typer.Option(min=1, help="At most so many passes over the samples.")] = None,
    neighbours: Annotated[
        Neighbours, typer.Option(help="Where neighbours in the graph are read; the result is the same.")
    ] = Neighbours.MEMORY,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Learn how strong each edge is, then a ranker that reads it, from what shoppers did, and release each.

    The edge-weight model learns from exposures and clicks, or from purchases where there are too few clicks.

    Needs a graph that `kerec run` has made. Unchanged where events, verdicts and settings are as at the last time. A
    model that orders what was held back no better than what is simpler is kept but not released. Edge weights are held
    against prior and counters, on a tenth of the shoppers or, with exposures, on the latest tenth of the exposures by
    days: by these samples the training was stopped. A ranker is held against its evidence alone, on shoppers who did
    not teach, stop or calibrate it.
    """
    if only is Model.RANKER and (resume or epochs is not None or neighbours is not Neighbours.MEMORY):
        raise UsageError(
            "--resume, --epochs and --neighbours are for edge weights: leave them out, or train without --only ranker"
        )
    # The ranker reads the weights that are served: they are of now before it learns.
    edges = [] if only is Model.RANKER else [_edges(resume, seed, epochs, neighbours)]
    ranker = [] if only is Model.EDGES else [_ranker(seed), WEIGH]
    steps = [*edges, WEIGH, *ranker]
    with progress() as report, open_workspace(Shop.open(config), progress=report) as workspace:
        print_outcomes(run_steps(workspace, steps), json)


def _edges(resume: bool, seed: int, epochs: int | None, neighbours: Neighbours) -> Step:
    try:
        # Imported here: torch takes longer to load than most commands take, and only this one needs it.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # torch-geometric's, about torch.jit
            from services.pipeline.training import train_step
        from training.weights.eei.hyperparameters import Hyperparameters
    except ModuleNotFoundError as error:
        raise UsageError(f"training needs {error.name}: install kerec[train], or train with --only ranker") from error
    chosen = Hyperparameters(seed=seed)
    chosen = replace(chosen, epochs=epochs or chosen.epochs)
    return train_step(chosen, resume=resume, from_database=neighbours is Neighbours.DATABASE)


def _ranker(seed: int) -> Step:
    from services.pipeline.rank import rank_step
    from training.ranker.training import DEFAULTS

    return rank_step(replace(DEFAULTS, seed=seed))
