"""`kerec releases` and `rollback`: what was published, and an older one of it served again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from services.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from services.cli.output import print_facts, print_json, print_table, progress
from services.pipeline.archive import Manifest, manifests
from services.pipeline.release import served
from services.pipeline.rollback import roll_back
from services.shop import Shop
from services.workspace import open_workspace

_COLUMNS = ("", "release", "made", "edges", "weights", "views", "ranker")


def register(app: typer.Typer) -> None:
    """Adds the commands to the app."""
    app.command()(releases)
    app.command()(rollback)


def releases(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """The releases whose files are kept, the newest first, and which one is served."""
    shop = Shop.open(config)
    with open_workspace(shop) as workspace:
        now = served(workspace)
    found = manifests(shop)[::-1]
    if json:
        print_json([{"id": each.id, "served": each.id == now, **asdict(each)} for each in found])
    else:
        print_table("", _COLUMNS, [_row(each, each.id == now) for each in found])


def rollback(
    release: Annotated[
        str | None, typer.Argument(help="Its id, see kerec releases; the one made before the served one unless given.")
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Serve an older release again: its weights, its views, and its ranker with the evidence that this reads.

    It stays until `kerec weigh` (or `run`) finds changed inputs, such as new events or verdicts, until `kerec
    train` has another model to release, or until `kerec weigh --force` is given: each makes and serves a release of
    its own. Popularity, shortlists and co-purchase lists are facts and are not rolled back. An edge judged since
    then keeps its weight.
    """
    with progress() as report, open_workspace(Shop.open(config), progress=report) as workspace:
        done = roll_back(workspace, release)
    facts = {"served": done.release, "before": done.before, "rows written": done.change.written}
    print_json(facts) if json else print_facts(facts)


def _row(manifest: Manifest, is_served: bool) -> tuple[object, ...]:
    made = datetime.fromtimestamp(manifest.created_at / 1000, UTC).isoformat(" ", "seconds")
    versions = manifest.versions
    mark = "served" if is_served else ""
    edges = manifest.metrics.get("edges", 0)
    return (mark, manifest.id, made, edges, versions.weights, versions.views or "", versions.ranker)
