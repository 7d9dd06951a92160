from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import SettingsError
from services.shop import Shop

TOML = '[shop]\nid = "s"\n[items]\npath = "i.csv"\ncolumns = { id = "id", title = "title" }\n'


def test_a_shop_keeps_its_state_beside_its_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kerec.toml").write_text(TOML)
    monkeypatch.chdir(tmp_path)
    shop = Shop.open(Path("kerec.toml"), {})
    state = tmp_path / ".kerec"
    assert shop.id == "s"
    assert shop.folder == tmp_path
    assert [shop.state_dir, shop.graph_dir, shop.rejects_dir] == [state, state / "graph", state / "rejects"]
    assert [shop.models_dir, shop.releases_dir, shop.logs_dir] == [state / n for n in ("models", "releases", "logs")]
    assert shop.journal_path == state / "events" / "journal.sqlite"
    assert shop.ledger_path == state / "ledger" / "verdicts.sqlite"
    assert not state.exists()


def test_a_shop_without_settings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        Shop.open(tmp_path / "kerec.toml", {})
