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

    def of(self, release: str | None) -> LearnedRanking | None:
        """The ranker of a release; None where it names none that was learned, or where that cannot be read here."""
        if release is None:
            return None
        with self._lock:
            if release not in self._of:
                self._of[release] = self._read(release)
                while len(self._of) > _KEPT:
                    self._of.popitem(last=False)
            return self._of[release]

    def _read(self, release: str) -> LearnedRanking | None:
        version = self._named(release)
        if version is None or version == RANKER:
            return None
        # Imported here: a shop without a trained ranker loads no booster.
        from services.ranking.learned import LearnedRanking
        from training.ranker.files import read

        try:
            return LearnedRanking(read(self._shop.rankers_dir, version), self._cap, self._knowledge)
        except StorageError as error:
            LOG.warning("ranker not served", release=release, ranker=version, error=str(error))
            return None

    def _named(self, release: str) -> str | None:
        try:
            manifest = json.loads((self._shop.releases_dir / release / "manifest.json").read_text())
            return str(manifest["versions"]["ranker"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
