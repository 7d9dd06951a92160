"""How a worker that cannot start tells its parent why."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Boot:
    """A pipe from the workers to their parent."""

    read: int
    write: int

    @classmethod
    def open(cls) -> Boot:
        """A new pipe, to be made before the fork."""
        read, write = os.pipe()
        os.set_blocking(read, False)
        return cls(read, write)

    def fail(self, reason: str) -> None:
        """Say one line."""
        os.write(self.write, reason.encode() + b"\n")

    def reason(self) -> str:
        """The first line said, or where else to look."""
        try:
            said = os.read(self.read, 65536).decode()
        except BlockingIOError:
            said = ""
        return said.partition("\n")[0] or "The API's workers could not start; the log above says why."
