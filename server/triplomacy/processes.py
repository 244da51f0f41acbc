"""Which processes a server consists of: an empty file for each in its temporary folder."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["web", "query", "supervisor"]

_FOLDER = "processes"


@dataclass(frozen=True, slots=True)
class Process:
    """A process that lives: what it is for, its id, and its resident memory in bytes."""

    kind: str
    pid: int
    resident: int


def enrol(folder: Path, kind: Kind) -> None:
    """Let this process be known as one of the server's."""
    place = folder / _FOLDER
    place.mkdir(exist_ok=True)
    (place / f"{kind}-{os.getpid()}").touch()


def living(folder: Path) -> Iterator[Process]:
    """The processes that live; what those that died left behind is removed."""
    for path in sorted((folder / _FOLDER).glob("*-*")):
        kind, _, pid = path.name.partition("-")
        try:
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        except OSError:
            pages = 0
        if not pages:  # one that has ended has none, though its parent may not know yet
            with contextlib.suppress(OSError):
                path.unlink()
            continue
        yield Process(kind, int(pid), pages * os.sysconf("SC_PAGE_SIZE"))
