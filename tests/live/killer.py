"""Runs a shop's steps, publishes or rolls back, and kills itself, by SIGKILL, at a given call that stores something.

A request is a line of JSON on standard input, its answer the exit status on standard output. Each run is a fork of its
own, so that none pays for the imports; nothing with threads is started before the fork.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graph.address import GraphAddress, ServerKind
from graph.client import GraphClient, Transaction
from services.feedback.journal import Journal
from services.judging.ledger import Ledger
from services.pipeline import release
from services.pipeline.rollback import roll_back
from services.pipeline.run import run_steps
from services.shop import Shop
from services.workspace import Workspace, claim
from tests.live import learned

Method = Callable[..., Any]


class Storing:
    """Counts the calls that store something and writes their names to `log`; dies inside or after the n-th."""

    def __init__(self, log: Path, fatal: int, inside: bool) -> None:
        self._log = log
        self._fatal = fatal
        self._inside = inside
        self._number = 0

    def install(self) -> None:
        """Every transaction of the graph, append to the ledger, import into the journal and release's files is counted
        from now on."""
        release.keep = self._call(release.keep, "release")
        GraphClient.write = self._transaction(GraphClient.write)  # type: ignore[method-assign]
        Ledger.append = self._call(Ledger.append, "ledger")  # type: ignore[method-assign]
        Journal.import_frame = self._call(Journal.import_frame, "journal")  # type: ignore[method-assign]
        Transaction.rows = self._named(Transaction.rows)  # type: ignore[method-assign]

    def _transaction(self, write: Method) -> Method:
        def counted(client: GraphClient, work: Method) -> Any:
            self._number += 1

            def fatal(transaction: Transaction) -> Any:
                done = work(transaction)
                self._die(inside=True)  # before it is committed
                return done

            done = write(client, fatal)
            self._die(inside=False)
            return done

        return counted

    def _call(self, method: Method, name: str) -> Method:
        def counted(owner: object, rows: Any) -> Any:
            self._number += 1
            self._note(name)
            self._die(inside=True)
            done = method(owner, rows)
            self._die(inside=False)
            return done

        return counted

    def _named(self, rows: Method) -> Method:
        def noted(transaction: Transaction, name: str, /, **params: Any) -> Any:
            if "write" in name or "delete" in name or name.startswith("feedback/adv"):
                self._note(name)
            return rows(transaction, name, **params)

        return noted

    def _note(self, name: str) -> None:
        with self._log.open("a") as file:
            file.write(f"{self._number} {name}\n")

    def _die(self, *, inside: bool) -> None:
        if self._number == self._fatal and self._inside is inside:
            os.kill(os.getpid(), signal.SIGKILL)


def _steps(workspace: Workspace) -> None:
    for _ in run_steps(workspace):
        pass


def _publish(workspace: Workspace) -> None:
    """A model as a training run leaves it, and what `kerec weigh --force` makes of it."""
    workspace.client.run("load/step/delete", rows=[{"id": "weigh"}])
    learned.trained(workspace, "m-1", learned.weights(), learned.views())


WORK: dict[str, Callable[[Workspace], object]] = {"run": _steps, "publish": _publish, "rollback": roll_back}


def main() -> None:
    """Serves requests until its input ends."""
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            _run(request)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _run(request: dict[str, Any]) -> None:
    """Does the steps and ends this process."""
    status = 1
    try:
        Storing(Path(request["log"]), request["fatal"], request["inside"]).install()
        address = GraphAddress(*request["address"][:4], ServerKind(request["address"][4]))
        shop = Shop.open(Path(request["config"]), environ={})
        with GraphClient(address) as client:
            claim(client, shop.id, replace=False)
            WORK[request.get("work", "run")](Workspace(shop, client))
        status = 0
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
