"""The ranker that a release names, read when the first reader is served that release."""

from __future__ import annotations

import json
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

import structlog

from graph.errors import StorageError
from services.pipeline.archive import RANKER
from services.shop import Shop

if TYPE_CHECKING:
    from services.ranking.learned import LearnedRanking

LOG = structlog.stdlib.get_logger("kerec.ranking")
_KEPT = 3  # releases: the one served, the one before and the one after it


class Rankers:
    """The learned rankers of a shop by release; safe to share between threads."""

    def __init__(self, shop: Shop, cap: int, knowledge: bool = True) -> None:
        self._shop, self._cap, self._knowledge = shop, cap, knowledge
        self._lock = Lock()
        self._of: OrderedDict[str, LearnedRanking | None] = OrderedDict()
        self._refused: set[str] = set()

    def of(self, release: str | None) -> LearnedRanking | None:
        """The ranker of a release; None where it names none that was learned, or where that cannot be read here.

        What could not be read is tried again by the next caller.
        """
        if release is None:
            return None
        with self._lock:
            if release in self._of:
                return self._of[release]
            try:
                ranking = self._read(release)
            except StorageError as error:
                self._warn(release, str(error))
                return None
            self._keep(release, ranking)
            return ranking

    def _keep(self, release: str, ranking: LearnedRanking | None) -> None:
        self._refused.discard(release)
        self._of[release] = ranking
        while len(self._of) > _KEPT:
            self._of.popitem(last=False)

    def _warn(self, release: str, said: str) -> None:
        """Once for a release, not at every list."""
        if release not in self._refused:
            self._refused.add(release)
            LOG.warning("ranker not served", release=release, error=said)

    def _read(self, release: str) -> LearnedRanking | None:
        version = self._named(release)
        if version == RANKER:
            return None
        # Imported here: a shop without a trained ranker loads no booster.
        from services.ranking.learned import LearnedRanking
        from training.ranker.files import read

        return LearnedRanking(read(self._shop.rankers_dir, version), self._cap, self._knowledge)

    def _named(self, release: str) -> str:
        path = self._shop.releases_dir / release / "manifest.json"
        try:
            return str(json.loads(path.read_text())["versions"]["ranker"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StorageError(f"{path} cannot be read: its ranker is not known") from error
