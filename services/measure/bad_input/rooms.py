"""Folders on a full or a read-only disk: mounts in a namespace of their own, which ends with the process that holds it.

Root writes through permissions, so only a real mount shows what a read-only disk does.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from services.measure.bad_input.case import CannotTryError

_FILLER = "filler"


@dataclass(frozen=True, slots=True)
class Room:
    """A mount namespace, held by process `pid`."""

    pid: int

    @property
    def namespaces(self) -> tuple[str, ...]:
        """What a command has to enter, in order."""
        names = ("mnt",) if os.geteuid() == 0 else ("user", "mnt")
        return tuple(f"/proc/{self.pid}/ns/{name}" for name in names)

    def entry(self, folder: Path) -> tuple[str, ...]:
        """What stands before a command that is to run in a folder of the room."""
        spaces = [f"--{'mount' if name.endswith('mnt') else 'user'}={name}" for name in self.namespaces]
        # By a shell, because a folder that was entered outside is the one below the mount.
        return ("nsenter", *spaces, "sh", "-c", 'cd "$0" && exec "$@"', str(folder))

    def inside(self, path: Path) -> Path:
        """Where a path of the room is seen from outside."""
        return Path(f"/proc/{self.pid}/root") / path.absolute().relative_to("/")

    def fill(self, folder: Path) -> None:
        """Leave no byte free in a folder that `roomy` gave a disk of its own."""
        with suppress(OSError), (self.inside(folder) / _FILLER).open("wb", buffering=0) as filler:
            while True:
                filler.write(bytes(4096))

    def free(self, folder: Path) -> None:
        """Free the space of a full folder."""
        (self.inside(folder) / _FILLER).unlink()


@contextmanager
def roomy(folder: Path, kilobytes: int = 4096) -> Iterator[Room]:
    """A room where the folder, with what it holds, lies on a small disk of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    place = shlex.quote(str(folder))
    script = (
        f"cp -a {place} {place}.copy && mount -t tmpfs -o size={kilobytes}k,mode=777 tmpfs {place}"
        f" && cp -a {place}.copy/. {place}/ && rm -r {place}.copy"
    )
    with _room(script) as room:
        yield room


@contextmanager
def full(folder: Path) -> Iterator[Room]:
    """A room where the folder, with what it holds, lies on a disk without a free byte."""
    with roomy(folder) as room:
        room.fill(folder)
        yield room


@contextmanager
def read_only(folder: Path) -> Iterator[Room]:
    """A room where nothing in the folder can be written."""
    folder.mkdir(parents=True, exist_ok=True)
    place = shlex.quote(str(folder))
    with _room(f"mount --bind {place} {place} && mount -o remount,bind,ro {place}") as room:
        yield room


@contextmanager
def _room(script: str) -> Iterator[Room]:
    if shutil.which("unshare") is None:
        raise CannotTryError("the command unshare (util-linux) is missing")
    own_user = [] if os.geteuid() == 0 else ["--map-root-user"]
    command = ["unshare", "--mount", *own_user, "sh", "-c", f"{script} && echo ready && exec cat"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as holder:
        try:
            if not holder.stdout or holder.stdout.readline() != "ready\n":
                said = holder.stderr.read() if holder.stderr else ""
                raise CannotTryError(f"no mount is allowed here ({' '.join(said.split())[:120]})")
            yield Room(holder.pid)
        finally:
            holder.kill()
