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

Counter = Callable[[bytes], int]
"""Takes the next piece of a result, and gives how many rows there are so far, at least one."""


class Limited:
    """A sink that takes no more than `limit` rows, and hands them on. Implements `Sink`.

    Graphs pass uncounted: they are counted before they are written (see `at_most`).
    """

    def __init__(self, sink: Sink, limit: int) -> None:
        self._sink = sink
        self._limit = limit
        self._count: Counter | None = None

    def begin(self, format: Format) -> None:
        """See `Sink.begin`."""
        self._count = counter(format) if format.results is not None else None
        self._sink.begin(format)

    def write(self, data: bytes) -> int:
        """See `Sink.write`; raises ResultTooLarge in place of a piece with too many rows."""
        if self._count is not None and self._count(data) > self._limit:
            raise too_many(self._limit, "rows")
        return self._sink.write(data)


def counter(format: Format) -> Counter:
    """The counter for one of `formats.RESULTS_FORMATS`."""
    if format == RESULTS_JSON:
        return _json()
    if format == RESULTS_CSV:
        return _csv()
    if format == RESULTS_TSV:
        return _tags(b"\n", -1)  # the first is the head's; line ends in terms are escaped
    return _tags(b"</result>", 0)  # in terms < is escaped


def at_most(items: Iterable[Item], limit: int) -> Iterator[Item]:
    """`items`, as long as there are no more than `limit`; raises ResultTooLarge with the next."""
    for number, item in enumerate(items):
        if number == limit:
            raise too_many(limit, "triples")
        yield item


def too_many(limit: int, of: str) -> ResultTooLarge:
    """The error about an answer with more than `limit` rows or triples."""
    return ResultTooLarge(
        f"The answer has more than {limit:,} {of}",
        "ask for less with LIMIT, or download the data whole from /dumps/",
    )


def _tags(tag: bytes, start: int) -> Counter:
    """Counts `tag`, also where it straddles two pieces."""
    count, rest = start, b""

    def take(piece: bytes) -> int:
        nonlocal count, rest
        whole = rest + piece
        count += whole.count(tag)
        rest = whole[-(len(tag) - 1) :] if len(tag) > 1 else b""
        return max(count, 1)

    return take


def _csv() -> Counter:
    """Counts line ends outside quotation marks; one that is doubled opens again at once."""
    lines, quoted = -1, False

    def take(piece: bytes) -> int:
        nonlocal lines, quoted
        parts = piece.split(b'"')
        lines += sum(part.count(b"\n") for part in parts[quoted::2])
        quoted ^= len(parts) % 2 == 0
        return max(lines, 1)

    return take


def _json() -> Counter:
    """Counts what separates rows, `},{"` and a variable; rows without any value do not count.

    In a string a quotation mark is escaped, so the same four bytes can only be its end there, after
    which comes `}` or `,`. Five bytes at a time are looked at, each five of them once.
    """
    between, rest = 0, b""

    def take(piece: bytes) -> int:
        nonlocal between, rest
        whole = rest + piece
        between += whole[:-1].count(b'},{"') - whole.count(b'},{"}') - whole.count(b'},{",')
        rest = whole[-4:]
        return between + 1

    return take
