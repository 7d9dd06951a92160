"""`kerec link`: a table of titles in, the table of CONTRACTS out, without any graph."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from graph.errors import DataError, SettingsError, StorageError, UsageError
from services.cli.files import link_file, parse_columns, read_users
from services.cli.main import main
from services.shop import Shop

COLUMNS = ["id", "entity_id", "name", "start", "end", "confidence", "source", "secondary"]
TITLES = """\
item_id,title,path
7,Ulvar tent for two,
8,"Gas canister, for camping stoves",
9,Voucher 25,
10,,Outdoor > Tents
11,Zélt ⛺ Norrvik TENT,
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "items.csv").write_text("id,title\n1,A tent\n")
    (tmp_path / "entities.csv").write_text(
        "id,name,categories\ntent,Tent,Tents\ngas,Gas canister,\nstove,Camping stove,\n"
    )
    config = tmp_path / "kerec.toml"
    config.write_text(
        '[shop]\nid = "test"\n[items]\npath = "items.csv"\ncolumns = { id = "id", title = "title" }\n'
        '[dictionary]\npath = "entities.csv"\ncolumns = { id = "id", name = "name", categories = "categories" }\n'
    )
    (tmp_path / "titles.csv").write_text(TITLES)
    return config


def linked(config: Path, out: str, columns: str = "id=item_id,category=path") -> Path:
    arguments = ["link", "--config", str(config), "--in", str(config.with_name("titles.csv"))]
    path = config.with_name(out)
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--out", str(path), "--columns", columns])
    assert ended.value.code == 0
    return path


def test_one_row_per_title_in_their_order(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = linked(config, "links.parquet")

    assert capsys.readouterr().out == f"5 rows in {path}\n"
    links = pl.read_parquet(path)
    assert links.columns == COLUMNS
    assert links["id"].to_list() == ["7", "8", "9", "10", "11"]
    assert links["entity_id"].to_list() == ["tent", "gas", "", "tent", "tent"]
    assert links["name"].to_list() == ["Tent", "Gas canister", "", "Tent", "Tent"]
    titles = ["Ulvar tent for two", "Gas canister, for camping stoves", "", "", "Zélt ⛺ Norrvik TENT"]
    spans = [titles[row][start:end] for row, (start, end) in enumerate(links.select("start", "end").iter_rows())]
    assert [spans[0], spans[1], spans[4]] == ["tent", "Gas canister", "TENT"]
    for row in (2, 3):
        assert links.select("start", "end").row(row) == (-1, -1)
    assert links["confidence"][2] == 0
    assert links["confidence"].is_between(0, 1).all()
    assert links["secondary"][1] == "stove"
    assert not (config.parent / ".kerec").exists()  # the graph is not needed


@pytest.mark.parametrize("name", ["links.csv", "links.tsv", "links.jsonl"])
def test_every_format_holds_the_same(config: Path, name: str) -> None:
    expected = pl.read_parquet(linked(config, "links.parquet"))
    path = linked(config, name)
    read = {".csv": pl.read_csv, ".tsv": lambda p: pl.read_csv(p, separator="\t"), ".jsonl": pl.read_ndjson}
    found = read[path.suffix](path)

    assert found.columns == COLUMNS
    assert found["entity_id"].fill_null("").to_list() == expected["entity_id"].to_list()
    assert found["start"].to_list() == expected["start"].to_list()


def test_what_cannot_be_linked_says_why(config: Path, tmp_path: Path) -> None:
    shop, titles = Shop.open(config, environ={}), tmp_path / "titles.csv"

    with pytest.raises(DataError, match="does not exist"):
        link_file(shop, tmp_path / "none.csv", tmp_path / "out.csv", {})
    with pytest.raises(DataError, match="'id'"):
        link_file(shop, titles, tmp_path / "out.csv", {})
    with pytest.raises(UsageError, match="no known format"):
        link_file(shop, titles, tmp_path / "out.xls", {"id": "item_id"})
    with pytest.raises(StorageError, match="does not exist"):
        link_file(shop, titles, tmp_path / "none" / "out.csv", {"id": "item_id"})
    config.write_text(config.read_text().partition("[dictionary]")[0])
    with pytest.raises(SettingsError, match=r"\[dictionary\]"):
        link_file(Shop.open(config, environ={}), titles, tmp_path / "out.csv", {"id": "item_id"})
    assert not (tmp_path / "out.csv").exists()


def test_columns_are_read_as_field_and_column() -> None:
    assert parse_columns("") == {}
    assert parse_columns("id=item_id, category=a=b ,") == {"id": "item_id", "category": "a=b"}
    for wrong in ("id", "id=", "idd=x", "=x"):
        with pytest.raises(UsageError, match="--columns"):
            parse_columns(wrong)


@pytest.mark.parametrize(
    ("name", "text", "users"),
    [
        ("users.txt", "u1\n\n u/2 \nu1\n", ["u1", "u/2", "u1"]),
        ("users.txt", "user_id\nu1\n", ["u1"]),
        ("users.csv", "user_id,age\nu1,3\n007,4\n", ["u1", "007"]),
        ("users.csv", '"user_id"\n"u,1"\n', ["u,1"]),
        ("users.csv", "u1\nu2\n", ["u1", "u2"]),
        ("users.tsv", "age\tuser_id\n3\tu1\n", ["u1"]),
        ("users.jsonl", '{"user_id": "u1"}\n{"user_id": 7}\n', ["u1", "7"]),
    ],
)
def test_users_come_from_a_column_or_one_a_line(tmp_path: Path, name: str, text: str, users: list[str]) -> None:
    path = tmp_path / name
    path.write_text(text)

    assert read_users(path) == users


def test_a_file_without_users_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "users.txt"
    path.write_bytes(b"\n")
    with pytest.raises(DataError, match="names no users"):
        read_users(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match="UTF-8"):
        read_users(path)
    with pytest.raises(DataError, match="cannot be read"):
        read_users(tmp_path)
    if os.geteuid() != 0:
        path.chmod(0)
        with pytest.raises(DataError, match="cannot be read"):
            read_users(path)
