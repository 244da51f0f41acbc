"""The one table of formats: names, media types, suffixes and how each is written.

Everything else that needs a media type or a suffix (negotiation, `Link` headers, dumps, the service
description, the query page) derives it from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import QueryResultsFormat, RdfFormat

from triplomacy.namespaces import FORMATS


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write RDF, query results, or a page.

    Attributes:
        name: what people call it.
        suffix: the file suffix and path suffix, without the dot.
        media_type: what we send in `Content-Type`.
        aliases: further media types by which clients ask for it.
        charset: whether `; charset=utf-8` belongs in the `Content-Type` (text types only).
        iri: its IRI in the W3C's list of formats, for the service description; None if it has none.
        rdf: the writer for triples and quads; None if it does not write RDF.
        results: the writer for SELECT and ASK results; None if it does not write them.
    """

    name: str
    suffix: str
    media_type: str
    aliases: tuple[str, ...] = ()
    charset: bool = False
    iri: str | None = None
    rdf: RdfFormat | None = None
    results: QueryResultsFormat | None = None

    @property
    def content_type(self) -> str:
        """The value of the `Content-Type` header."""
        return f"{self.media_type}; charset=utf-8" if self.charset else self.media_type

    @property
    def media_types(self) -> tuple[str, ...]:
        """Every media type by which a client can ask for it, ours first."""
        return (self.media_type, *self.aliases)

    @property
    def has_graphs(self) -> bool:
        """Whether it can carry named graphs (a dataset), not one graph only."""
        return self.rdf is not None and self.rdf.supports_datasets


JSON = Format("JSON", "json", "application/json")
"""What programs read that is neither RDF nor the result of a query."""
HTML = Format("HTML", "html", "text/html", ("application/xhtml+xml",), charset=True)
TURTLE = Format(
    "Turtle",
    "ttl",
    "text/turtle",
    ("application/x-turtle", "application/turtle"),
    charset=True,
    iri=f"{FORMATS}Turtle",
    rdf=RdfFormat.TURTLE,
)
N_TRIPLES = Format(
    "N-Triples",
    "nt",
    "application/n-triples",
    ("text/plain",),
    iri=f"{FORMATS}N-Triples",
    rdf=RdfFormat.N_TRIPLES,
)
N_QUADS = Format(
    "N-Quads",
    "nq",
    "application/n-quads",
    ("text/x-nquads",),
    iri=f"{FORMATS}N-Quads",
    rdf=RdfFormat.N_QUADS,
)
TRIG = Format(
    "TriG", "trig", "application/trig", ("application/x-trig",),
    iri=f"{FORMATS}TriG", rdf=RdfFormat.TRIG,
)  # fmt: skip
RDF_XML = Format(
    "RDF/XML",
    "rdf",
    "application/rdf+xml",
    ("application/xml", "text/xml"),
    iri=f"{FORMATS}RDF_XML",
    rdf=RdfFormat.RDF_XML,
)
JSON_LD = Format(
    "JSON-LD",
    "jsonld",
    "application/ld+json",
    ("application/json",),
    iri=f"{FORMATS}JSON-LD",
    rdf=RdfFormat.JSON_LD,
)
RESULTS_JSON = Format(
    "JSON",
    "srj",
    "application/sparql-results+json",
    ("application/json",),
    iri=f"{FORMATS}SPARQL_Results_JSON",
    results=QueryResultsFormat.JSON,
)
RESULTS_XML = Format(
    "XML",
    "srx",
    "application/sparql-results+xml",
    ("application/xml", "text/xml"),
    iri=f"{FORMATS}SPARQL_Results_XML",
    results=QueryResultsFormat.XML,
)
RESULTS_CSV = Format(
    "CSV", "csv", "text/csv", (), charset=True,
    iri=f"{FORMATS}SPARQL_Results_CSV", results=QueryResultsFormat.CSV,
)  # fmt: skip
RESULTS_TSV = Format(
    "TSV", "tsv", "text/tab-separated-values", (), charset=True,
    iri=f"{FORMATS}SPARQL_Results_TSV", results=QueryResultsFormat.TSV,
)  # fmt: skip

RDF_FORMATS: tuple[Format, ...] = (TURTLE, N_TRIPLES, N_QUADS, TRIG, RDF_XML, JSON_LD)
"""The formats of documents and of CONSTRUCT and DESCRIBE results; the first is the default."""

RESULTS_FORMATS: tuple[Format, ...] = (RESULTS_JSON, RESULTS_XML, RESULTS_CSV, RESULTS_TSV)
"""The formats of SELECT and ASK results; the first is the default."""

DOCUMENT_FORMATS: tuple[Format, ...] = (HTML, *RDF_FORMATS)
"""The formats of an entity's document; a client that takes anything gets the page."""

BY_SUFFIX: dict[str, Format] = {f.suffix: f for f in (*DOCUMENT_FORMATS, *RESULTS_FORMATS)}
