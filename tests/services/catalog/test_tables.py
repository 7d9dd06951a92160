from __future__ import annotations

import csv
import io
import json
import time
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from graph.errors import DataError
from services.catalog.table import Table
from services.catalog.tables import READERS, read_table

COLUMNS = {"id": "item id", "title": "Title"}
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r")
TEXTS = st.text(CHARACTERS, max_size=8) | st.sampled_from(['"', ",", "a\nb", '"\n"', " ", "\t", "é\n\n"])
ROWS = st.lists(st.tuples(st.integers(-(10**12), 10**12), TEXTS), min_size=1, max_size=12)


def delimited(rows: list[tuple[int, str]], separator: str, end: str) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator, lineterminator=end)
    writer.writerow(COLUMNS.values())
    writer.writerows(rows)
    return buffer.getvalue()


def written(folder: Path, extension: str, rows: list[tuple[int, str]]) -> Path:
    path = folder / f"rows.{extension}"
    records = [dict(zip(COLUMNS.values(), row, strict=True)) for row in rows]
    if extension == "parquet":
        pl.DataFrame(records).write_parquet(path)
    elif extension == "jsonl":
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    else:
        path.write_bytes(delimited(rows, "," if extension == "csv" else "\t", "\n").encode())
    return path


def expected(rows: list[tuple[int, str]]) -> pl.DataFrame:
    ids, titles = [str(number) for number, _ in rows], [title or None for _, title in rows]
    return pl.DataFrame({"id": ids, "title": titles}, schema={"id": pl.String, "title": pl.String})


def table(folder: Path, name: str, data: str | bytes) -> Table:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_table(path, {"id": "id", "title": "title"})


def refused(found: Table) -> list[tuple[int, str]]:
    return [(reject.line, reject.reason) for reject in found.rejects]


def outcome(path: Path) -> Table | DataError:
    try:
        return read_table(path, {"id": "id"})
    except DataError as error:
        return error


@given(ROWS)
@settings(max_examples=60)
def test_every_format_gives_the_same_frame(rows: list[tuple[int, str]]) -> None:
    with TemporaryDirectory() as folder:
        for extension in ("csv", "tsv", "jsonl", "parquet"):
            found = read_table(written(Path(folder), extension, rows), COLUMNS)
            assert found.rejects == []
            assert found.total == len(rows)
            assert_frame_equal(found.frame.drop("line"), expected(rows))


@given(ROWS, st.sampled_from(["\n", "\r\n"]), st.booleans())
@settings(max_examples=60)
def test_lines_are_where_records_start(rows: list[tuple[int, str]], end: str, marked: bool) -> None:
    starts, line = [], 2
    for row in rows:
        starts.append(line)
        line += delimited([row], ",", end).count("\n") - 1
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        path.write_bytes((b"\xef\xbb\xbf" if marked else b"") + delimited(rows, ",", end).encode())
        found = read_table(path, COLUMNS)
    assert found.frame["line"].to_list() == starts


