"""The plot of what knowledge is worth by size of the shop."""

from __future__ import annotations

from pathlib import Path

from graph.errors import StorageError
from services.evaluating.knowledge_worth import WorthBoard

_LEFT = 0.3  # where no users at all stand, in units of the first share on a log scale


def plot_worth(board: WorthBoard, path: Path) -> None:
    """Writes one panel a level: figures over the number of users, on a log scale; raises StorageError."""
    # Imported here: matplotlib comes with an extra and takes a second to load.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    levels = list(dict.fromkeys(curve.level for curve in board.curves))
    figure = Figure(figsize=(6 * len(levels), 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    first = min(share for share in board.shares if share)
    sizes = [max(share, first * _LEFT) * board.users for share in board.shares]
    for place, level in enumerate(levels, 1):
        axes = figure.add_subplot(1, len(levels), place)
        for curve in board.curves:
            if curve.level == level:
                axes.plot(sizes, curve.values, marker="o", label=curve.method)
        axes.set_xscale("log")
        axes.set_xticks(sizes, [f"{share * board.users:,.0f}" for share in board.shares], rotation=30)
        axes.minorticks_off()
        axes.set(title=level, xlabel=board.unit, ylabel=board.measure)
        axes.grid(alpha=0.3)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=3)  # below: the points fill the panel
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=120)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror or error}") from error
