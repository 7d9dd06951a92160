"""What the graph of a shop holds now."""

from __future__ import annotations

from services.workspace import Workspace


def standing(workspace: Workspace) -> dict[str, object]:
    """Counts of nodes and edges by label and type, the release served, and the events not yet followed."""
    client = workspace.client
    counts = {row["name"]: row["count"] for row in client.rows("load/count_nodes")}
    counts |= {row["name"]: row["count"] for row in client.rows("load/count_edges")}
    release = client.rows("recall/shop")[0]["release"]
    watermark = client.rows("feedback/watermark")[0]["watermark"]
    state = workspace.journal.state()
    rows = client.rows("load/step/read")
    return {
        "shop": workspace.shop.id,
        "graph": client.address.uri,
        "server": client.kind().value,
        "release": release,
        "events": state.events,
        "events not followed": max(0, state.head - watermark),
        **{f"step {row['id']}": row["fingerprint"] for row in sorted(rows, key=lambda row: str(row["id"]))},
        **dict(sorted(counts.items())),
    }
