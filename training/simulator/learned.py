"""What a trained model of edge weights gives to the experiment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Learned:
    """`weights`: head, tail, weight, what `kerec weigh` publishes after `kerec train`, unless the model was not `worth`
    releasing. `scores`: what the model itself says of each exposure that was to be scored, in the order of samples."""

    weights: pl.DataFrame
    scores: Floats
    worth: bool
