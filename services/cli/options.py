"""Options that many commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ConfigOption = Annotated[Path, typer.Option("--config", help="The shop's kerec.toml.", show_default="./kerec.toml")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
ReplaceOption = Annotated[bool, typer.Option("--replace", help="Delete what the graph holds of another shop.")]
CountOption = Annotated[int, typer.Option("--k", "-k", min=1, max=100, help="How many items.")]

DEFAULT_CONFIG = Path("kerec.toml")
