"""How the model's parameters are stepped: ids where a batch touched them, everything else at once."""

from __future__ import annotations

from typing import Any

import torch
from torch.optim import Adam, SparseAdam

from training.weights.eei.model import TwoViewModel


class Optimizers:
    """Adam (Kingma and Ba 2015), in its lazy form for the ids: a node's moments stay while no batch touches it."""

    def __init__(self, model: TwoViewModel, learning_rate: float) -> None:
        ids = [model.entity.id.weight, model.item.id.weight]
        rest = [parameter for parameter in model.parameters() if all(parameter is not own for own in ids)]
        self._all: tuple[torch.optim.Optimizer, ...] = (SparseAdam(ids, learning_rate), Adam(rest, learning_rate))

    def step(self, loss: torch.Tensor) -> None:
        """One step down the gradient of the loss."""
        for optimizer in self._all:
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        for optimizer in self._all:
            optimizer.step()

    def state_dict(self) -> dict[str, Any]:
        """What a resumed run needs."""
        return {str(place): optimizer.state_dict() for place, optimizer in enumerate(self._all)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Puts a state back."""
        for place, optimizer in enumerate(self._all):
            optimizer.load_state_dict(state[str(place)])
