"""The limits under which strangers may use the endpoint: `[limits]` in `triplomacy.toml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query, one answer and one client may cost.

    Attributes:
        seconds: wall-clock seconds for a query; a request can ask for less, never for more.
        memory_mib: MiB of memory that a query may take beside the store.
        rows: rows of an answer, or triples; past that it is cut, visibly.
        result_mib: MiB of an answer; past that it is cut, visibly.
        processes: query processes, that is, queries at the same time; 0 means one for each core.
        queue: queries that wait for a process; one more is refused at once.
        client_seconds: seconds of processing a minute for each client's address; 0 for no budget.
        service_seconds: seconds for a call of another endpoint, within the time of the query.
        service_mib: MiB of the answer of another endpoint.
    """

    seconds: int = 30
    memory_mib: int = 2048
    rows: int = 1_000_000
    result_mib: int = 256
    processes: int = 0
    queue: int = 32
    client_seconds: int = 60
    service_seconds: int = 10
    service_mib: int = 16

    def in_words(self, services: tuple[str, ...] = ()) -> tuple[str, ...]:
        """What those who ask should know, a sentence each.

        Args:
            services: the endpoints that queries may call.
        """
        budget = (
            f"Each address has {self.client_seconds} seconds of processing a minute; then comes "
            "429 with Retry-After.",
        )
        federation = (
            f"SERVICE may call {' and '.join(services)}, for {self.service_seconds} seconds and "
            f"{self.service_mib:,} MiB each.",
        )
        return (
            f"A query may run for {self.seconds} seconds, and take {self.memory_mib:,} MiB of "
            "memory; the parameter timeout shortens its time.",
            f"An answer may have {self.rows:,} rows or triples, and {self.result_mib:,} MiB; a "
            "longer one ends in words that make it unreadable, never silently.",
            *(budget if self.client_seconds else ()),
            *(federation if services else ()),
        )
