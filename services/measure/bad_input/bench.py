"""What all cases share: the good shop, how it stood, and its API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields

from services.measure.bad_input.api import Api, api
from services.measure.bad_input.command import Runner
from services.measure.bad_input.ground import Ground, Standing, ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench(Ground):
    """The ground of all cases, with how the good shop stands and a copy of it that is served."""

    good: Standing
    api: Api


@contextmanager
def bench(runner: Runner) -> Iterator[Bench]:
    """A bench whose processes end with the block."""
    with ground(runner) as base, api(base) as served:
        shared = {field.name: getattr(base, field.name) for field in fields(Ground)}
        yield Bench(**shared, good=base.standing(base.base), api=served)
