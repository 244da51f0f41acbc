"""The scripts and styles of the query page, as the wheel carries them; there may be none.

They are made from `frontend/` when the wheel is built (`hatch_build.py`). Their names hold a hash
of what is in them, so that a browser may keep each for ever. Knows no Flask: commands ask, too.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).parent / "static"
FOLDER = "query"
"""The folder of the bundle in the static files."""
_HASHED = re.compile(rf"{FOLDER}/[a-z-]+-[A-Z0-9]{{8}}\.(?:js|css)")


@dataclass(frozen=True, slots=True)
class Bundle:
    """Where the bundle begins: paths below the static files."""

    script: str
    style: str


@functools.cache
def query_bundle(static: Path = STATIC) -> Bundle | None:
    """The bundle among the static files; None where there is none, or not all of it."""
    folder = static / FOLDER
    try:
        named = json.loads((folder / "bundle.json").read_bytes())
        files = (str(named["script"]), str(named["style"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not all((folder / name).is_file() for name in files):
        return None
    return Bundle(*(f"{FOLDER}/{name}" for name in files))


def is_hashed(name: str) -> bool:
    """Whether the name of a static file holds a hash of what is in the file."""
    return _HASHED.fullmatch(name) is not None
