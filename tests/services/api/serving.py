"""The API over the small shop as a process of its own: `python -m tests.services.api.serving OPTIONS`, as JSON."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from graph.errors import KerecError
from services.api.app import ApiSettings
from services.api.ports import ApiParts
from services.api.server import serve
from tests.services.api.fakes import Shop, parts


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(seconds: float = 0.0, refusal: str | None = None, **options: Any) -> int:
    """Serve; the exit code is 1 after an error, and every clean-up is said once."""

    def factory() -> ApiParts:
        if refusal is not None:
            raise KerecError(refusal)
        return parts(Shop(seconds=seconds))

    parent = os.getpid()
    try:
        serve(factory, ApiSettings(), ready=say, **options)
    except KerecError as error:
        say(f"error: {error}")
        return 1
    finally:
        say("cleaned up by the parent" if os.getpid() == parent else "cleaned up by a worker")
    return 0


if __name__ == "__main__":
    sys.exit(main(**json.loads(sys.argv[1])))
