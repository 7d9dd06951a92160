from __future__ import annotations

from pathlib import Path

from graph.records import Entity
from services.catalog.dictionary import read_dictionary
from services.catalog.reading import Reading
from services.settings import DictionaryTable

HEADER = "id,name,aliases,categories,definition,kind,durable,parent\n"


def dictionary(folder: Path, text: str, header: str = HEADER) -> Reading[tuple[Entity, ...]]:
    path = folder / "d.csv"
    path.write_text(header + text, encoding="utf-8")
    columns = {name: name for name in header.strip().split(",")}
    return read_dictionary(DictionaryTable.model_validate({"path": path, "columns": columns}))


def test_every_field_is_read(tmp_path: Path) -> None:
    found = dictionary(
        tmp_path, "tent,Tent,tents| dome tent||tents,Camping > Tents|Outdoor,Shelter.,product,Yes,shelter\n"
    )
    assert found.content == (
        Entity(
            "tent",
            "Tent",
            ("tents", "dome tent"),
            ("Camping > Tents", "Outdoor"),
            "Shelter.",
            "product",
            True,
            "shelter",
        ),
    )
    assert found.rejects == []


def test_only_id_and_name_are_needed(tmp_path: Path) -> None:
    assert dictionary(tmp_path, "tent,Tent\n", "id,name\n").content == (Entity("tent", "Tent"),)


def test_durable_is_true_false_or_unknown(tmp_path: Path) -> None:
    rows = "".join(f"{n},x,,,,,{text},\n" for n, text in enumerate(["true", "1", "no", "FALSE", "0", ""]))
    assert [e.durable for e in dictionary(tmp_path, rows).content] == [True, True, False, False, False, None]


def test_bad_rows_are_refused_with_line_and_reason(tmp_path: Path) -> None:
    found = dictionary(tmp_path, "a,A,,,,,,\n,B,,,,,,\nc, ,,,,,,\na,A,,,,,,\nd,D,,,,,often,\ne,E,,,,,,e\nf,F\n")
    assert [entity.id for entity in found.content] == ["a"]
    assert [(reject.line, reject.reason, reject.value) for reject in found.rejects] == [
        (3, "no id", ""),
        (4, "no name", ""),
        (5, "the id stands before", "a"),
        (6, "durable is neither true nor false", "often"),
        (7, "the entity is its own parent", "e"),
        (8, "2 fields where the header has 8", ""),
    ]
    assert list(found.totals.values()) == [7]
