import numpy as np
import polars as pl
import pytest

from graph.records import EVENT_SCHEMA
from training.simulator.samples import SAMPLE_SCHEMA, complementary_samples

DAY = 86_400_000
TRIGGERS = 4
ITEMS = {f"{entity}{number}": entity for entity in "abcdefg" for number in range(2)} | {"odd": None}
MAIN = pl.DataFrame(
    [(item, entity) for item, entity in ITEMS.items() if entity], schema=["item", "entity"], orient="row"
)
EDGES = [("a", "b"), ("b", "c"), ("c", "b"), ("d", "b"), ("e", "b"), ("f", "b"), ("a", "c"), ("g", "c")]

Row = tuple[str, str, str, int, str | None, int | None]


def frame(rows: list[Row]) -> pl.DataFrame:
    events = [
        {"id": f"e{n}", "type": kind, "user": user, "item": item, "at": at * DAY, "request": request, "position": place}
        for n, (kind, user, item, at, request, place) in enumerate(rows)
    ]
    return pl.DataFrame(events, schema=EVENT_SCHEMA)


def found(rows: list[Row]) -> pl.DataFrame:
    edges = pl.DataFrame(EDGES, schema=["head", "tail"], orient="row")
    return complementary_samples(frame(rows), MAIN, edges)


def slow(rows: list[Row]) -> list[tuple[int, str, str, float, bool]]:
    # Samples are numbered user by user.
    exposures = sorted(
        (row for row in rows if row[0] == "exposure" and ITEMS[row[2]]), key=lambda row: (row[1], row[3])
    )
    samples = []
    for number, (_, user, item, at, request, _) in enumerate(exposures):
        tail = ITEMS[item]
        bought = [(ITEMS[i], t) for kind, u, i, t, _, _ in rows if kind == "purchase" and u == user and t < at]
        if tail in [entity for entity, _ in bought]:
            continue
        latest = {entity: max(t for e, t in bought if e == entity) for entity, _ in bought if entity}
        triggers = sorted((float(at - t), head) for head, t in latest.items() if (head, tail) in EDGES)
        clicked = any(row[0] == "click" and row[4] == request and row[2] == item for row in rows)
        samples += [(number, head, tail, age, clicked) for age, head in triggers[:TRIGGERS]]
    return samples


@pytest.mark.parametrize("seed", range(8))
def test_samples_are_those_of_a_slow_search(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names, rows = list(ITEMS), []
    for number, at in enumerate(rng.permutation(150).tolist()):
        user, item = f"u{rng.integers(4)}", str(rng.choice(names))
        kind = str(rng.choice(["purchase", "exposure", "exposure"]))
        request = f"r{number}" if kind == "exposure" else None
        rows.append((kind, user, item, at, request, 0 if request else None))
        if request and rng.random() < 0.3:
            rows.append(("click", user, item, at, request, 0))
    samples = found(rows)
    assert samples.schema == SAMPLE_SCHEMA
    assert samples.select("sample", "head", "tail", "age", "clicked").rows() == slow(rows)
    assert samples.height > 5


def test_a_repeat_purchase_is_no_complement() -> None:
    rows: list[Row] = [("purchase", "u", "a0", 1, None, None), ("exposure", "u", "b0", 2, "r", 3)]
    assert found(rows).select("actor", "item", "position", "when").rows() == [("u:u", "b0", 3, 2 * DAY)]
    assert found([*rows, ("purchase", "u", "b1", 1, None, None)]).is_empty()
    assert found([*rows, ("purchase", "u", "b1", 2, None, None)]).height == 1  # not before


def test_nothing_shown_gives_nothing() -> None:
    assert found([("purchase", "u", "a0", 1, None, None)]).is_empty()
    assert found([]).schema == SAMPLE_SCHEMA
