"""The panel that ends the page of a thing: its IRI, its formats, its facts, how to cite it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from triplomacy.formats import RDF_FORMATS, Format
from triplomacy.iris import Address
from triplomacy.release.manifest import Manifest
from triplomacy.web.pages.dates import in_words
from triplomacy.web.pages.incoming import IncomingView, Part, incoming_view
from triplomacy.web.pages.reader import Fact, Reader, Ref, by_label


@dataclass(frozen=True, slots=True)
class Representation:
    """One format in which a document can be had, and where."""

    format: Format
    url: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The data behind a page.

    Attributes:
        iri: the IRI of the thing.
        representations: the document in every format for data.
        sparql: the query page with a query about the thing.
        curl: a command that fetches the data.
        citation: how to cite it.
        facts: everything that is said of it.
        incoming: what points at it.
        graphs: the named graphs of its facts, and how many facts each holds.
    """

    iri: str
    representations: tuple[Representation, ...]
    sparql: str
    curl: str
    citation: str
    facts: tuple[Fact, ...]
    incoming: IncomingView
    graphs: tuple[tuple[Ref, int], ...]


def make_panel(
    reader: Reader,
    thing: NamedNode,
    title: str,
    document: str,
    here: Address,
    manifest: Manifest,
    part: Part,
) -> Panel:
    """The panel for `thing`, whose document lies at the path `document`.

    Args:
        part: which part of what points at it is shown.
    """
    facts = reader.facts(thing)
    counts: dict[Ref, int] = {}
    for fact in facts:
        for graph in fact.graphs:
            counts[graph] = counts.get(graph, 0) + 1
    query = (
        "SELECT ?property ?value ?graph WHERE {\n"
        f"  GRAPH ?graph {{ {thing} ?property ?value }}\n"
        "} ORDER BY ?property"
    )
    return Panel(
        thing.value,
        representations(here, document),
        sparql_link(here, query),
        f"curl -L -H 'Accept: text/turtle' '{here.link(thing.value)}'",
        cite(title, thing.value, manifest),
        facts,
        incoming_view(reader, thing, part),
        tuple(sorted(counts.items(), key=lambda pair: by_label(pair[0]))),
    )


def representations(
    here: Address, document: str, formats: tuple[Format, ...] = RDF_FORMATS
) -> tuple[Representation, ...]:
    """A document in every format, by its suffixes."""
    return tuple(Representation(f, f"{here.at(document)}.{f.suffix}") for f in formats)


def sparql_link(here: Address, query: str) -> str:
    """The query page, with a query in it."""
    return here.at("sparql") + "?" + urlencode({"query": query})


def cite(title: str, iri: str, manifest: Manifest) -> str:
    """A citation: what, by whom, in which release, where."""
    day = in_words(manifest.created[:10])
    by = f"{manifest.publisher.rstrip('.')}. " if manifest.publisher else ""
    whole = "" if title == manifest.title else f"In: {manifest.title}. "
    return f"{by}“{title}”. {whole}Release {manifest.version}, {day}. {iri}"
