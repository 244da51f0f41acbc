"""Counts the rows of a result as its bytes go by, so that none goes past a limit unannounced.

The engine writes results by itself, too fast for us to see its rows; but what it writes tells where
they end, whatever the terms contain: inside quotation marks nothing counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from triplomacy.engine.protocol import Sink
from triplomacy.errors import ResultTooLarge
from triplomacy.formats import RESULTS_CSV, RESULTS_JSON, RESULTS_TSV, Format

Item = TypeVar("Item")
_FIRST_ROW = b'"bindings":[{'

Counter = Callable[[bytes], int]
"""Takes the next piece of a result, and gives how many rows there are so far."""


class Counted:
    """A sink that counts the rows that it hands on, and takes no more than `limit`.

    Implements `engine.protocol.Sink`.

    Args:
        sink: where they go.
        limit: how many rows or triples there may be; None for any number.

    Attributes:
        rows: how many there are so far.
    """

    def __init__(self, sink: Sink, limit: int | None = None) -> None:
        self._sink = sink
        self._limit = limit
        self._count: Counter | None = None
        self.rows = 0

    def begin(self, format: Format) -> None:
        """See `Sink.begin`."""
        self._count = counter(format) if format.results is not None else None
        self._sink.begin(format)

    def write(self, data: bytes) -> int:
        """See `Sink.write`; raises ResultTooLarge in place of a piece with too many rows."""
        if self._count is not None:
            self.rows = self._count(data)
            self._check("rows")
        return self._sink.write(data)

    def triples(self, graph: Iterable[Item]) -> Iterator[Item]:
        """`graph`, counted before it is written; raises ResultTooLarge before one too many."""
        for triple in graph:
            self.rows += 1
            self._check("triples")
            yield triple

    def _check(self, of: str) -> None:
        if self._limit is not None and self.rows > self._limit:
            raise ResultTooLarge(
                f"The answer has more than {self._limit:,} {of}",
                "ask for less with LIMIT, or download the data whole from /dumps/",
            )


def counter(format: Format) -> Counter:
    """The counter for one of `formats.RESULTS_FORMATS`."""
    if format == RESULTS_JSON:
        return _json()
    if format == RESULTS_CSV:
        return _csv()
    if format == RESULTS_TSV:
        return _tags(b"\n", -1)  # the first is the head's; line ends in terms are escaped
    return _tags(b"</result>", 0)  # in terms < is escaped


def _tags(tag: bytes, start: int) -> Counter:
    """Counts `tag`, also where it straddles two pieces."""
    count, rest = start, b""

    def take(piece: bytes) -> int:
        nonlocal count, rest
        whole = rest + piece
        count += whole.count(tag)
        rest = whole[-(len(tag) - 1) :] if len(tag) > 1 else b""
        return max(count, 0)

    return take


def _csv() -> Counter:
    """Counts line ends outside quotation marks; one that is doubled opens again at once."""
    lines, quoted = -1, False

    def take(piece: bytes) -> int:
        nonlocal lines, quoted
        parts = piece.split(b'"')
        lines += sum(part.count(b"\n") for part in parts[quoted::2])
        quoted ^= len(parts) % 2 == 0
        return max(lines, 0)

    return take


def _json() -> Counter:
    """Counts what separates rows, `},{"` and a variable; rows without any value do not count.

    In a string a quotation mark is escaped, so the same four bytes can only be its end there, after
    which comes `}` or `,`. Five bytes at a time are looked at, each five of them once.
    """
    between, rest = 0, b""
    head: bytes | None = b""

    def take(piece: bytes) -> int:
        nonlocal between, rest, head
        if head is not None:
            head = (head + piece)[-len(_FIRST_ROW) - len(piece) + 1 :]
            if _FIRST_ROW in head:
                head = None
        whole = rest + piece
        between += whole[:-1].count(b'},{"') - whole.count(b'},{"}') - whole.count(b'},{",')
        rest = whole[-4:]
        return between + (head is None)

    return take
