"""What may be chosen of the edge-weight model."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hyperparameters:
    """Defaults are those of the method's formulation (spec, section 7), except where it leaves the choice open.

    `second_view` False scores with the first-order view of the head, for ablation; `contrast` 0 leaves the contrast
    out. `items` and `complements` are how many neighbours of an entity are sampled for its first and second
    view. `patience` counts epochs without a better validation loss; `validation` is the share of actors kept for it.
    """

    dimensions: int = 64
    hidden: int = 64
    second_view: bool = True
    contrast: float = 0.02
    temperature: float = 0.2
    sharpness: float = 2.0
    decay: float = 1e-4
    id_dropout: float = 0.2
    items: int = 16
    complements: int = 16
    learning_rate: float = 1e-3
    batch: int = 2048
    epochs: int = 30
    patience: int = 3
    validation: float = 0.1
    seed: int = 0
