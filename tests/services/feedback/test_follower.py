"""The follower lives through everything: a graph that is away, and an embedded server that cannot start again."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from graph.address import GraphAddress
from graph.client import GraphClient
from services.feedback.follower import Follower
from services.shop import Shop
from services.workspace import Workspace

NOWHERE = GraphAddress("bolt://127.0.0.1:1")


def follower_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "follower"]


def test_it_goes_on_when_neither_graph_nor_server_can_be_had(tmp_path: Path) -> None:
    (tmp_path / "kerec.toml").write_text(
        '[shop]\nid = "test"\n[items]\npath = "items.csv"\ncolumns = { id = "id", title = "title" }\n'
    )
    shop = Shop.open(tmp_path / "kerec.toml", environ={})
    shop.state_dir.mkdir()
    shop.graph_dir.write_text("in the way of the embedded server's folder")
    with GraphClient(NOWHERE, retry_seconds=0.1) as client:
        follower = Follower(Workspace(shop, client))
        follower.start()
        for _ in range(3):
            follower.nudge()
            time.sleep(0.3)
            assert len(follower_threads()) == 1
        follower.stop()

    assert follower_threads() == []
