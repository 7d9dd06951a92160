"""Complementary exposures of the simulator's log: those that a complementary edge from something bought can explain."""

from __future__ import annotations

import polars as pl

from training.weights.candidates import EXPOSED, exposed
from training.weights.timelines import DAY, Events, parted

SAMPLE_SCHEMA = pl.Schema(EXPOSED)
SAMPLE_SCHEMA["age"] = pl.Float64()  # days since the trigger was last bought


def feedback(events: pl.DataFrame) -> Events:
    """Dated events [EVENT_SCHEMA] as timelines."""
    return parted(events.sort("at", maintain_order=True), clock=True)


def complementary_samples(events: pl.DataFrame, main_entity: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """The complementary exposures of a log of dated events [EVENT_SCHEMA] as SAMPLE_SCHEMA.

    `main_entity` has item and entity, `edges` head and tail. Sorted by sample and by the trigger's age.
    """
    return exposed(feedback(events), main_entity, edges).with_columns(age=pl.col("age") / DAY)
