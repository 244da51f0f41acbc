"""The tally: how the calls of services ended, in memory that all processes share.

A row for each query process, which alone writes there; whoever asks adds up the rows. A process
that is replaced goes on where the one before was killed.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

Outcome = Literal["answered", "time", "failed"]
_OUTCOMES: tuple[Outcome, ...] = ("answered", "time", "failed")
_COUNT = struct.Struct("<Q")


class Tally:
    """The table, in a file that every process maps.

    Args:
        path: the file; it is made if it is not there.
        services: the services, one at least.
        rows: how many query processes there are at most; needed to make the file.
    """

    def __init__(self, path: Path, services: tuple[str, ...], rows: int | None = None) -> None:
        self._services = list(dict.fromkeys(services))
        self._row = len(self._services) * len(_OUTCOMES) * _COUNT.size
        if rows is not None and not path.exists():
            path.write_bytes(b"\0" * (rows * self._row))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 0)

    def count(self, row: int, service: str, outcome: Outcome) -> None:
        """Count a call that the process with that row has made."""
        at = row * self._row + self._column(self._services.index(service), outcome)
        _COUNT.pack_into(self._memory, at, _COUNT.unpack_from(self._memory, at)[0] + 1)

    def totals(self) -> Iterator[tuple[str, Outcome, int]]:
        """Each service and outcome, and how many calls ended so."""
        for index, service in enumerate(self._services):
            for outcome in _OUTCOMES:
                places = range(self._column(index, outcome), len(self._memory), self._row)
                counts = (_COUNT.unpack_from(self._memory, at)[0] for at in places)
                yield service, outcome, sum(counts)

    def _column(self, service: int, outcome: Outcome) -> int:
        return (service * len(_OUTCOMES) + _OUTCOMES.index(outcome)) * _COUNT.size
