"""The shop without its held-out events, made only when something asks for it: a cached board needs no graph."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

import polars as pl

import cypher
import graph
import services
import training
from graph.reconcile import Progress
from services.catalog.verdicts import RECORDED
from services.evaluating.held_out import held_out_workspace
from services.judging.ledger import Ledger
from services.pipeline.step import file_digest
from services.shop import Shop
from services.workspace import Workspace
from training.evaluation.content import code_digest, content_digest, library_versions

# What trains and what counts: with another version of one of these, figures may be others.
_LIBRARIES = ("polars", "numpy", "scipy", "scikit-learn", "lightgbm", "torch", "torch-geometric")


class HeldOutShop:
    """A workspace made from `train` [EVENT_SCHEMA] in place of the shop's events, open while this is."""

    def __init__(self, shop: Shop, train: pl.DataFrame, progress: Progress) -> None:
        self._shop, self._train, self._progress = shop, train, progress
        self._stack = ExitStack()

    def __enter__(self) -> HeldOutShop:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace; the first to ask waits until the pipeline has run."""
        return self._stack.enter_context(held_out_workspace(self._shop, self._train, self._progress))

    @cached_property
    def version(self) -> str:
        """By the events, the contents of the shop's other files, its settings, and all of kerec's own code."""
        settings = self._shop.settings.model_copy(update={"graph": None, "events": ()})
        recorded = settings.judge is not None and settings.judge.name == RECORDED
        asked = "" if recorded or not self._shop.ledger_path.exists() else _judged(self._shop)
        code = code_digest(cypher, graph, services, training)
        return content_digest(
            _by_content(settings.model_dump()), asked, self._train, code, library_versions(_LIBRARIES)
        )


def _judged(shop: Shop) -> str:
    with Ledger(shop.ledger_path) as ledger:
        return ledger.state()


def _by_content(value: Any) -> Any:
    match value:
        case Path() if value.is_dir():
            inside = sorted(path for path in value.rglob("*") if path.is_file())
            return {path.relative_to(value).as_posix(): file_digest(path) for path in inside}
        case Path():
            return file_digest(value)
        case dict():
            return {key: _by_content(each) for key, each in value.items()}
        case list() | tuple():
            return [_by_content(each) for each in value]
    return value
