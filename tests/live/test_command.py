"""Every command on a small shop, on both servers: what it prints, writes and exits with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl
import pytest

from graph.address import ServerKind
from graph.client import GraphClient
from services.api.app import ApiSettings, create_app
from services.api.wiring import parts_factory
from services.cli.main import main
from services.shop import Shop
from services.workspace import wipe
from tests.live.environment import graph_environment
from tests.live.runs import differences, export
from tests.live.shops import BOUGHT, ITEMS, SLASHED_USER, VERDICTS, SmallShop

Kerec = Callable[..., str]
LIST_COLUMNS = [
    "user_id",
    "rank",
    "item_id",
    "score",
    "channel",
    "trigger_item",
    "source_entity",
    "target_entity",
    "reason",
]


@pytest.fixture
def small(client: GraphClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallShop:
    """A written shop in the current folder; the environment names the graph."""
    small = SmallShop(tmp_path / "shop")
    small.write()
    monkeypatch.chdir(small.folder)
    for name, value in graph_environment(client.address).items():
        if name.startswith("KEREC_GRAPH_"):
            monkeypatch.setenv(name, value)
    return small


@pytest.fixture
def kerec(small: SmallShop, capsys: pytest.CaptureFixture[str]) -> Kerec:
    """Runs a command to its end and gives what it printed; a failure must be one line."""

    def command(*arguments: str, code: int = 0) -> str:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        told = capsys.readouterr()
        assert ended.value.code == code, told.err
        if code:
            assert told.err.startswith("Error: ")
            assert len(told.err.splitlines()) == 1
            return told.err
        assert told.err == ""
        return told.out

    return command


@pytest.fixture
def run(kerec: Kerec) -> Kerec:
    """The command, after `kerec run`."""
    kerec("run")
    return kerec


def test_the_steps_one_by_one_and_all_at_once(kerec: Kerec, client: GraphClient) -> None:
    assert kerec("load").startswith("load: ")
    assert "model none" in kerec("embed")
    assert "candidates" in kerec("pair")
    assert "new complement 7" in kerec("judge")
    assert "edges 7" in kerec("weigh")
    assert [line.split(":")[1].strip() for line in kerec("run").splitlines()] == ["unchanged"] * 5
    outcomes = json.loads(kerec("run", "--json"))
    assert [(outcome["step"], outcome["unchanged"]) for outcome in outcomes] == [
        (step, True) for step in ("load", "embed", "pair", "judge", "weigh")
    ]
    for step in ("load", "embed", "pair", "judge", "weigh"):
        assert json.loads(kerec(step, "--json"))[0]["step"] == step
    status = json.loads(kerec("status", "--json"))
    assert (status["shop"], status["Item"], status["COMPLEMENTS"]) == ("test", len(ITEMS), 7)
    assert (status["graph"], status["events not followed"]) == (client.address.uri, 0)
    assert status["release"] in kerec("status")


def test_lists_in_files_are_those_of_the_api(run: Kerec, client: GraphClient, tmp_path: Path) -> None:
    users = [*BOUGHT, "nobody"]
    (tmp_path / "users.txt").write_text("\n".join(users))
    pl.DataFrame({"user_id": users}).write_parquet(tmp_path / "users.parquet")
    run("recommend", "--users", str(tmp_path / "users.txt"), "--k", "7", "--out", str(tmp_path / "lists.parquet"))
    run("recommend", "--users", str(tmp_path / "users.parquet"), "-k", "7", "--out", str(tmp_path / "lists.csv"))
    parts = parts_factory(Shop.open(Path("kerec.toml")), client.address, 2)()
    api = create_app(parts, ApiSettings(validate_responses=True)).test_client()
    answers = [api.get(f"/v1/users/{quote(user, safe='')}/recommendations?k=7").json for user in users]
    parts.close()

    lists = pl.read_parquet(tmp_path / "lists.parquet")
    assert lists.columns == LIST_COLUMNS
    assert lists.schema["rank"] == pl.Int64
    assert lists.schema["score"] == pl.Float64
    assert lists.rows() == [row for answer in answers for row in list_rows(answer)]
    assert lists["user_id"].unique(maintain_order=True).to_list() == users
    written = pl.read_csv(tmp_path / "lists.csv", schema_overrides={"user_id": pl.String})
    assert written.columns == LIST_COLUMNS
    assert written["item_id"].to_list() == lists["item_id"].to_list()
    for own in lists.partition_by("user_id"):
        assert own["rank"].to_list() == list(range(1, own.height + 1))
        assert own["score"].is_sorted(descending=True)
        assert set(own["item_id"]).isdisjoint(BOUGHT.get(own["user_id"][0], ()))
    given = json.loads(run("recommend", SLASHED_USER, "u1", "--k", "7", "--json"))
    assert [each["user_id"] for each in given] == [SLASHED_USER, "u1"]
    assert [item["item_id"] for item in given[1]["items"]] == [item["item_id"] for item in answers[0]["items"]]


def list_rows(answer: dict[str, Any]) -> list[tuple[object, ...]]:
    """The rows of a file of lists, from the API's answer about one user."""
    return [
        (
            answer["user_id"],
            item["rank"],
            item["item_id"],
            item["score"],
            item["channel"],
            (because := item["because"])["bought"],
            because["source"]["id"] if because["source"] else None,
            because["target"]["id"] if because["target"] else None,
            because["reason"],
        )
        for item in answer["items"]
    ]


