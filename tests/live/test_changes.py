"""What a change of the user's files does to the graph, and that the graph can be made anew from what is on disk."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from graph.client import GraphClient
from graph.errors import GraphError
from services.pipeline.load import LOAD
from services.pipeline.run import run_steps
from services.ranking.building import build_recommender
from services.shop import Shop
from services.workspace import Workspace, claim, wipe
from tests.live.runs import differences, edges, export, opened, ran
from tests.live.shops import BOUGHT, ENTITIES, ITEMS, SmallShop


@pytest.fixture
def small(tmp_path: Path) -> SmallShop:
    return SmallShop(tmp_path / "shop")


@pytest.fixture
def workspace(client: GraphClient, small: SmallShop) -> Workspace:
    """The shop after its first run."""
    workspace = opened(client, small)
    ran(workspace)
    return workspace


def again(workspace: Workspace, small: SmallShop) -> Workspace:
    """The changed shop, run."""
    changed = opened(workspace.client, small)
    ran(changed)
    return changed


def test_an_item_that_left_the_catalogue_is_withdrawn_with_all_that_is_known(
    workspace: Workspace, small: SmallShop
) -> None:
    before = export(workspace.client)
    title = small.items.pop("mat1")
    changed = again(workspace, small)

    after = export(changed.client)
    rows = {row["id"]: row for row in after["Item"].to_dicts()}
    assert not rows["mat1"]["available"]
    assert rows["mat1"]["popularity_rank"] is None
    assert rows["mat1"]["title"] == ITEMS["mat1"][1]
    unchanged = ("User", "IS_A", "BOUGHT", "CLICKED", "SAW", "INTERESTED_IN", "BOUGHT_BEFORE")
    assert set(differences(before, after)).isdisjoint(unchanged)
    assert ("mat", "mat1") not in edges(after, "OFFERS")
    recommender = build_recommender(changed)
    for user in ("u3", "u4", "nobody"):
        assert "mat1" not in {item.item_id for item in recommender.for_user(user, 100).items}
    assert "mat1" not in {item.item_id for item in recommender.for_basket(["tent1"], 100).items}
    assert "mat1" not in {item.item_id for item in recommender.complements("tent1", 100).items}
    assert "mat1" not in {item.item_id for item in recommender.substitutes("mat2", 100).items}
    assert recommender.for_user("u1", 5).known
    small.items["mat1"] = title
    assert differences(before, export(again(changed, small).client)) == []


def test_a_withdrawn_item_survives_that_the_graph_is_made_anew(workspace: Workspace, small: SmallShop) -> None:
    del small.items["mat1"]
    before = export(again(workspace, small).client)
    wipe(workspace.client)

    after = export(again(workspace, small).client)

    assert set(differences(before, after)) <= {"Release"}  # earlier releases end with their graph
    assert not (small.folder / ".kerec" / "rejects" / "load.csv").exists()


def test_an_emptied_graph_is_made_anew_from_journal_and_ledger(workspace: Workspace, small: SmallShop) -> None:
    before = export(workspace.client)
    wipe(workspace.client)
    config = small.folder / "kerec.toml"
    config.write_text(re.sub(r"\[judge\][^\[]*", "", config.read_text()))
    events = small.folder / "events.csv"
    events.write_text(events.read_text().splitlines()[0] + "\n")
    bare = Workspace(Shop.open(config, environ={}), workspace.client)
    claim(bare.client, bare.shop.id, replace=False)

    outcomes = ran(bare)

    assert not any(outcome.unchanged for outcome in outcomes)
    assert outcomes[0].summary["new events"] == 0
    assert differences(before, export(workspace.client)) == []


def test_a_deleted_journal_is_filled_from_the_files_again(workspace: Workspace, small: SmallShop) -> None:
    before = export(workspace.client)
    workspace.journal.close()
    shutil.rmtree(small.folder / ".kerec" / "events")

    outcomes = ran(opened(workspace.client, small))

    assert outcomes[0].summary["new events"] == outcomes[0].summary["events"] > 0
    assert differences(before, export(workspace.client)) == []


def test_all_of_the_state_on_disk_deleted(workspace: Workspace, small: SmallShop) -> None:
    before = export(workspace.client)
    workspace.journal.close()
    shutil.rmtree(small.folder / ".kerec")

    ran(opened(workspace.client, small))

    assert differences(before, export(workspace.client)) == []


def test_verdicts_that_change_or_leave_the_file(workspace: Workspace, small: SmallShop) -> None:
    del small.verdicts["tent", "bag"]
    small.verdicts["stove", "pot"] = ("substitute", 2, "Judged anew.")
    small.verdicts["mat", "bag"] = ("complement", 3, "Stronger now.")

    after = export(again(workspace, small).client)

    complements = edges(after, "COMPLEMENTS")
    assert ("tent", "bag") not in complements
    assert edges(after, "REJECTED")["tent", "bag"]["label"] == "unrelated"
    assert ("stove", "pot") not in complements
    assert edges(after, "SUBSTITUTES")["stove", "pot"]["reason"] == "Judged anew."
    assert (complements["mat", "bag"]["strength"], complements["mat", "bag"]["probability"]) == (3, 0.95)
    assert len(after["Release"]) == 2


def test_an_entity_that_leaves_the_dictionary_and_comes_back(workspace: Workspace, small: SmallShop) -> None:
    before = export(workspace.client)
    del small.entities["mat"]
    gone = export(again(workspace, small).client)
    small.entities = dict(ENTITIES)
    back = export(again(workspace, small).client)

    assert "mat" not in gone["Entity"]["id"]
    assert "mat1" not in {item for item, _ in edges(gone, "IS_A")}
    assert not [pair for name in ("COMPLEMENTS", "REJECTED") for pair in edges(gone, name) if "mat" in pair]
    assert set(differences(before, gone)).isdisjoint({"User", "BOUGHT", "BOUGHT_BEFORE"})
    assert before["Item"].drop("share").equals(gone["Item"].drop("share"))
    changed = set(differences(before, back))
    assert changed.isdisjoint({"Entity", "Item", "IS_A", "BOUGHT", "INTERESTED_IN", "OFFERS"})
    assert edges(back, "COMPLEMENTS").keys() == edges(before, "COMPLEMENTS").keys()


def test_a_step_alone_makes_the_later_ones_due_also_when_its_inputs_are_put_back(
    workspace: Workspace, small: SmallShop
) -> None:
    before = export(workspace.client)
    del small.entities["mat"]
    small.write()
    list(run_steps(opened(workspace.client, small), [LOAD]))  # takes the entity's judged edges along
    small.entities = dict(ENTITIES)
    back = export(again(workspace, small).client)

    assert set(differences(before, back)) <= {"COMPLEMENTS", "SUBSTITUTES", "REJECTED", "Release", "Shop"}
    for name in ("COMPLEMENTS", "SUBSTITUTES", "REJECTED", "OFFERS"):
        assert edges(back, name).keys() == edges(before, name).keys()
    assert before["Entity"].equals(back["Entity"])


def test_appended_events_are_counted_once(workspace: Workspace, small: SmallShop) -> None:
    small.bought["u3"] = (*BOUGHT["u3"], "mat1", "mat1")
    first = ran(opened(workspace.client, small))
    second = ran(opened(workspace.client, small))

    assert first[0].summary["new events"] == 2
    assert all(outcome.unchanged for outcome in second)
    exported = export(workspace.client)
    assert edges(exported, "BOUGHT")["u3", "mat1"]["count"] == 2
    assert edges(exported, "BOUGHT")["u3", "tent1"]["count"] == 1
    assert "mat1" not in {item.item_id for item in build_recommender(workspace).for_user("u3", 100).items}


def test_an_event_of_other_content_is_told_and_not_counted(workspace: Workspace, small: SmallShop) -> None:
    small.bought["u3"] = ("tent2", "gas1")  # its first purchase keeps its id

    [load, *_] = ran(opened(workspace.client, small))

    assert load.summary["rejected"] == 1
    assert "other content" in (small.folder / ".kerec" / "rejects" / "load.csv").read_text()
    assert edges(export(workspace.client), "BOUGHT").keys() >= {("u3", "tent1")}


class TestIdentity:
    def test_a_graph_of_another_shop_is_refused_and_replaced_only_if_asked(
        self, workspace: Workspace, tmp_path: Path
    ) -> None:
        before = export(workspace.client)
        other = SmallShop(tmp_path / "other", id="demo").open()

        with pytest.raises(GraphError, match=r"belongs to the shop 'test', not 'demo'.*--replace"):
            claim(workspace.client, other.id, replace=False)
        assert differences(before, export(workspace.client)) == []
        claim(workspace.client, other.id, replace=True)
        replaced = export(workspace.client)
        assert replaced["Shop"]["id"].to_list() == ["demo"]
        assert sum(frame.height for frame in replaced.values()) == 1
        ran(Workspace(other, workspace.client))
        assert set(differences(before, export(workspace.client))) == {"Shop"}

    def test_replacing_spares_a_graph_of_the_same_shop(self, workspace: Workspace) -> None:
        claim(workspace.client, "test", replace=True)

        assert all(outcome.unchanged for outcome in ran(workspace))

    def test_nodes_of_another_program_are_refused_and_deleted_only_if_asked(self, client: GraphClient) -> None:
        client.write(lambda tx: tx.text("CREATE (:Film {id: 'x'})-[:SHOWN_IN]->(:Cinema {id: 'y'})"))

        with pytest.raises(GraphError, match=r"no shop's.*--replace"):
            claim(client, "test", replace=False)
        assert client.rows("load/shop/count") == [{"nodes": 2}]
        claim(client, "test", replace=True)
        assert client.rows("load/shop/count") == [{"nodes": 1}]
