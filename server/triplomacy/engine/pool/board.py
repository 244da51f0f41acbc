"""The board: what each query process is doing, in memory that all processes share.

One row a query process. Only that process writes its row while it runs; only the supervisor writes
`reason`, with the id of the query that it means, before it kills.
"""

from __future__ import annotations

import mmap
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Reason = Literal["", "time", "cancelled", "memory", "nesting"]
_REASONS: tuple[Reason, ...] = ("", "time", "cancelled", "memory", "nesting")

# pid, running, started, deadline (CLOCK_MONOTONIC, the same in all processes), id, client, excerpt
_RUN = struct.Struct("<q?dd16s64s200s")
# the id of the query that was killed, and why
_KILL = struct.Struct("<16sB")
_ROW = 512
assert _RUN.size + _KILL.size <= _ROW, "a row holds both"


@dataclass(frozen=True, slots=True)
class Running:
    """A query that runs.

    Attributes:
        row: its row on the board.
        pid: the process that runs it.
        id: its id, 16 hex digits.
        seconds: for how long it has run.
        left: seconds until its deadline; negative if it has passed.
        client: the address of who sent it.
        excerpt: how the query begins.
    """

    row: int
    pid: int
    id: str
    seconds: float
    left: float
    client: str
    excerpt: str


class Board:
    """The table, in a file that every process maps.

    Args:
        path: the file; it is made if it is not there.
        rows: how many query processes there are at most.
    """

    def __init__(self, path: Path, rows: int | None = None) -> None:
        if rows is not None and not path.exists():
            path.write_bytes(b"\0" * (rows * _ROW))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 0)
        self.rows = len(self._memory) // _ROW

    def start(self, row: int, pid: int, id: str, deadline: float, client: str, text: str) -> None:
        """Write that a query begins. `deadline` is a time of `time.monotonic`."""
        now = time.monotonic()
        values = (pid, True, now, deadline, id.encode(), _cut(client, 64), _cut(text, 200))
        _RUN.pack_into(self._memory, row * _ROW, *values)

    def finish(self, row: int) -> None:
        """Write that the query in `row` has ended."""
        _RUN.pack_into(self._memory, row * _ROW, 0, False, 0.0, 0.0, b"", b"", b"")

    def running(self) -> list[Running]:
        """All queries that run, the oldest first."""
        now = time.monotonic()
        found = []
        for row in range(self.rows):
            pid, running, started, deadline, id, client, text = _RUN.unpack_from(
                self._memory, row * _ROW
            )
            if running:
                found.append(
                    Running(
                        row,
                        pid,
                        _text(id),
                        now - started,
                        deadline - now,
                        _text(client),
                        _text(text),
                    )
                )
        return sorted(found, key=lambda r: -r.seconds)

    def condemn(self, row: int, id: str, reason: Reason) -> None:
        """Write why the query in `row` is about to be killed."""
        _KILL.pack_into(self._memory, row * _ROW + _RUN.size, id.encode(), _REASONS.index(reason))

    def reason(self, row: int, id: str) -> Reason:
        """Why the query `id` in `row` was killed; empty if nobody meant to kill it."""
        condemned, reason = _KILL.unpack_from(self._memory, row * _ROW + _RUN.size)
        return _REASONS[reason] if _text(condemned) == id else ""


def _cut(text: str, size: int) -> bytes:
    return text.encode("utf-8", "replace")[:size]


def _text(field: bytes) -> str:
    return field.rstrip(b"\0").decode("utf-8", "ignore")
