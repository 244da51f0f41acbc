"""The limits under which strangers may use the endpoint: `[limits]` in `triplomacy.toml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query, one answer and one client may cost.

    Attributes:
        seconds: wall-clock seconds for a query; a request can ask for less, never for more.
        memory_mib: MiB of memory that a query may take beside the store.
        result_mib: MiB of an answer; past that it is cut, visibly.
        processes: query processes, that is, queries at the same time; 0 means one for each core.
        queue: queries that wait for a process; one more is refused at once.
    """

    seconds: int = 30
    memory_mib: int = 2048
    result_mib: int = 256
    processes: int = 0
    queue: int = 32
