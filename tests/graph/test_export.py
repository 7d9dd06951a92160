"""What is exported comes back, on the same server and on the other; what is not an export changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from graph.address import GraphAddress, ServerKind
from graph.client import GraphClient
from graph.errors import DataError, GraphError, StorageError
from graph.export import export_graph, import_graph, table_frame
from graph.reconcile import write
from graph.tables import ITEM, SHOP, TABLES
from services.workspace import wipe
from tests.graph.rows import fill, sample


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def exported(client: GraphClient, folder: Path, *, everything: bool = True) -> dict[str, bytes]:
    export_graph(client, folder, everything=everything)
    return contents(folder)


@pytest.fixture(scope="module")
def backup(embedded_address: GraphAddress, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export with --all [folder] of a graph that is gone again."""
    folder = tmp_path_factory.mktemp("backup")
    with GraphClient(embedded_address, retry_seconds=5) as client:
        wipe(client)
        fill(client)
        export_graph(client, folder, everything=True)
        wipe(client)
    return folder


@pytest.fixture
def source(backup: Path, tmp_path: Path) -> Path:
    """A copy of it to spoil."""
    return shutil.copytree(backup, tmp_path / "source")


def test_an_export_with_all_restores_the_graph_completely(client: GraphClient, tmp_path: Path) -> None:
    fill(client)
    backup = exported(client, tmp_path / "all")
    plain = exported(client, tmp_path / "plain", everything=False)
    wipe(client)
    counts = import_graph(client, tmp_path / "all", "test")
    assert counts == {name: sample(table.views[0]).height for name, table in TABLES.items()}
    assert exported(client, tmp_path / "all again") == backup
    assert exported(client, tmp_path / "plain again", everything=False) == plain


@pytest.mark.parametrize("kind", ServerKind)
def test_a_graph_moves_to_the_other_server(
    kind: ServerKind, embedded_address: GraphAddress, neo4j_address: GraphAddress, tmp_path: Path
) -> None:
    places = [embedded_address, neo4j_address]
    if kind is ServerKind.NEO4J:
        places.reverse()
    with GraphClient(places[0], retry_seconds=5) as here, GraphClient(places[1], retry_seconds=5) as there:
        wipe(here)
        wipe(there)
        fill(here)
        backup = exported(here, tmp_path / "all")
        plain = exported(here, tmp_path / "plain", everything=False)
        import_graph(there, tmp_path / "all", "test")
        assert exported(there, tmp_path / "all there") == backup
        assert exported(there, tmp_path / "plain there", everything=False) == plain
        wipe(here)
        wipe(there)


def test_equal_graphs_give_equal_bytes_however_they_came_about(client: GraphClient, tmp_path: Path) -> None:
    fill(client)
    first = exported(client, tmp_path / "first")
    assert exported(client, tmp_path / "second") == first
    assert exported(client, tmp_path / "second") == first  # over what is there
    wipe(client)
    fill(client, backwards=True)
    assert exported(client, tmp_path / "third") == first


def test_rows_are_sorted_by_key_and_columns_stand_as_documented(client: GraphClient, tmp_path: Path) -> None:
    fill(client)
    export_graph(client, tmp_path, everything=True)
    for name, table in TABLES.items():
        frame = pl.read_parquet(tmp_path / f"{name}.parquet")
        columns = [column for view in table.views for column in view.columns if column not in table.key]
        assert frame.columns == [*table.key, *columns]
        assert frame.equals(frame.sort(table.key))
        assert frame.equals(table_frame(client, table, everything=True))


def test_a_plain_export_holds_nothing_of_the_runs_own_time(client: GraphClient, tmp_path: Path) -> None:
    fill(client)
    before = exported(client, tmp_path / "before", everything=False)
    for name, column in (("shop_state", "watermark"), ("release", "created_at"), ("step", "finished_at")):
        view = next(view for table in TABLES.values() for view in table.views if view.name == name)
        write(client, view, sample(view).with_columns(pl.lit(12345).alias(column)))
    for name in ("complements", "substitutes", "rejected"):
        view = TABLES[name.upper()].views[0]
        write(client, view, sample(view).with_columns(judged_at=pl.lit(12345)))
    assert exported(client, tmp_path / "after", everything=False) == before
    left_out = {f"{table.name}.parquet" for table in TABLES.values() if table.run_only}
    assert left_out == {"Step.parquet", "TrainingRun.parquet"}
    assert not left_out & before.keys()
    assert len(before) == len(TABLES) - 2


def test_floats_that_differ_beyond_nine_digits_are_equal_in_a_plain_export(client: GraphClient, tmp_path: Path) -> None:
    folders = []
    for price in (0.3, 0.1 + 0.2, 0.300000001):
        write(client, ITEM, pl.DataFrame([{"id": "a", "price": price}], schema=ITEM.schema))
        folders.append(tmp_path / str(price))
        export_graph(client, folders[-1])
        exact = table_frame(client, TABLES["Item"], everything=True)
        assert exact["price"].to_list() == [price]
    one, other, more = (folder.joinpath("Item.parquet").read_bytes() for folder in folders)
    assert one == other != more


