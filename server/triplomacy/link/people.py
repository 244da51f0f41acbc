"""Who decides, as the files that keep decisions name them."""

from __future__ import annotations

import subprocess
from pathlib import Path

from triplomacy.errors import BadRequest


def who_decides(by: str | None, folder: Path) -> str:
    """The name of who decides: the one that is given, or the one that git knows in a folder.

    Raises:
        BadRequest: nobody is named.
    """
    who = _known_to_git(folder) if by is None else by
    who = "".join(c for c in who if c.isprintable()).strip()
    if not who:
        raise BadRequest(
            "a decision says who made it, and nobody is named",
            "say who you are: --by 'Ada Lovelace', or git config user.name 'Ada Lovelace'",
        )
    return who


def _known_to_git(folder: Path) -> str:
    command = ["git", "config", "user.name"]
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout  # noqa: S603
    except (OSError, UnicodeDecodeError):
        return ""
