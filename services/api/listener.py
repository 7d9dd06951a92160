"""The socket that the server listens on, opened before any worker starts."""

from __future__ import annotations

import errno
import socket

from graph.errors import SettingsError

BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket; port 0 takes a free one. Raises SettingsError where the address cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise SettingsError(f"Cannot listen on {host!r}: {error.strerror}. Give an address of this machine.") from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise SettingsError(_why(error, host, port)) from None
    return listener


def url(listener: socket.socket) -> str:
    """Where the listener is reached, with the port that it got."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use: choose another port, or stop the program that listens there."
    if error.errno == errno.EACCES:
        return f"Port {port} on {host} is not allowed to this user: choose one above 1023."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine: listen on 127.0.0.1 or on one that it has."
    return f"Cannot listen on {host} port {port}: {error.strerror}."
