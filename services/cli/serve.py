"""`kerec serve`: the HTTP API of a shop."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Annotated

import typer

from graph.client import GraphClient
from graph.errors import GraphUnavailableError
from services.api.app import ApiSettings
from services.api.binding import api_keys
from services.api.server import serve as serve_api
from services.api.wiring import parts_factory
from services.cli.options import DEFAULT_CONFIG, ConfigOption
from services.cli.output import print_error
from services.shop import Shop
from services.workspace import claim, graph_address

THREADS = 8


def register(app: typer.Typer) -> None:
    """Adds the command to the app."""
    app.command()(serve)


def serve(
    host: Annotated[
        str, typer.Option(help="Any other address than this machine's own demands KEREC_API_KEYS.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes.")] = 1,
    threads: Annotated[int, typer.Option(min=1, max=256, help="Threads a process.")] = THREADS,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Answer the HTTP API until SIGTERM, which lets requests in flight finish."""
    serve_shop(Shop.open(config), host, port, workers, threads)


def serve_shop(
    shop: Shop,
    host: str,
    port: int,
    workers: int = 1,
    threads: int = THREADS,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serves until SIGTERM or SIGINT; raises a KerecError where it cannot start.

    A graph server that is away is no reason not to start: events are taken, and the graph follows when it is back.
    """
    with graph_address(shop) as address:
        try:
            with GraphClient(address, retry_seconds=1) as client:
                claim(client, shop.id, replace=False)
        except GraphUnavailableError as error:
            print_error(f"{error}; serving all the same, events are kept until it is back")
        settings = ApiSettings(api_keys(os.environ))
        serve_api(
            parts_factory(shop, address, threads),
            settings,
            host=host,
            port=port,
            workers=workers,
            threads=threads,
            ready=ready,
        )
