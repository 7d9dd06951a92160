"""A process that has loaded kerec once and forks for every command: what saves a second's start for each of a hundred.

`python -m services.measure.bad_input.zygote SOCKET` serves calls as JSON on a Unix socket: arguments, folder, environ,
namespaces, out, err; it answers with the exit code when the command has ended.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import sys
from typing import Any

from services.cli.main import main
from services.judging import claude as _claude  # noqa: F401  slow to import, and only once so


def serve(path: str) -> None:
    """Accept calls until the parent ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        while os.getppid() != 1:
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _attend(connection)
            connection.close()


def _attend(connection: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    call: dict[str, Any] = json.loads(connection.makefile().readline())
    child = os.fork()
    if child == 0:
        connection.close()
        _become(call)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    connection.sendall(f"{code}\n".encode())
    os._exit(0)


def _become(call: dict[str, Any]) -> None:
    for stream, path in ((1, call["out"]), (2, call["err"])):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), stream)
    for namespace in call["namespaces"]:
        _enter(namespace)
    os.chdir(call["folder"])
    os.environ.clear()
    os.environ.update(call["environ"])
    try:
        main(call["arguments"])
    except SystemExit as end:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code if isinstance(end.code, int) else 1)


def _enter(namespace: str) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    handle = os.open(namespace, os.O_RDONLY)
    if library.setns(handle, 0):
        raise OSError(ctypes.get_errno(), f"cannot enter {namespace}")
    os.close(handle)


if __name__ == "__main__":
    serve(sys.argv[1])