@given(st.binary(max_size=60))
@settings(max_examples=200)
def test_any_bytes_are_rows_rejects_or_one_error(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        for extension in READERS:
            path = Path(folder) / f"rows{extension}"
            path.write_bytes(data if extension in (".parquet", ".jsonl") else b"id,title\n" + data)
            found = outcome(path)
            if isinstance(found, DataError):
                assert "\n" not in str(found)
                assert str(path) in str(found)
            else:
                lines = [*found.frame["line"], *(reject.line for reject in found.rejects)]
                assert len(set(lines)) == len(lines)


def test_malformed_lines_of_csv_are_refused_one_by_one(tmp_path: Path) -> None:
    found = table(
        tmp_path,
        "i.csv",
        b"\xef\xbb\xbfid,title,x\r\n"
        b"1,a,\r\n"
        b"\r\n"
        b"2,b\r\n"
        b'3,"two\r\nlines",\r\n'
        b"4,d,,\r\n"
        b"5,caf\xe9,\r\n"
        b'6,"a" b,\r\n'
        b'7,17" screen,\r\n'
        b'8,"never closed,\r\n'
        b"9,i,\r\n"
        b"   \r\n"
        b"10,j,",
    )
    assert found.frame.rows() == [
        (2, "1", "a"),
        (5, "3", "two\r\nlines"),
        (10, "7", '17" screen'),
        (12, "9", "i"),
        (14, "10", "j"),
    ]
    assert refused(found) == [
        (4, "2 fields where the header has 3"),
        (7, "4 fields where the header has 3"),
        (8, "not UTF-8"),
        (9, "text follows a closing quote: write a quote inside quotes twice"),
        (11, "a quote is opened and never closed"),
    ]
    assert found.total == 10


def test_rejects_of_lines_show_nothing_of_them(tmp_path: Path) -> None:
    found = table(tmp_path, "i.csv", "id,title\n1,a,secret-user\n")
    assert [reject.value for reject in found.rejects] == [""]
    assert table(tmp_path, "i.jsonl", '{"id": secret-user}\n').rejects[0].value == ""


def test_malformed_lines_of_jsonl_are_refused_one_by_one(tmp_path: Path) -> None:
    found = table(
        tmp_path,
        "i.jsonl",
        b'\xef\xbb\xbf{"id": 1, "title": "a"}\r\n'
        b"\n"
        b'{"id": 2.0, "title": ["x", "", null, "y"], "other": {}}\n'
        b'{"id": 3\n'
        b"[4]\n"
        b'{"id": 5, "title": {"en": "e"}}\n'
        b'{"id": 6, "title": "\xe9"}\n'
        b'{"id": 7, "title": "\\ud800"}\n'
        b'{"id": true, "title": 1.5}\n'
        b'{"id": null, "title": NaN}',
    )
    assert found.frame.rows() == [(1, "1", "a"), (3, "2", "x|y"), (9, "true", "1.5"), (10, None, None)]
    assert refused(found) == [
        (4, "not valid JSON"),
        (5, "not a JSON object"),
        (6, "'title' is an object: a text or a number should stand there"),
        (7, "not UTF-8"),
        (8, "'title' holds half of a character (a lone surrogate)"),
    ]


def test_deeply_nested_and_endless_json_is_refused(tmp_path: Path) -> None:
    found = table(
        tmp_path, "i.jsonl", "[" * 200_000 + "\n" + '{"id": ' + "9" * 5000 + "}\n" + '{"id": 1, "title": "a"}'
    )
    assert refused(found) == [(1, "not valid JSON"), (2, "not valid JSON")]
    assert found.frame["id"].to_list() == ["1"]


def test_an_empty_jsonl_has_no_rows(tmp_path: Path) -> None:
    assert table(tmp_path, "i.jsonl", "\n\n").total == 0


def test_typed_columns_of_parquet_become_texts(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    noon = datetime(2024, 5, 1, 12, 0, 0, 250_000, tzinfo=UTC)
    frame = pl.DataFrame(
        {
            "float": [17850.0, None, float("nan"), 0.1],
            "small": pl.Series([7, None, -1, 0], dtype=pl.Int8),
            "yes": [True, False, None, True],
            "day": [date(2024, 5, 1), None, None, None],
            "at": pl.Series([noon, None, None, noon], dtype=pl.Datetime("us", "Europe/Paris")),
            "naive": pl.Series([datetime(2024, 5, 1, 12), None, None, None], dtype=pl.Datetime("ms")),
            "list": [["a", None, "b"], [], None, [""]],
            "kind": pl.Series(["x", "", None, "y"], dtype=pl.Categorical),
            "none": [None, None, None, None],
        }
    )
    frame.write_parquet(path)
    found = read_table(path, {name: name for name in frame.columns}).frame
    assert found.to_dict(as_series=False) == {
        "line": [1, 2, 3, 4],
        "float": ["17850", None, None, "0.1"],
        "small": ["7", None, "-1", "0"],
        "yes": ["true", "false", None, "true"],
        "day": ["2024-05-01", None, None, None],
        "at": ["2024-05-01T12:00:00.250Z", None, None, "2024-05-01T12:00:00.250Z"],
        "naive": ["2024-05-01T12:00:00Z", None, None, None],
        "list": ["a|b", None, None, None],
        "kind": ["x", None, None, "y"],
        "none": [None, None, None, None],
    }


def test_one_column_may_serve_two_fields(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pl.DataFrame({"name": ["a"]}).write_parquet(path)
    assert read_table(path, {"id": "name", "title": "name"}).frame.rows() == [(1, "a", "a")]


@pytest.mark.parametrize("extension", ["csv", "tsv", "jsonl", "parquet"])
def test_a_lacking_column_names_the_nearest(tmp_path: Path, extension: str) -> None:
    path = written(tmp_path, extension, [(1, "a")])
    with pytest.raises(DataError) as caught:
        read_table(path, {"id": "item_id", "title": "Title"})
    assert str(caught.value) == f"{path} has no column 'item_id' (mapped as id), did you mean 'item id'?"


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("i.csv", b"", "is empty: its first line must name the columns"),
        ("i.csv", b"id,title,id\n", "names the column 'id' twice: rename one of them"),
        ("i.csv", b"id,t\xe9\n", ": the header line cannot be read: not UTF-8"),
        ("i.tsv", "id\ttitle\n".encode("utf-16"), "is UTF-16: save it as UTF-8"),
        ("i.parquet", b"id,title\n", "is not a readable Parquet file: "),
        ("i.xlsx", b"", "is of no known format: use .csv, .tsv, .jsonl, .parquet"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, name: str, data: bytes, text: str) -> None:
    with pytest.raises(DataError) as caught:
        table(tmp_path, name, data)
    assert text in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_column_without_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pl.DataFrame({"id": [{"a": 1}]}).write_parquet(path)
    with pytest.raises(DataError, match="the column 'id' cannot be read: its type is Struct"):
        read_table(path, {"id": "id"})


@pytest.mark.parametrize("extension", READERS)
def test_missing_files_and_folders(tmp_path: Path, extension: str) -> None:
    with pytest.raises(DataError, match="does not exist: correct the path, or make the file"):
        read_table(tmp_path / f"none{extension}", {"id": "id"})
    folder = tmp_path / f"folder{extension}"
    folder.mkdir()
    with pytest.raises(DataError, match=f"folder{extension}"):
        read_table(folder, {"id": "id"})


def test_many_stray_quotes_take_no_quadratic_time(tmp_path: Path) -> None:
    began = time.perf_counter()
    found = table(tmp_path, "i.tsv", "id\ttitle\n" + '1\t"open\n' * 20_000)
    assert found.total > 0
    assert time.perf_counter() - began < 10
