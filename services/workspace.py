"""A shop with its graph open: what every step of a run, the API and the commands work on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from filelock import FileLock, Timeout

from graph.address import GraphAddress
from graph.client import GraphClient
from graph.embedded import EmbeddedServer
from graph.errors import GraphError, StorageError
from graph.migrations import migrate
from graph.reconcile import Progress, silent
from services.feedback.journal import Journal
from services.judging.ledger import Ledger
from services.shop import Shop

_WIPE = 10_000


@dataclass(frozen=True, slots=True)
class Workspace:
    """A shop, its graph, its journal of events and its ledger of verdicts."""

    shop: Shop
    client: GraphClient
    progress: Progress = silent

    @property
    def journal(self) -> Journal:
        """The journal of events."""
        return Journal(self.shop.journal_path)

    @property
    def ledger(self) -> Ledger:
        """The ledger of verdicts."""
        return Ledger(self.shop.ledger_path)


@contextmanager
def graph_address(shop: Shop) -> Iterator[GraphAddress]:
    """Where the shop's graph is: the server of the settings, else the embedded one, which runs while this is open."""
    graph = shop.settings.graph
    if graph is None:
        with EmbeddedServer(shop.graph_dir).lease() as address:
            yield address
    else:
        password = graph.password.get_secret_value() if graph.password else ""
        yield GraphAddress(graph.uri, graph.user, password, graph.database)


def revive(shop: Shop) -> None:
    """Starts the shop's embedded server again where it has ended; does nothing for another server."""
    if shop.settings.graph is None:
        with EmbeddedServer(shop.graph_dir).lease():
            pass


@contextmanager
def open_workspace(shop: Shop, *, replace: bool = False, progress: Progress = silent) -> Iterator[Workspace]:
    """Opens the shop's graph, brings its schema up to date and makes sure that it is this shop's.

    Raises GraphError for a graph of another shop, or one that kerec did not make, unless `replace` empties it.
    """
    with graph_address(shop) as address, GraphClient(address) as client:
        claim(client, shop.id, replace)
        yield Workspace(shop, client, progress)


def claim(client: GraphClient, shop_id: str, replace: bool) -> None:
    """Makes the graph this shop's; raises GraphError where it is another's and `replace` is false."""
    owner = _owner(client)
    if owner is None and _foreign(client) and not replace:
        raise GraphError(
            f"the graph at {client.address.uri} holds nodes that are no shop's: "
            "use an empty database, or --replace to delete them"
        )
    if owner not in (None, shop_id) and not replace:
        raise GraphError(
            f"the graph at {client.address.uri} belongs to the shop {owner!r}, not {shop_id!r}: "
            "use another database, or --replace to delete it"
        )
    if owner != shop_id and replace:
        wipe(client)
    migrate(client)
    client.run("load/shop/start", id=shop_id)


def wipe(client: GraphClient) -> None:
    """Deletes every node and relationship, a part at a time; raises GraphUnavailableError if the server goes away."""
    # First what says that steps are done and what is served: a graph emptied by half must not pass for a whole one.
    client.run("load/unstamp")
    client.run("load/shop/release", release=None)
    for statement in ("load/wipe_edges", "load/wipe"):
        while client.run(statement, limit=_WIPE)[0]["deleted"]:
            pass


@contextmanager
def single_run(shop: Shop) -> Iterator[None]:
    """One run at a time for a shop; raises StorageError at once where another is at work."""
    with _lock(shop, "run.lock", 0) as held:
        if not held:
            raise StorageError(f"another kerec command is at work on the shop in {shop.folder}: wait for it to end")
        yield


@contextmanager
def feedback_lock(shop: Shop, *, seconds: float = -1) -> Iterator[bool]:
    """Held by whoever writes users' edges, so that nobody overwrites newer counts with older ones.

    Yields whether it is held: False where another process or thread still holds it after `seconds` (-1: no limit).
    """
    with _lock(shop, "feedback.lock", seconds) as held:
        yield held


@contextmanager
def _lock(shop: Shop, name: str, seconds: float) -> Iterator[bool]:
    path = shop.state_dir / name
    lock = FileLock(path)
    try:
        shop.state_dir.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=seconds)
    except Timeout:
        yield False
        return
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror or error}") from error
    try:
        yield True
    finally:
        lock.release()


def _owner(client: GraphClient) -> str | None:
    rows = client.rows("load/shop/read")
    return rows[0]["id"] if rows else None


def _foreign(client: GraphClient) -> bool:
    """Whether there are nodes where no shop is: another program's, or what a --replace that was killed left over."""
    return bool(client.rows("load/shop/count")[0]["nodes"])
