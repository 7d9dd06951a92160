"""The one root of every error kerec raises on purpose."""

from __future__ import annotations


class KerecError(Exception):
    """Something a user can act on: what was wrong, where, and what to do about it.

    The text is one line. It is translated once at each border: one line and exit code 1 on the command line,
    problem+json over HTTP.
    """


class UsageError(KerecError):
    """The command was called wrongly (exit code 2)."""


class SettingsError(KerecError):
    """`kerec.toml` or an environment variable cannot be used."""


class DataError(KerecError):
    """A file of the user's cannot be used."""


class StorageError(KerecError):
    """kerec's own files cannot be read or written: a full or read-only disk, a damaged file."""


class GraphError(KerecError):
    """The graph server answered, but the graph cannot be used as asked."""


class GraphUnavailableError(GraphError):
    """The graph server does not answer, or not in time; trying again later may help."""


class NotFoundError(KerecError):
    """An id that the caller named is not known."""
