"""Options that commands of more than one module share."""

from __future__ import annotations

from pathlib import Path

import click

SITE = click.option(
    "--site",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The site's folder; the current one by default.",
)
