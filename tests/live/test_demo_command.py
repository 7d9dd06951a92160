"""`kerec demo --exit`, and an embedded server that is brought up and down by commands."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from graph.address import GraphAddress
from graph.client import GraphClient
from graph.embedded import EmbeddedServer
from services.cli.main import main
from services.workspace import wipe
from tests.live.environment import graph_environment
from tests.live.shops import SmallShop


def kerec(*arguments: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert ended.value.code == 0


def test_the_demo_prints_recommendations_and_an_answer_of_the_api(
    embedded_address: GraphAddress,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    for name, value in graph_environment(embedded_address).items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "demo"
    with GraphClient(embedded_address) as client:
        wipe(client)
        kerec("demo", "--exit", "--folder", str(folder), "--port", "0")
        wipe(client)

    told = capfd.readouterr()
    assert told.err == ""
    assert f"The demo shop lies in {folder}/" in told.out
    assert [line.split()[0] for line in told.out.splitlines()[1:6]] == ["load", "embed", "pair", "judge", "weigh"]
    assert told.out.count("Recommended to ") == 2
    assert "→" in told.out
    answer = json.loads(told.out[told.out.index("{") : told.out.rindex("}") + 1])
    assert answer["known"]
    assert len(answer["items"]) == 1
    assert "The API answers at http://127.0.0.1:" in told.out
    assert "request" in (folder / ".kerec" / "logs" / "api.log").read_text()


def test_the_embedded_server_is_kept_until_it_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in os.environ if name.startswith("KEREC_GRAPH_")]:
        monkeypatch.delenv(name)
    small = SmallShop(tmp_path / "shop")
    small.write()
    monkeypatch.chdir(small.folder)
    server = EmbeddedServer(small.folder / ".kerec" / "graph")
    try:
        kerec("graph", "up")
        up = capsys.readouterr().out
        kerec("graph", "status", "--json")
        status = json.loads(capsys.readouterr().out)
        kerec("run")
        kerec("graph", "down")
        down = capsys.readouterr().out
        kerec("graph", "down")
        again = capsys.readouterr().out
        kerec("graph", "status", "--json")
        stopped = json.loads(capsys.readouterr().out)
    finally:
        server.stop()

    assert str(small.folder / ".kerec" / "graph" / "password") in up
    assert status["running"]
    assert status["uri"] in up
    assert "the embedded graph is stopped" in down
    assert again == "the embedded graph was not running\n"
    assert stopped == {"server": "embedded", "running": False, "uri": None}
