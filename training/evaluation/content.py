"""Names by content: equal values have equal digests, so that a result is found again and never taken for another."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from types import ModuleType

import numpy as np
import polars as pl

_OWN = ("cypher", "graph", "training", "services")


def content_digest(*parts: object) -> str:
    """16 hex digits over numbers, texts, arrays, frames, dataclasses, and mappings and sequences of them.

    Raises TypeError for anything else: what cannot be named by its content must not be found again by it.
    """
    sha = hashlib.sha256()
    for chunk in _chunks(parts):
        sha.update(chunk)
    return sha.hexdigest()[:16]


@cache
def code_digest(*roots: ModuleType) -> str:
    """16 hex digits over the texts of modules, and of all below them where they are packages."""
    sha = hashlib.sha256()
    for path in sorted({path for root in roots for path in _texts(root)}):
        sha.update(path.read_bytes())
    return sha.hexdigest()[:16]


def modules_behind(*objects: object) -> tuple[ModuleType, ...]:
    """The modules in which the objects' classes stand, and those of kerec's own that these use by name."""
    found: dict[str, ModuleType] = {}
    open_ends = [type(value).__module__ for value in objects]
    while open_ends:
        name = open_ends.pop()
        if name not in found:
            found[name] = sys.modules[name]
            open_ends += [used for used in _used(found[name]) if used.split(".")[0] in _OWN]
    return tuple(found[name] for name in sorted(found))


def library_versions(names: Iterable[str]) -> dict[str, str]:
    """The installed version of each distribution, "" for one that is missing."""
    return {name: _version(name) for name in names}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _used(module: ModuleType) -> Iterable[str]:
    for value in vars(module).values():
        name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
        if isinstance(name, str):
            yield name


def _texts(root: ModuleType) -> Iterable[Path]:
    file = Path(root.__file__ or "")
    if file.name != "__init__.py":
        return [file]
    return (path for path in file.parent.rglob("*") if path.suffix in (".py", ".cypher"))


def _chunks(value: object) -> Iterable[bytes]:
    """Each value behind its kind and length, so that no two different values give the same bytes."""
    match value:
        case None | bool() | int() | float() | str() | np.generic():
            text = repr(value.item() if isinstance(value, np.generic) else value).encode()
            yield b"v%d:" % len(text) + text
        case np.ndarray():
            yield f"a{value.dtype.str}{value.shape}:".encode()
            yield np.ascontiguousarray(value).tobytes()
        case pl.DataFrame():
            yield from _chunks([value.columns, [str(kind) for kind in value.dtypes], value.write_csv()])
        case Mapping():
            yield b"m%d:" % len(value)
            for key in sorted(value):
                yield from _chunks((key, value[key]))
        case list() | tuple():
            yield b"l%d:" % len(value)
            for part in value:
                yield from _chunks(part)
        case _ if is_dataclass(value) and not isinstance(value, type):
            yield from _chunks((type(value).__qualname__, {f.name: getattr(value, f.name) for f in fields(value)}))
        case _:
            raise TypeError(f"a {type(value).__name__} has no digest by content")