def test_answers_about_items_and_entities(run: Kerec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert "The stove burns gas." in run("complements", "stove1")
    complements = {
        item["item_id"]: item["because"] for item in json.loads(run("complements", "stove1", "--json"))["items"]
    }
    assert complements["gas2"]["target"] == {"id": "gas", "name": "Gas canister"}
    assert "kettle2" in run("substitutes", "kettle1")
    assert json.loads(run("substitutes", "kettle1", "--k", "1", "--json"))["items"][0]["item_id"] == "kettle2"
    assert "complements" in run("explain", "tent1", "entity:mat")
    [edge] = json.loads(run("explain", "tent1", "entity:mat", "--json"))
    assert (edge["source"]["id"], edge["target"]["id"], edge["judge"]) == ("tent", "mat", "recorded")
    assert run("explain", "tent1", "lantern1") == "no edge between them\n"
    assert "unknown" in run("recommend", "nobody")
    assert "there is no item 'frob'" in run("complements", "frob", code=1)
    assert "there is no entity 'frob'" in run("explain", "entity:frob", "tent1", code=1)


def test_pairs_of_a_file_are_judged(run: Kerec, tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("head,tail\ntent,mat\npot,kettle\nlantern,mug\ntent,mat\n")
    out = tmp_path / "verdicts.csv"

    assert run("judge", "--pairs", str(pairs), "--judge", "recorded", "--out", str(out)) == f"4 verdicts in {out}\n"

    told = pl.read_csv(out)
    assert told.columns == ["head", "tail", "label", "probability", "strength", "reason", "judge"]
    assert told.row(0) == ("tent", "mat", "complement", 0.95, 3, VERDICTS["tent", "mat"][2], "recorded")
    assert told["label"].to_list() == ["complement", "substitute", "unrelated", "complement"]
    assert told["probability"].to_list() == [0.95, 0.3, 0.3, 0.95]
    pairs.write_text("head,tail\ntent,frob\n")
    assert "no entity 'frob'" in run("judge", "--pairs", str(pairs), "--judge", "recorded", "--out", str(out), code=1)
    assert "unknown judge 'recordet'" in run(
        "judge", "--pairs", str(pairs), "--judge", "recordet", "--out", str(out), code=2
    )
    assert "--pairs and --out go together" in run("judge", "--judge", "recorded", code=2)


def test_a_person_is_forgotten(run: Kerec, client: GraphClient) -> None:
    assert run("forget", "u4").startswith("3 events removed")
    assert "u4" not in export(client)["User"]["id"]
    assert run("forget", "u4").startswith("0 events removed")
    assert "new events 0" in run("load")
    assert "u4" not in export(client)["User"]["id"]


def test_export_and_import(run: Kerec, client: GraphClient, tmp_path: Path) -> None:
    before = export(client)
    assert f"Item           {len(ITEMS)}" in run("graph", "export", "--all", "--out", str(tmp_path / "backup"))
    assert "is not empty" in run("graph", "import", str(tmp_path / "backup"), code=1)
    wipe(client)
    run("graph", "import", str(tmp_path / "backup"))

    assert differences(before, export(client)) == []
    assert [line.split(":")[1].strip() for line in run("run").splitlines()] == ["unchanged"] * 5
    run("graph", "import", str(tmp_path / "backup"), "--replace")
    assert differences(before, export(client)) == []


def test_the_graph_server(kerec: Kerec, client: GraphClient) -> None:
    wipe(client)
    assert "applied 0001-ids" in kerec("graph", "migrate")
    assert kerec("graph", "migrate") == "the schema is up to date\n"
    status = json.loads(kerec("graph", "status", "--json"))
    assert (status["running"], status["uri"]) == (True, client.address.uri)
    assert client.address.uri in kerec("graph", "status")
    assert "not embedded" in kerec("graph", "up", code=2)
    assert "not embedded" in kerec("graph", "down", code=2)


def test_releases_are_told_and_an_older_one_is_served_again(run: Kerec, small: SmallShop) -> None:
    [first] = json.loads(run("releases", "--json"))
    assert (first["served"], first["versions"]["ranker"]) == (True, "fusion-1")
    small.bought["u1"] = (*small.bought["u1"], "gas1")
    small.write()
    run("run")
    newer, older = json.loads(run("releases", "--json"))
    assert (newer["served"], older["served"], older["id"]) == (True, False, first["id"])

    told = json.loads(run("rollback", "--json"))
    assert (told["served"], told["before"]) == (first["id"], newer["id"])
    rows = [line for line in run("releases").splitlines() if first["id"] in line or newer["id"] in line]
    assert [[cell in row for cell in ("served", "fusion-1")] for row in rows] == [[False, True], [True, True]]
    assert first["id"] in run("rollback", newer["id"])
    assert "there are no files of a release 'none'" in run("rollback", "none", code=1)


def test_a_graph_of_another_shop(run: Kerec, small: SmallShop, client: GraphClient) -> None:
    small.id = "demo"
    small.write()

    assert "belongs to the shop 'test', not 'demo'" in run("run", code=1)
    assert "belongs to the shop 'test'" in run("serve", "--port", "0", code=1)
    run("run", "--replace")
    assert export(client)["Shop"]["id"].to_list() == ["demo"]


def test_a_wrong_password(kerec: Kerec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEREC_GRAPH_PASSWORD", "certainly wrong")

    assert "KEREC_GRAPH_PASSWORD" in kerec("graph", "status", code=1)


@pytest.mark.parametrize("address", [ServerKind.EMBEDDED], ids=["embedded"], indirect=True)  # it starts its own
def test_evaluation_holds_out_the_last_purchase(run: Kerec, client: GraphClient) -> None:
    before = export(client)
    board = json.loads(run("evaluate", "next-purchase", "--json", "--methods", "directed,fused,complementary"))

    assert board["users"] == len(BOUGHT)
    assert [line["method"] for line in board["lines"]][-2:] == ["fused (kerec)", "complementary alone"]
    assert board["lines"][-1]["leak"] == 0
    assert differences(before, export(client)) == []