def test_an_empty_graph_is_exported_as_empty_tables(client: GraphClient, tmp_path: Path) -> None:
    assert export_graph(client, tmp_path / "new" / "folder", everything=True) == dict.fromkeys(TABLES, 0)
    with pytest.raises(DataError, match=r"^\S+ is an export of no shop, not of 'test'$"):
        import_graph(client, tmp_path / "new" / "folder", "test")


def test_a_shop_that_was_never_released_keeps_how_far_it_followed_the_journal(
    client: GraphClient, tmp_path: Path
) -> None:
    write(client, SHOP, sample(SHOP))
    client.run("feedback/advance", watermark=7, now=1)
    export_graph(client, tmp_path, everything=True)
    wipe(client)
    import_graph(client, tmp_path, "test")
    assert [(row["shop"], row["watermark"]) for row in client.rows("feedback/watermark")] == [("test", 7)]


def test_a_graph_that_is_not_empty_is_left_alone(client: GraphClient, source: Path, tmp_path: Path) -> None:
    client.run("load/shop/start", id="demo")
    before = exported(client, tmp_path / "before")
    with pytest.raises(GraphError, match=r"^the graph at bolt://\S+ is not empty: --replace deletes what it holds$"):
        import_graph(client, source, "test")
    assert exported(client, tmp_path / "after") == before


def test_a_graph_is_replaced_where_that_is_asked_for(client: GraphClient, source: Path, tmp_path: Path) -> None:
    client.run("load/shop/start", id="demo")
    client.run("load/user/write", rows=[{"id": "old"}])
    import_graph(client, source, "test", wipe=wipe)
    assert exported(client, tmp_path / "after") == contents(source)


def test_progress_is_told_for_every_table(client: GraphClient, source: Path) -> None:
    told: dict[str, tuple[int, int]] = {}
    import_graph(client, source, "test", progress=lambda what, done, total: told.update({what: (done, total)}))
    assert {f"{table.views[0].name}: write" for table in TABLES.values()} <= told.keys()
    assert all(done == total > 0 for done, total in told.values())


def test_a_folder_with_brackets_in_its_name_is_read(client: GraphClient, source: Path) -> None:
    folder = source.rename(source.with_name("backup [1]*"))
    assert import_graph(client, folder, "test")["Shop"] == 1


def changed(table: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Callable[[Path], None]:
    def work(folder: Path) -> None:
        path = folder / f"{table}.parquet"
        change(pl.read_parquet(path)).write_parquet(path)

    return work


def cut_off(folder: Path) -> None:
    path = folder / "Item.parquet"
    path.write_bytes(path.read_bytes()[:-20])


def made_a_folder(folder: Path) -> None:
    path = folder / "User.parquet"
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "no folder": (shutil.rmtree, r"Shop\.parquet is missing: \S+ is no whole export"),
    "a file is missing": (lambda at: (at / "OFFERS.parquet").unlink(), r"OFFERS\.parquet is missing: .* no whole"),
    "not Parquet": (lambda at: (at / "User.parquet").write_text("id\nu1\n"), r"User\.parquet cannot be read: .+"),
    "cut off": (cut_off, r"Item\.parquet cannot be read: .+"),
    "a folder": (made_a_folder, r"User\.parquet cannot be read: .+"),
    "plain": (changed("Release", lambda frame: frame.drop("created_at")), r"lacks the column 'created_at': .*--all.*"),
    "another type": (
        changed("Item", lambda frame: frame.with_columns(id=pl.int_range(pl.len()))),
        r"Item\.parquet is no export: its column 'id' holds Int64, not String",
    ),
    "no id": (
        changed("User", lambda frame: pl.concat([frame, pl.DataFrame({"id": [None]}, schema=frame.schema)])),
        r"User\.parquet is no export: id must be unique and never null",
    ),
    "twice": (
        changed("BOUGHT", lambda frame: pl.concat([frame, frame.head(1)])),
        r"BOUGHT\.parquet is no export: user and item must be unique and never null",
    ),
    "another shop": (
        changed("Shop", lambda frame: frame.with_columns(id=pl.lit("beauty"))),
        r"\S+ is an export of the shop 'beauty', not of 'test'",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_no_export_of_the_shop_is_one_line_and_nothing_is_written(
    client: GraphClient, source: Path, damage: str
) -> None:
    spoil, text = DAMAGES[damage]
    spoil(source)
    with pytest.raises(DataError, match=text) as caught:
        import_graph(client, source, "test", wipe=wipe)
    assert str(source) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert client.rows("load/shop/count") == [{"nodes": 0}]


def test_a_damaged_export_does_not_empty_the_graph_it_should_replace(client: GraphClient, source: Path) -> None:
    client.run("load/shop/start", id="test")
    (source / "OFFERS.parquet").unlink()
    with pytest.raises(DataError):
        import_graph(client, source, "test", wipe=wipe)
    assert client.rows("load/shop/count") == [{"nodes": 1}]


def test_a_folder_that_cannot_be_written_is_one_line(client: GraphClient, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"^\S+/file/Shop\.parquet cannot be written: File exists$"):
        export_graph(client, tmp_path / "file")
    (tmp_path / "User.parquet").mkdir()
    with pytest.raises(StorageError, match=r"^\S+/User\.parquet cannot be written: Is a directory.*$"):
        export_graph(client, tmp_path)
