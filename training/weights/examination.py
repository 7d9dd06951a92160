"""How likely each place of a list is looked at, from a log of lists that were ordered by weight."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_PLACES = 50  # further ones are looked at as the last
_ROUNDS = 50


def examination(samples: pl.DataFrame) -> Floats:
    """How likely each place is looked at beside the first in use, shape [places], in (0, 1], from rows [EXPOSED].

    Clicks of an entity's items at a place are Poisson with the mean shown x rate of the entity x looks at the place,
    and both factors are fitted by maximum likelihood in turns (position-based model: Richardson, Dominowska and Ragno
    2007; the fit is that of a table of independent rows and columns). What stands at several places tells them apart,
    so that what is good, and so stands at the top, is not taken for what is looked at. A place without clicks counts
    as half a click.
    """
    one = samples.unique("sample", keep="first", maintain_order=True)
    if one.is_empty():
        return np.ones(1)
    place = one["position"].to_numpy().clip(0, _PLACES - 1)
    kind = one["tail"].rank("dense").to_numpy().astype(np.int64) - 1
    clicked = one["clicked"].to_numpy().astype(np.float64)
    clicks = np.maximum(np.bincount(place, clicked), 0.5)
    of_kind = np.bincount(kind, clicked)
    used = np.flatnonzero(np.bincount(place))  # a shop may count its places from 1
    looks = np.ones(len(clicks))
    for _ in range(_ROUNDS):
        rate = of_kind / np.maximum(np.bincount(kind, looks[place]), 1e-12)
        likely = np.maximum(np.bincount(place, rate[kind]), 1e-12)
        looks[used] = (clicks / likely)[used]
        looks[used] /= looks[used[0]]
    return np.asarray(np.clip(looks, 1e-3, 1.0))
