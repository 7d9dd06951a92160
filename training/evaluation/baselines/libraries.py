"""Libraries that only the baselines need: loaded when they are used, one line where they are missing."""

from __future__ import annotations

import importlib
from typing import Any

from graph.errors import DataError


def library(module: str, extra: str = "baselines") -> Any:
    """A module of an optional library; raises DataError naming the extra where it is not installed."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        raise DataError(
            f"this baseline needs {name}: pip install 'kerec[{extra}]', or choose others with --methods"
        ) from error
