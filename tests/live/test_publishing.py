"""A learned release is served, held and rolled back, on both servers; lists read its views where they have room."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from graph.client import GraphClient
from graph.errors import GraphError, NotFoundError
from graph.tables import ENTITY_VIEWS
from services.pipeline.archive import manifests, read_release
from services.pipeline.release import served
from services.pipeline.rollback import roll_back
from services.pipeline.run import run_steps
from services.pipeline.step import stamp_of
from services.pipeline.weigh import WEIGH
from services.ranking.building import build_recommender
from services.recall.learned import LEARNED
from services.recall.port import Recommendations
from services.shop import Shop
from services.workspace import Workspace
from tests.live.learned import EDGES, nearest, trained, views, weights
from tests.live.runs import differences, edges, export, opened, ran
from tests.live.shops import ITEMS, SmallShop


@pytest.fixture
def workspace(client: GraphClient, tmp_path: Path) -> Workspace:
    workspace = opened(client, SmallShop(tmp_path))
    ran(workspace)
    return workspace


def weigh(workspace: Workspace, *, force: bool = False) -> tuple[bool, dict[str, int | float | str]]:
    [outcome] = run_steps(workspace, [WEIGH], force=force)
    return outcome.unchanged, outcome.summary


def test_what_was_learned_is_in_the_graph_and_can_be_taken_back(workspace: Workspace) -> None:
    client = workspace.client
    before, first = export(client), str(served(workspace))
    release = trained(workspace, "m-1", weights(), views())

    learned = export(client)
    assert release != first
    assert set(differences(learned, before)) == {"Entity", "COMPLEMENTS", "Shop", "Release"}
    rows = edges(learned, "COMPLEMENTS")
    assert {pair: row["weight"] for pair, row in rows.items()} == {
        (head, tail): pytest.approx(weight) for head, tail, weight, *_ in weights().rows()
    }
    assert {pair: (row["items"], row["pulls"], row["affinity"]) for pair, row in rows.items()} == {
        (head, tail): (items, pytest.approx(pulls), pytest.approx(affinity))
        for head, tail, _, items, pulls, affinity in weights().rows()
    }
    assert {row["release"] for row in rows.values()} == {release}
    stove = sorted((row["rank"], -float(str(row["weight"]))) for (head, _), row in rows.items() if head == "stove")
    assert [rank for rank, _ in stove] == [1, 2]
    assert stove == sorted(stove, key=lambda row: row[1])
    kept = read_release(workspace.shop, release)
    assert kept.views["id"].to_list() == sorted(views()["id"])
    assert kept.views.schema == ENTITY_VIEWS.schema
    lantern = learned["Entity"].filter(id="lantern").row(0, named=True)
    assert (lantern["substitutable"], lantern["complementary"], lantern["views"]) == (None, None, None)
    assert weigh(workspace, force=True)[1]["release"] == release
    assert differences(export(client), learned) == []

    back = roll_back(workspace)
    assert (back.release, back.before) == (first, release)
    assert set(differences(export(client), before)) == {"Release"}  # the node of the learned one stays
    assert roll_back(workspace, release).before == first
    assert differences(export(client), learned) == []


def test_a_release_is_held_until_inputs_change_or_by_force(workspace: Workspace, tmp_path: Path) -> None:
    first = served(workspace)
    learned = trained(workspace, "m-1", weights(), views())
    unchanged, told = weigh(workspace)
    assert unchanged
    assert told["release"] == learned
    assert all(outcome.unchanged for outcome in ran(workspace))
    roll_back(workspace)
    unchanged, told = weigh(workspace)
    assert unchanged
    assert (served(workspace), told["release"]) == (first, first)
    assert str(told["set by"]).startswith("rollback ")

    unchanged, told = weigh(workspace, force=True)
    assert not unchanged
    assert told["release"] == learned  # made from the same: the same release
    roll_back(workspace, first)
    small = SmallShop(tmp_path)
    small.bought["u1"] = (*small.bought["u1"], "gas1")
    changed = opened(workspace.client, small)
    ran(changed)
    made = read_release(changed.shop, str(served(changed)))
    assert made.id == learned  # what the model learned stays until there is another
    assert made.manifest.versions.weights.startswith("edges-m-1")
    assert made.manifest.versions.views == read_release(changed.shop, learned).manifest.versions.views
    assert [each.id for each in manifests(changed.shop)] == [first, learned]


def test_an_edge_that_a_release_does_not_know_keeps_its_weight(workspace: Workspace, tmp_path: Path) -> None:
    first = str(served(workspace))
    small = SmallShop(tmp_path)
    small.verdicts["stove", "kettle"] = ("complement", 3, "Water is boiled on it.")
    del small.verdicts["tent", "bag"]
    changed = opened(workspace.client, small)
    ran(changed)
    new = edges(export(changed.client), "COMPLEMENTS")["stove", "kettle"]
    roll_back(changed, first)

    rows = edges(export(changed.client), "COMPLEMENTS")
    assert (rows["stove", "kettle"]["weight"], rows["stove", "kettle"]["release"]) == (new["weight"], new["release"])
    assert len(rows) == len(EDGES)
    assert ("tent", "bag") not in rows
    assert sorted(str(row["rank"]) for (head, _), row in rows.items() if head == "stove") == ["1", "2", "3"]
    assert {row["release"] for pair, row in rows.items() if pair != ("stove", "kettle")} == {first}


def test_what_cannot_be_published_or_rolled_back_is_one_line(workspace: Workspace, client: GraphClient) -> None:
    with pytest.raises(NotFoundError, match=r"no release was made before \w+: name one, see kerec releases"):
        roll_back(workspace)
    with pytest.raises(NotFoundError, match="no files of a release 'none'"):
        roll_back(workspace, "none")
    with pytest.raises(ValueError, match="dimensions"):
        trained(workspace, "m", weights(), views().with_columns(pl.col("substitutable").list.head(3)))
    with pytest.raises(NotFoundError, match="no files of a release ''"):
        roll_back(workspace, "")
    client.run("load/shop/release", release=None)
    with pytest.raises(GraphError, match="run kerec weigh first"):
        roll_back(workspace, "none")


def test_rolling_back_where_weigh_has_something_to_do_leaves_it_to_do(workspace: Workspace) -> None:
    first = str(served(workspace))
    learned = trained(workspace, "m-1", weights(), views())
    workspace.client.run("load/step/delete", rows=[{"id": "weigh"}])  # as load and judge do, before weigh failed
    assert roll_back(workspace).release == first
    assert stamp_of(workspace, "weigh") is None
    assert served(workspace) == first
    unchanged, told = weigh(workspace)
    assert (unchanged, told["release"]) == (False, learned)


def test_a_model_that_is_not_used_any_more_takes_its_views_along(workspace: Workspace, tmp_path: Path) -> None:
    before = export(workspace.client)
    trained(workspace, "m-1", weights(), views())
    path = tmp_path / "kerec.toml"
    path.write_text(f"{path.read_text()}[weights]\nlearned = false\n")
    ran(Workspace(Shop.open(path, environ={}), workspace.client))
    assert set(differences(export(workspace.client), before)) == {"Release"}


def learned(given: Recommendations) -> list[tuple[str, str]]:
    """The items that the views brought, with the entity for which each stands."""
    return [
        (item.item_id, item.because.target.id)
        for item in given.items
        if item.channel == LEARNED and item.because.target is not None
    ]


def test_lists_are_filled_by_the_views_behind_what_was_judged(workspace: Workspace) -> None:
    recommender = build_recommender(workspace)
    before = {kind: getattr(recommender, kind)("tent1", 30) for kind in ("complements", "substitutes")}
    release = trained(workspace, "m-1", weights(), views())
    roll_back(workspace)
    same = {kind: getattr(recommender, kind)("tent1", 30) for kind in before}
    assert {kind: given.items for kind, given in same.items()} == {kind: given.items for kind, given in before.items()}

    roll_back(workspace, release)
    for kind, view in (("complements", "complementary"), ("substitutes", "substitutable")):
        given = getattr(recommender, kind)("tent1", 30)
        old = len(before[kind].items)
        assert {item.item_id for item in given.items[:old]} == {item.item_id for item in before[kind].items}
        assert all(item.channel == LEARNED for item in given.items[old:])
        scores = [item.score for item in given.items]
        assert scores == sorted(scores, reverse=True)
        near = [entity for entity, cosine in nearest(views(), view, "tent") if cosine > 0 and entity != "tent"][:10]
        shown = {item.item_id for item in before[kind].items} | {"tent1"}
        expected = {(i, entity) for i, (entity, _) in ITEMS.items() if entity in near and i not in shown}
        assert set(learned(given)) == expected
        because = given.items[-1].because
        assert (because.bought, because.weight, because.reason) == (
            "tent1",
            None,
            "near it by what purchases taught, not judged",
        )
        assert getattr(recommender, kind)("tent1", old).items == given.items[:old]
    assert learned(recommender.complements("lantern1", 30)) == []


def test_judged_substitutes_do_not_go_with_an_entity(workspace: Workspace) -> None:
    trained(workspace, "m-1", weights(), views())
    rows = workspace.client.rows("recall/matching_entities", entity="pot", exclude=["gas1"], limit=10, items=1)
    found = [(row[2], pytest.approx(row[4], abs=1e-5), len(row[5])) for row in rows[0]["neighbours"]]
    expected = [
        (entity, cosine, 1)
        for entity, cosine in nearest(views(), "complementary", "pot")
        if entity not in ("pot", "kettle") and cosine > 0
    ]
    assert expected == found
