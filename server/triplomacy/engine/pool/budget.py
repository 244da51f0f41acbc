"""The budget: how many seconds of processing each client has had, in memory that all share.

A client's account fills by the wall-clock seconds of its queries, and drains at the rate of its
budget a minute; while it is full, its queries are refused. So over any longer time nobody has more
than the budget, and a debt is paid by waiting. The table is small and bounded: who has been quiet
long enough to owe nothing is forgotten, and in a crowd whoever owes least.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import ipaddress
import math
import mmap
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from triplomacy.engine.pool.board import Running
from triplomacy.errors import OverBudget

MINUTE = 60
# the client's key, the seconds that it owes, and when that was so (CLOCK_MONOTONIC, as all see it)
_SLOT = struct.Struct("<16sdd")
_SLOTS = 8192
_NEAR = 16  # slots in which a client can be
_FEWEST = 0.5  # seconds that a client should have when it is told to come back


def _nothing() -> None:
    """It did not run in the pool."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What a client has left.

    Attributes:
        budget: the seconds of processing a minute.
        left: the seconds that it has; below zero if it has had more than its budget.
        refused: whether it has none.
    """

    budget: int
    left: float

    @property
    def refused(self) -> bool:
        """Whether it has nothing left."""
        return self.left <= 0

    @property
    def wait(self) -> int:
        """Seconds after which it has something again."""
        return max(1, math.ceil((_FEWEST - self.left) * MINUTE / self.budget))

    @property
    def until_full(self) -> int:
        """Seconds after which it has its whole budget again."""
        return max(0, math.ceil((self.budget - self.left) * MINUTE / self.budget))

    def refusal(self) -> OverBudget:
        """The error for a query that comes now."""
        return OverBudget(
            f"Your address has {self.budget} seconds of processing a minute, and has had them",
            "wait, ask for less at a time, or download the data whole from /dumps/",
            self.wait,
        )


class Budget:
    """The table of accounts, in a file that every web process maps.

    Args:
        path: the file; it is made if it is not there.
        seconds: the budget a minute; 0 for no budget.
        now: the clock.
    """

    def __init__(self, path: Path, seconds: int, now: Callable[[], float] = time.monotonic) -> None:
        self._file = path.open("a+b")
        self._file.truncate(_SLOTS * _SLOT.size)
        self._memory = mmap.mmap(self._file.fileno(), 0)
        self._seconds = seconds
        self._now = now
        self._lock = threading.Lock()

    def balance(
        self, client: str, running: Callable[[], Iterable[Running]] = tuple
    ) -> Balance | None:
        """What `client` has left; None if it has no budget to keep to.

        Args:
            client: its address.
            running: gives the queries that run now, of which its own count with the seconds so far.
        """
        key = key_of(client) if self._seconds else None
        if key is None:
            return None
        with self._locked():
            _, owed = self._find(key, self._now())
            unpaid = [q for q in running() if not q.paid and key_of(q.client) == key]
        owed += sum(query.seconds for query in unpaid)
        return Balance(self._seconds, self._seconds - owed)

    def charge(self, client: str, seconds: float, paid: Callable[[], None] = _nothing) -> None:
        """Write that a query of `client` took so long.

        Args:
            client: its address.
            seconds: what the query took.
            paid: has it no longer count as one that runs, so that at no moment it counts twice.
        """
        key = key_of(client) if self._seconds else None
        if key is None:
            paid()
            return
        with self._locked():
            now = self._now()
            at, owed = self._find(key, now)
            _SLOT.pack_into(self._memory, at, key, owed + seconds, now)
            paid()

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Alone with the table: first among our threads, then among all processes."""
        with self._lock:
            fcntl.flock(self._file, fcntl.LOCK_EX)  # the kernel drops it if we are killed
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def _find(self, key: bytes, now: float) -> tuple[int, float]:
        """Where the client's account is, or can be, and what it owes."""
        first = int.from_bytes(key[:4], "big")
        free: tuple[float, int] = (math.inf, 0)
        for step in range(_NEAR):
            at = (first + step) % _SLOTS * _SLOT.size
            held, owed, then = _SLOT.unpack_from(self._memory, at)
            owes = max(0.0, owed - (now - then) * self._seconds / MINUTE)
            if held == key:
                return at, owes
            free = min(free, (owes, at))
        return free[1], 0.0


def key_of(client: str) -> bytes | None:
    """What tells clients apart: the address, of IPv6 the network; None for this machine itself.

    A household or a machine has a /64 of IPv6 addresses (RFC 6177) and could use each once.
    """
    if not client:
        return None  # a query of our own
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return hashlib.blake2b(client.encode("utf-8", "replace"), digest_size=16).digest()
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return None if address.is_loopback else _digest(address.packed[:8])
        address = address.ipv4_mapped
    return None if address.is_loopback else _digest(address.packed)


def _digest(packed: bytes) -> bytes:
    return hashlib.blake2b(packed, digest_size=16).digest()
