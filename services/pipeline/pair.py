"""The pair step: how popular entities are, and which pairs of them are worth a judge's time."""

from __future__ import annotations

import polars as pl

from graph.atomic import replacing
from graph.errors import StorageError
from graph.reconcile import reconcile
from graph.records import Entity, EventType
from graph.tables import ENTITY_SEGMENT
from services.judging.port import PairKey
from services.pairs.segments import popularity, segments
from services.pipeline import facts
from services.pipeline.step import Done, Step, Summary, digest, stamp_of
from services.shop import Shop
from services.workspace import Workspace

_VERSION = 1
_COLUMNS = {"head": pl.String, "tail": pl.String, "segments": pl.String, "why": pl.String, "score": pl.Float64}


def read_candidates(shop: Shop) -> list[PairKey]:
    """The pairs that the last pair step found, best first; none where it was not run."""
    path = shop.candidates_path
    if not path.exists():
        return []
    try:
        return list(pl.read_parquet(path, columns=["head", "tail"]).iter_rows())
    except (OSError, pl.exceptions.PolarsError) as error:
        raise StorageError(f"{path} cannot be read: delete it and run `kerec pair` again") from error


def _fingerprint(workspace: Workspace) -> str:
    return digest(_VERSION, stamp_of(workspace, "load"), workspace.shop.candidates_path.exists())


def _work(workspace: Workspace) -> Done:
    entities = facts.entities(workspace)
    main = facts.main_entities(workspace)
    bought = facts.entity_purchases(facts.purchases(workspace), main)
    standing = _standing(workspace, entities, main, bought)
    change = reconcile(workspace.client, ENTITY_SEGMENT, standing, workspace.progress)
    # Imported here: scipy and scikit-learn take longer to load than most commands take.
    from services.pipeline.proposals import proposals

    found = proposals(workspace, entities, main, bought, standing) if entities else ()
    rows = [(pair.head, pair.tail, pair.segment_pair, pair.why.value, pair.score) for pair in found]
    _write(workspace.shop, pl.DataFrame(rows, schema=_COLUMNS, orient="row"))
    counts = standing["segment"].value_counts().iter_rows()
    summary: Summary = {
        "candidates": len(found),
        "rows written": change.written,
        **{f"{name} entities": n for name, n in sorted(counts)},
    }
    return Done(summary, _fingerprint(workspace))


PAIR = Step("pair", _fingerprint, _work)


def _standing(
    workspace: Workspace, entities: tuple[Entity, ...], main: pl.DataFrame, bought: pl.DataFrame
) -> pl.DataFrame:
    """Columns id, segment, popularity of every entity, in their order (spec, section 5)."""
    clicks = workspace.journal.frame(type=EventType.CLICK).join(main, on="item").group_by("entity").len("clicks")
    bills = bought.group_by("entity").len("bills")
    items = main.group_by("entity").len("items")
    rows = pl.DataFrame({"id": [entity.id for entity in entities]}, schema={"id": pl.String})
    for part in (bills, items, clicks):
        rows = rows.join(part, left_on="id", right_on="entity", how="left", maintain_order="left")
    counts = rows.fill_null(0)
    scores = popularity(counts["bills"].to_numpy(), counts["items"].to_numpy(), counts["clicks"].to_numpy())
    names = [segment.value for segment in segments(rows["id"].to_list(), scores)]
    return pl.DataFrame({"id": rows["id"], "segment": names, "popularity": scores}, schema=ENTITY_SEGMENT.schema)


def _write(shop: Shop, frame: pl.DataFrame) -> None:
    with replacing(shop.candidates_path) as part:
        frame.write_parquet(part)
