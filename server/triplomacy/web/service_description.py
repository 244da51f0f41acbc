"""The SPARQL 1.1 Service Description: what the endpoint can do, counted, never typed in."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from triplomacy.formats import RDF_FORMATS, RESULTS_FORMATS, Format
from triplomacy.namespaces import DCT, RDF, RDFS, SD, VOID, XSD
from triplomacy.web.current import Publication
from triplomacy.writing import rdf_bytes

_GRAPHS = """
SELECT ?graph (COUNT(*) AS ?triples) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph
ORDER BY ?graph
"""
_UNION = "SELECT (COUNT(*) AS ?triples) WHERE { ?s ?p ?o }"
_INTEGER = NamedNode(f"{XSD}integer")
_TYPE = NamedNode(f"{RDF}type")
_TITLE = NamedNode(f"{DCT}title")
_COMMENT = NamedNode(f"{RDFS}comment")
_LICENCE = NamedNode(f"{DCT}license")
_TRIPLES = NamedNode(f"{VOID}triples")
_PREFIXES = {"sd": SD, "dct": DCT, "rdfs": RDFS, "void": VOID, "xsd": XSD}


def service_description(
    published: Publication, endpoint: str, limits: tuple[str, ...], federated: bool = False
) -> Iterator[Triple]:
    """Describe the endpoint (SPARQL 1.1 Service Description §3).

    Args:
        published: the release that it answers from.
        endpoint: the URL at which it answers.
        limits: what a query may cost, in sentences.
        federated: whether it may call other endpoints, those that `limits` names.
    """
    service = NamedNode(f"{endpoint}#service")
    dataset = NamedNode(f"{endpoint}#dataset")
    default = NamedNode(f"{endpoint}#default-graph")
    manifest = published.manifest
    yield Triple(service, _TYPE, _sd("Service"))
    yield Triple(service, _TITLE, Literal(f"{manifest.title}: SPARQL endpoint"))
    for sentence in limits:
        yield Triple(service, _COMMENT, Literal(sentence, language="en"))
    yield Triple(service, _sd("endpoint"), NamedNode(endpoint))
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL10Query"))
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    for format in (*RESULTS_FORMATS, *RDF_FORMATS):
        if format.iri:
            yield Triple(service, _sd("resultFormat"), NamedNode(format.iri))
    yield Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
    if federated:
        yield Triple(service, _sd("feature"), _sd("BasicFederatedQuery"))
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield Triple(dataset, _TYPE, _sd("Dataset"))
    yield Triple(dataset, _TITLE, Literal(manifest.title))
    yield Triple(dataset, _LICENCE, NamedNode(manifest.licence))
    yield Triple(dataset, _sd("defaultGraph"), default)
    yield Triple(default, _TYPE, _sd("Graph"))
    [union] = published.engine.select(_UNION)
    yield Triple(default, _TRIPLES, Literal(union["triples"].value, datatype=_INTEGER))
    for count, row in enumerate(published.engine.select(_GRAPHS)):
        named, graph, name = BlankNode(f"n{count}"), BlankNode(f"g{count}"), row["graph"]
        assert isinstance(name, NamedNode), "graphs are named by IRIs (see `Base.graph_of`)"
        yield Triple(dataset, _sd("namedGraph"), named)
        yield Triple(named, _TYPE, _sd("NamedGraph"))
        yield Triple(named, _sd("name"), name)
        yield Triple(named, _sd("graph"), graph)
        yield Triple(graph, _TYPE, _sd("Graph"))
        yield Triple(graph, _TRIPLES, Literal(row["triples"].value, datatype=_INTEGER))


def write_service_description(
    published: Publication,
    endpoint: str,
    limits: tuple[str, ...],
    format: Format,
    federated: bool = False,
) -> bytes:
    """The description in one of `formats.RDF_FORMATS`; parameters as in `service_description`."""
    described = service_description(published, endpoint, limits, federated)
    return rdf_bytes(list(described), format, _PREFIXES)


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)
