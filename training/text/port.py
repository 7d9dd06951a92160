"""What turns texts into vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class TextEncoder(Protocol):
    """Texts as vectors of unit length, near each other where the texts mean alike."""

    @property
    def version(self) -> str:
        """Equal for encoders that give equal vectors."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors [n, dimensions], row by row those of the texts."""
