"""The board: what each query process is doing, in memory that all processes share.

One row a query process. That process alone writes its row while it runs. Who wants a query to end
writes why, with the query's id; the supervisor, and nobody else, kills what it finds condemned.
"""

from __future__ import annotations

import mmap
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

Reason = Literal["", "time", "cancelled", "memory", "nesting", "left", "fault"]
_REASONS: tuple[Reason, ...] = get_args(Reason)

# whether a query runs, and whether its client has paid for it; then pid, started, deadline
# (CLOCK_MONOTONIC, the same in all processes), id, client, excerpt
_RUNS = struct.Struct("<??")
_RUN = struct.Struct("<qdd16s64s200s")
# the id of the query that was killed, and why
_KILL = struct.Struct("<16sB")
_ROW = 512
_KILL_AT = _RUNS.size + _RUN.size
assert _KILL_AT + _KILL.size <= _ROW, "a row holds all"


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
        paid: whether it is charged to the client's budget already, as it is about to end.
    """

    row: int
    pid: int
    id: str
    seconds: float
    left: float
    client: str
    excerpt: str
    paid: bool = False


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
        values = (pid, now, deadline, id.encode(), _cut(client, 64), _cut(text, 200))
        _RUN.pack_into(self._memory, row * _ROW + _RUNS.size, *values)
        _RUNS.pack_into(self._memory, row * _ROW, True, False)  # last: who reads finds the rest

    def pay(self, row: int) -> None:
        """Write that the query in `row` is paid for, though it is not yet at its end."""
        _RUNS.pack_into(self._memory, row * _ROW, True, True)

    def finish(self, row: int) -> None:
        """Write that the query in `row` has ended."""
        _RUNS.pack_into(self._memory, row * _ROW, False, False)

    def running(self) -> list[Running]:
        """All queries that run, the oldest first."""
        now = time.monotonic()
        found = []
        for row in range(self.rows):
            content = self._read(row)
            if content is not None:
                paid, (pid, started, deadline, id, client, text) = content
                who = (_text(id), now - started, deadline - now, _text(client), _text(text))
                found.append(Running(row, pid, *who, paid))
        return sorted(found, key=lambda r: -r.seconds)

    def condemn(self, row: int, id: str, reason: Reason) -> None:
        """Write why the query `id` in `row` must end; it is of no matter to the next one there."""
        _KILL.pack_into(self._memory, row * _ROW + _KILL_AT, id.encode(), _REASONS.index(reason))

    def reason(self, row: int, id: str) -> Reason:
        """Why the query `id` in `row` was killed; empty if nobody meant to kill it."""
        condemned, reason = _KILL.unpack_from(self._memory, row * _ROW + _KILL_AT)
        return _REASONS[reason] if _text(condemned) == id else ""

    def find(self, id: str) -> Running | None:
        """The query `id`; None if it does not run (any more)."""
        return next((query for query in self.running() if query.id == id), None)

    def stop(self, id: str, reason: Reason) -> bool:
        """Have the query `id` stopped; False if it does not run (any more)."""
        query = self.find(id)
        if query is not None:
            self.condemn(query.row, id, reason)
        return query is not None

    def fate(self, id: str) -> Reason:
        """Why the query `id` was killed, wherever it ran; empty if nobody meant to kill it."""
        reasons = (self.reason(row, id) for row in range(self.rows))
        return next(filter(None, reasons), "")

    def _read(self, row: int) -> tuple[bool, tuple[int, float, float, bytes, bytes, bytes]] | None:
        """Whether what runs in `row` is paid for, and what it is; None if nothing runs there.

        Read until twice the same: its writer may be at it.
        """
        start, end = row * _ROW, row * _ROW + _KILL_AT
        content = self._memory[start:end]
        while content != (again := self._memory[start:end]):
            content = again
        runs, paid = _RUNS.unpack_from(content)
        return (paid, _RUN.unpack_from(content, _RUNS.size)) if runs else None


def _cut(text: str, size: int) -> bytes:
    return text.encode("utf-8", "replace")[:size]


def _text(field: bytes) -> str:
    return field.rstrip(b"\0").decode("utf-8", "ignore")
