"""The environment by which a command works on a given graph server."""

from __future__ import annotations

import os

from graph.address import GraphAddress


def graph_environment(address: GraphAddress) -> dict[str, str]:
    """This process's environment with `KEREC_GRAPH_*` of the address."""
    return {
        **os.environ,
        "KEREC_GRAPH_URI": address.uri,
        "KEREC_GRAPH_USER": address.user,
        "KEREC_GRAPH_PASSWORD": address.password,
        "KEREC_GRAPH_DATABASE": address.database,
    }
