"""When to stop training."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class EarlyStopping:
    """The best validation loss and how many evaluations ago it was; `patience` of them without a better end it."""

    patience: int
    best: float = float("inf")
    since: int = 0

    def after(self, loss: float) -> EarlyStopping:
        """The state after one more evaluation."""
        return replace(self, best=loss, since=0) if loss < self.best else replace(self, since=self.since + 1)

    @property
    def improved(self) -> bool:
        """Whether the last evaluation was the best."""
        return self.since == 0

    @property
    def stop(self) -> bool:
        """Whether to stop."""
        return self.since >= self.patience
