"""How every engine writes its answers: in the format that was chosen, or not at all.

What a format cannot hold is refused; a serialiser alone would write broken XML.
"""

from __future__ import annotations

import dataclasses
import io
import itertools
import re
from collections.abc import Iterable, Iterator
from typing import IO, cast

from pyoxigraph import NamedNode, RdfFormat, Triple

from triplomacy.engine.protocol import Query, Sink
from triplomacy.errors import BadRequest, NotAcceptable
from triplomacy.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, RESULTS_XML, Format
from triplomacy.namespaces import SHARED_PREFIXES, prefixes
from triplomacy.writing import used, write_rdf

_PREFIX = re.compile(r"\bPREFIX\s+([A-Za-z][\w-]*|):\s*<([^<>\s]*)>", re.IGNORECASE | re.ASCII)
_SMALL = 1_000  # triples of a graph that is looked through before it is written

# XML 1.0 §2.2: these are no characters of a document, not even escaped.
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
# RDF/XML §6.1.2: a property element is named by the end of its IRI, which is an NCName.
_LOCAL_NAME = re.compile(r"[^\W\d][\w.\-\u00b7]*\Z")


class Held(io.BytesIO):
    """Keeps an answer. Implements `engine.protocol.Sink`."""

    def __init__(self) -> None:
        super().__init__()
        self.format: Format | None = None

    def begin(self, format: Format) -> None:
        """See `Sink.begin`."""
        self.format = format


class _Writer(io.RawIOBase):
    """The sink as a file, which lets the sink's own errors through the serialiser."""

    def __init__(self, sink: Sink) -> None:
        super().__init__()
        self._sink = sink

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        return self._sink.write(bytes(data))


class _XmlCharacters(_Writer):
    """Refuses what XML cannot hold, also where it straddles two pieces."""

    _last = b""

    def __init__(self, sink: Sink, format: Format) -> None:
        super().__init__(sink)
        self._format = format

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        piece = bytes(data)
        if _NOT_XML.search(self._last + piece):
            reason = "a literal has a control character, which XML 1.0 has not"
            raise _cannot_hold(self._format, reason)
        self._last = piece[-2:]
        return super().write(piece)


def output_of(sink: Sink, format: Format) -> IO[bytes]:
    """`sink` as a file for answers in `format`."""
    is_xml = format in (RDF_XML, RESULTS_XML)
    return cast("IO[bytes]", _XmlCharacters(sink, format) if is_xml else _Writer(sink))


def write_graph(
    found: Iterable[Triple], format: Format, prefixes: dict[str, str], sink: Sink
) -> None:
    """Write a graph: a small one with only the prefixes that it uses, a large one as it comes.

    Raises:
        NotAcceptable: the format cannot hold it; the serialiser would write broken RDF/XML.
    """
    triples = iter(found)
    start = [] if format in (N_TRIPLES, N_QUADS) else list(itertools.islice(triples, _SMALL))
    whole = itertools.chain(start, triples)
    if format == RDF_XML:
        whole = itertools.chain(_named_properties(start), _named_properties(triples))
    if format == JSON_LD and len(start) == _SMALL:
        format = dataclasses.replace(format, rdf=RdfFormat.STREAMING_JSON_LD)
    sink.begin(format)
    try:
        write_rdf(whole, format, used(prefixes, start), output_of(sink, format))
    except ConnectionError:
        raise  # nobody takes it any more
    except (OSError, RuntimeError, ValueError) as error:
        raise _cannot_hold(format, str(error)) from None


def _named_properties(triples: Iterable[Triple]) -> Iterator[Triple]:
    """`triples`, as long as each predicate can name an element."""
    for triple in triples:
        if _LOCAL_NAME.search(triple.predicate.value) is None:
            raise _cannot_hold(RDF_XML, f"{triple.predicate} does not end with a name of XML")
        yield triple


def _cannot_hold(format: Format, reason: str) -> NotAcceptable:
    return NotAcceptable(
        f"{format.name} cannot hold this answer: {reason}.",
        "ask for Turtle or N-Triples" if format.rdf else "ask for JSON",
    )


def named_nodes(iris: tuple[str, ...] | None) -> list[NamedNode] | None:
    """The graphs that a dataset names; raises BadRequest where one is no IRI."""
    if iris is None:
        return None
    try:
        return [NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise BadRequest(
            f"The dataset names a graph that is not an IRI: {error}",
            "give absolute IRIs in default-graph-uri and named-graph-uri",
        ) from None


def prefixes_for(query: Query) -> dict[str, str]:
    """The prefixes to write a query's result with: ours, and above all those that it declares."""
    declared = dict(prefixes(query.base) if query.base else SHARED_PREFIXES)
    for name, iri in _PREFIX.findall(query.text):
        try:
            declared[name] = NamedNode(iri).value
        except ValueError:
            continue
    return declared
