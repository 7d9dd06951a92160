from __future__ import annotations

from pathlib import Path

from services.catalog.relations import read_relations
from services.settings import RelationTable


def test_ranks_are_read_and_bad_rows_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.tsv"
    path.write_text("a\tb\trank\n1\t2\t0\n1\t3\t\n\t3\t1\n1\t4\t-1\n1\t5\tx\n1\t2\t0\n1\t2\t7\n")
    columns = {"src": "a", "dst": "b", "also_viewed": "rank"}
    found = read_relations(RelationTable.model_validate({"path": path, "columns": columns}))
    assert found.content.columns == ["src", "dst", "also_bought", "also_viewed", "bought_together"]
    assert found.content.rows() == [("1", "2", None, 0, None), ("1", "3", None, None, None)]
    assert [(reject.line, reject.reason) for reject in found.rejects] == [
        (4, "no src or no dst"),
        (5, "the also_viewed rank is not a whole number from 0"),
        (6, "the also_viewed rank is not a whole number from 0"),
        (8, "the pair stands before with other ranks"),
    ]
    assert found.duplicates == 1
