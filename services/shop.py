"""A shop: one folder with a `kerec.toml`, and `.kerec/` beside it for all that a run makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.settings import ShopSettings, load_settings


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop's settings and the absolute folder of its `kerec.toml`; the paths below need not exist yet."""

    settings: ShopSettings
    folder: Path

    @classmethod
    def open(cls, config: Path, environ: Mapping[str, str] | None = None) -> Shop:
        """Read the shop of a `kerec.toml`.

        Raises SettingsError where the file cannot be used.
        """
        return cls(load_settings(config, environ), config.absolute().parent)

    @property
    def id(self) -> str:
        """The shop's id."""
        return self.settings.shop.id

    @property
    def state_dir(self) -> Path:
        """`.kerec`, all that runs make."""
        return self.folder / ".kerec"

    @property
    def graph_dir(self) -> Path:
        """The embedded server's folder."""
        return self.state_dir / "graph"

    @property
    def journal_path(self) -> Path:
        """The journal of events."""
        return self.state_dir / "events" / "journal.sqlite"

    @property
    def ledger_path(self) -> Path:
        """The ledger of verdicts."""
        return self.state_dir / "ledger" / "verdicts.sqlite"

    @property
    def candidates_path(self) -> Path:
        """The pairs worth asking a judge about."""
        return self.state_dir / "ledger" / "candidates.parquet"

    @property
    def rejects_dir(self) -> Path:
        """One CSV of refused rows per step."""
        return self.state_dir / "rejects"

    @property
    def models_dir(self) -> Path:
        """Learned models."""
        return self.state_dir / "models"

    @property
    def text_cache(self) -> Path:
        """The vectors of texts that were encoded before."""
        return self.models_dir / "text" / "vectors.sqlite"

    @property
    def rankers_dir(self) -> Path:
        """Learned rankers, a folder each."""
        return self.models_dir / "ranker"

    @property
    def releases_dir(self) -> Path:
        """A folder of files for each release."""
        return self.state_dir / "releases"

    @property
    def evaluations_dir(self) -> Path:
        """Results of evaluations."""
        return self.state_dir / "evaluations"

    @property
    def logs_dir(self) -> Path:
        """`api.log` of `kerec demo`; `kerec serve` logs to standard error."""
        return self.state_dir / "logs"
