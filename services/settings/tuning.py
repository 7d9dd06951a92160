"""The optional tables of `kerec.toml`: what may be tuned, with its defaults."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.settings.section import Section

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]


class LoadSettings(Section):
    """`[load]`: above this share of bad rows in one file, the load stops before anything is written."""

    max_bad_share: Share = 0.05


class RecallSettings(Section):
    """`[recall]`: caps of the complementary channel (spec, section 8).

    At most `per_entity` items of one complementary entity by edges alone, and no more than 20 / `min_entities`, so that
    the channel alone fills 20 places with at least so many entities, where as many were recalled. `kg_strength` scales
    the channel in the fusion; None is the ranker's own.
    """

    per_entity: Count = 5
    min_entities: Count = 4
    kg_strength: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None


class InterestSettings(Section):
    """`[interests]`: how a purchase fades (spec, section 4); steps replace days where events have no clock."""

    rho: Annotated[float, Field(gt=0, le=1)] = 0.9
    window_days: Positive = 30.0
    timescale_days: Positive = 7.0
    window_steps: Positive = 30.0
    timescale_steps: Positive = 7.0


class WeightSettings(Section):
    """`[weights]`: how many observations the prior of an edge counts for, and whether a trained model is used."""

    shrinkage: Positive = 10.0
    learned: bool = True
