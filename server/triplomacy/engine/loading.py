"""Loads a store from canonical N-Quads: the named graphs and their union, in bounded memory.

The bulk loader reads text far faster than it takes quads from Python, and without the interpreter's
lock, so the graphs and the union are loaded side by side. The union is the same text without its
graphs; the store is a set, so what stands in two graphs is there once. But the loader gives blank
nodes new labels each time it is called, and then a node would be one thing in its graph and another
in the union: statements with blank nodes go in as quads, which keep their labels.
"""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, cast

from pyoxigraph import Quad, RdfFormat, Store, parse

_CHUNK = 1024 * 1024  # bytes
_BLANK = b"_:"  # a text or an IRI may hold it, too: then a quad more goes the slow way
# The last term of a line: no IRI holds angle brackets, and no literal a bare line feed.
_GRAPH = re.compile(rb" <[^<>\n]*> \.\n")


def load(store: Store, n_quads: Path) -> None:
    """Load the quads and their union into an empty store.

    Args:
        store: where to; it is not flushed.
        n_quads: canonical N-Quads (RDF Dataset Canonicalization §5), gzipped if its name ends with
            `.gz`, each quad in a named graph. Held in memory are a few million statements at a
            time, and all that name a blank node.

    Raises:
        OSError: the file cannot be read, or the store not be written.
        SyntaxError: the file holds something else.
    """
    with_blanks: list[bytes] = []
    with _open(n_quads) as quads, _open(n_quads) as again, ThreadPoolExecutor(2) as pool:
        named = _Lines(quads, with_blanks.append)
        union = _Lines(again, change=lambda lines: _GRAPH.sub(b" .\n", lines))
        loads = [
            pool.submit(store.bulk_load, input=_buffered(lines), format=format)
            for lines, format in ((named, RdfFormat.N_QUADS), (union, RdfFormat.N_TRIPLES))
        ]
        for one in loads:
            one.result()
    if with_blanks:
        found = list(parse(input=b"".join(with_blanks), format=RdfFormat.N_QUADS))
        store.bulk_extend(found)
        store.bulk_extend(Quad(*q.triple) for q in found)


def _open(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _buffered(lines: io.RawIOBase) -> IO[bytes]:
    """The loader breaks off, and the process with it, if it is given more than it asked for."""
    return cast("IO[bytes]", io.BufferedReader(lines, _CHUNK))


class _Lines(io.RawIOBase):
    """The lines of a file that name no blank node, as a file.

    Args:
        file: whole lines of N-Quads.
        aside: takes each line that does name one.
        change: changes the others, many at a time.
    """

    def __init__(
        self,
        file: IO[bytes],
        aside: Callable[[bytes], None] = lambda line: None,
        change: Callable[[bytes], bytes] = lambda lines: lines,
    ) -> None:
        super().__init__()
        self._file = file
        self._aside = aside
        self._change = change
        self._held = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._held:
            lines = self._file.read(_CHUNK) + self._file.readline()
            if not lines:
                return 0
            self._held = memoryview(self._change(self._ground(lines)))
        size = min(len(buffer), len(self._held))
        buffer[:size] = self._held[:size]
        self._held = self._held[size:]
        return size

    def _ground(self, lines: bytes) -> bytes:
        if _BLANK not in lines:
            return lines
        kept = []
        for line in lines.splitlines(keepends=True):
            if _BLANK in line:
                self._aside(line)
            else:
                kept.append(line)
        return b"".join(kept)
