"""`kerec graph`: the server, its schema, export and import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graph.client import GraphClient
from graph.embedded import EmbeddedServer
from graph.errors import UsageError
from graph.export import export_graph, import_graph
from graph.migrations import migrate
from services.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption, ReplaceOption
from services.cli.output import print_facts, print_json, print_line, progress
from services.shop import Shop
from services.workspace import feedback_lock, graph_address, open_workspace, single_run, wipe

_app = typer.Typer(no_args_is_help=True, help="The graph server, its schema, export and import.")


def register(app: typer.Typer) -> None:
    """Adds the commands to the app."""
    app.add_typer(_app, name="graph")


@_app.command()
def up(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Start the embedded server and keep it running until `kerec graph down`."""
    server = _embedded(Shop.open(config))
    with server.lease() as address:
        server.keep()
    print_line(f"the embedded graph answers at {address.uri}, database {address.database}, user {address.user}")
    print_line(f"its password stands in {server.folder / 'password'}")


@_app.command()
def down(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Stop the embedded server."""
    stopped = _embedded(Shop.open(config)).stop()
    print_line("the embedded graph is stopped" if stopped else "the embedded graph was not running")


@_app.command()
def status(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Which server the shop's graph is on, and whether it answers."""
    shop = Shop.open(config)
    if shop.settings.graph is None:
        address = EmbeddedServer(shop.graph_dir).address()
        facts = {"server": "embedded", "running": address is not None, "uri": address.uri if address else None}
    else:
        with graph_address(shop) as remote, GraphClient(remote, retry_seconds=1) as client:
            client.check()
        facts = {"server": "neo4j", "running": True, "uri": remote.uri, "database": remote.database}
    print_json(facts) if json else print_facts(facts)


@_app.command("migrate")
def migrate_graph(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Bring the graph's schema up to date; every run does this too."""
    with graph_address(Shop.open(config)) as address, GraphClient(address) as client:
        done = migrate(client)
    print_line(f"applied {', '.join(done)}" if done else "the schema is up to date")


@_app.command("export")
def export_files(
    out: Annotated[Path, typer.Option(help="A folder for the Parquet files.")],
    everything: Annotated[bool, typer.Option("--all", help="With the run's own times: the backup.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Write one Parquet file per label and relationship type."""
    shop = Shop.open(config)
    # Nobody writes meanwhile, so that the files belong together.
    with open_workspace(shop) as workspace, single_run(shop), feedback_lock(shop):
        counts = export_graph(workspace.client, out, everything=everything)
    print_facts(counts)


@_app.command("import")
def import_files(
    folder: Annotated[Path, typer.Argument(help="What `kerec graph export --all` wrote.")],
    config: ConfigOption = DEFAULT_CONFIG,
    replace: ReplaceOption = False,
) -> None:
    """Restore a graph from an export; refuses a graph that holds anything, unless --replace."""
    shop = Shop.open(config)
    with (
        progress() as report,
        graph_address(shop) as address,
        GraphClient(address) as client,
        single_run(shop),
        feedback_lock(shop),
    ):
        counts = import_graph(client, folder, shop.id, wipe=wipe if replace else None, progress=report)
    print_facts(counts)


def _embedded(shop: Shop) -> EmbeddedServer:
    if shop.settings.graph is not None:
        raise UsageError(
            f"the shop's graph is at {shop.settings.graph.uri}, not embedded: start and stop that server itself"
        )
    return EmbeddedServer(shop.graph_dir)
