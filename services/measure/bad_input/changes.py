"""What is made bad in a shop's folder before a case."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

Change = Callable[[Path], None]


def nothing(_folder: Path) -> None:
    """Leave the shop as it is."""


def text(name: str, content: str) -> Change:
    """A file of this text."""
    return data(name, content.encode())


def data(name: str, content: bytes) -> Change:
    """A file of these bytes."""

    def change(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    return change


def edit(name: str, old: str, new: str) -> Change:
    """A file where every `old` is `new`; raises ValueError where there is none."""

    def change(folder: Path) -> None:
        content = (folder / name).read_text(encoding="utf-8")
        if old not in content:
            raise ValueError(f"{name} does not hold {old!r}")
        (folder / name).write_text(content.replace(old, new), encoding="utf-8")

    return change


def settings(old: str, new: str) -> Change:
    """A kerec.toml where every `old` is `new`."""
    return edit("kerec.toml", old, new)


def added(name: str, more: str) -> Change:
    """A file with more text at its end."""

    def change(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(more)

    return change


def gone(name: str) -> Change:
    """No such file."""
    return lambda folder: (folder / name).unlink()


def folder_at(name: str) -> Change:
    """A folder where a file should be."""

    def change(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).mkdir(parents=True)

    return change


def both(*changes: Change) -> Change:
    """One change after the other."""

    def change(folder: Path) -> None:
        for each in changes:
            each(folder)

    return change
