"""Writes RDF so that the same terms in the same order are the same bytes, in every process.

The serialiser keeps the order of statements, but not that of prefixes: it writes them in the order
of a hash table that differs from process to process. The head of a file is therefore held back and
sorted; strong ETags and checksums rest on it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Sequence
from typing import IO, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from triplomacy.formats import Format
from triplomacy.namespaces import RDF

_PREFIXED = (RdfFormat.TURTLE, RdfFormat.TRIG)
_Split = Callable[[bytes], tuple[bytes, bytes] | None]
_XMLNS = re.compile(rb'xmlns:[\w.-]+="[^"]*"')


def write_rdf(
    data: Iterable[Quad] | Iterable[Triple],
    format: Format,
    prefixes: dict[str, str],
    output: IO[bytes],
) -> None:
    """Write `data` to `output` as it comes.

    Args:
        data: triples or, for a format that has graphs, quads; written in this order.
        format: one of `formats.RDF_FORMATS`.
        prefixes: declared in the order of their names.
        output: a file, or anything with `write`.

    Raises:
        OSError: the disk is full.
    """
    if format.rdf in _PREFIXED:
        head = _Head(output, _turtle_head)
    elif format.rdf == RdfFormat.RDF_XML:
        head = _Head(output, _xml_head)
    else:
        serialize(data, output, format.rdf)
        return
    serialize(data, cast("IO[bytes]", head), format.rdf, prefixes=prefixes)
    head.finish()


def rdf_bytes(
    data: Sequence[Quad] | Sequence[Triple], format: Format, prefixes: dict[str, str]
) -> bytes:
    """What `write_rdf` writes, with those of `prefixes` that `data` uses."""
    output = io.BytesIO()
    write_rdf(data, format, used(prefixes, data), output)
    return output.getvalue()


def used(prefixes: dict[str, str], data: Iterable[Quad] | Iterable[Triple]) -> dict[str, str]:
    """Those of `prefixes` whose namespace begins an IRI in `data`."""
    iris: set[str] = {RDF}
    for statement in data:
        for term in statement:
            if isinstance(term, NamedNode):
                iris.add(_namespace(term.value))
            elif isinstance(term, Literal):
                iris.add(_namespace(term.datatype.value))
    return {p: n for p, n in prefixes.items() if n in iris}


def _namespace(iri: str) -> str:
    """The part of an IRI up to its last `#` or `/`."""
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


class _Head(io.RawIOBase):
    """Holds back the head of a file until it is whole, sorts it, and then only passes on."""

    def __init__(self, output: IO[bytes], split: _Split) -> None:
        super().__init__()
        self._output = output
        self._split = split
        self._held: bytes | None = b""

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        chunk = bytes(data)
        if self._split is _xml_head:
            chunk = chunk.replace(b"\r", b"&#xD;")  # XML 1.0 §2.11: a bare one reads as line feed
        if self._held is None:
            self._output.write(chunk)
        else:
            self._held += chunk
            parts = self._split(self._held)
            if parts is not None:
                self._held = None
                self._output.write(b"".join(parts))
        return len(data)

    def finish(self) -> None:
        """Write what is still held: a file that is all head."""
        if self._held:
            parts = self._split(self._held + b"\0") or (self._held, b"\0")
            self._output.write(b"".join(parts)[:-1])
            self._held = None


def _turtle_head(data: bytes) -> tuple[bytes, bytes] | None:
    """Sorted `@prefix` lines and the rest; None while the rest has not begun."""
    end = 0
    while data.startswith(b"@prefix ", end):
        newline = data.find(b"\n", end)
        if newline < 0:
            return None
        end = newline + 1
    if b"@prefix ".startswith(data[end : end + 8]):  # nothing, or the beginning of a line
        return None
    lines = sorted(data[:end].splitlines(keepends=True))
    return b"".join(lines) + (b"\n" if lines else b""), data[end:]


def _xml_head(data: bytes) -> tuple[bytes, bytes] | None:
    """The root's start tag with sorted declarations and the rest; None while it is not whole."""
    start = data.find(b"<rdf:RDF")
    end = data.find(b">", start)
    if start < 0 or end < 0:
        return None
    names = b" ".join(sorted(_XMLNS.findall(data[start:end])))
    return data[:start] + b"<rdf:RDF " + names, data[end:]


def reading_order(statement: Quad | Triple, first: NamedNode | None = None) -> tuple[object, ...]:
    """A sort key for people: the resource itself first, its type first, blank nodes last.

    Args:
        statement: what to sort.
        first: the subject that a document is about.
    """
    subject, predicate = statement.subject, statement.predicate
    return (
        subject != first,
        isinstance(subject, BlankNode),
        str(subject),
        predicate.value != f"{RDF}type",
        predicate.value,
        str(statement.object),
    )
