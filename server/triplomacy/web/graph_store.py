"""`/graph-store`: the SPARQL 1.1 Graph Store HTTP Protocol for reading, by indirect identification.

`?default` is the union of the named graphs, `?graph=IRI` one of them, and nothing more: neither
labels nor provenance. Direct identification (§4.1) is the graph's own IRI (see `documents`).
"""

from __future__ import annotations

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode, Quad

from triplomacy.engine.protocol import union
from triplomacy.errors import BadRequest, NotFound, TooLarge
from triplomacy.formats import RDF_FORMATS
from triplomacy.namespaces import prefixes
from triplomacy.web.current import publication
from triplomacy.web.negotiation import Accept
from triplomacy.web.representation import address, represent
from triplomacy.writing import rdf_bytes, reading_order

routes = Blueprint("graph_store", __name__)

LARGEST = 200_000
"""Triples of a graph that is written on request; a larger one is downloaded."""


@routes.get("/graph-store")
def graph() -> Response:
    """The content of one graph (§5.2 of the protocol).

    Raises:
        BadRequest: neither or both of `default` and `graph`, or a graph that is no absolute IRI.
        NotFound: there is no such graph.
        TooLarge: it is larger than what is written on request.
    """
    chosen = _chosen()
    accept = Accept(request.headers.get("Accept"), request.args.get("format"))
    format = accept.choose([f for f in RDF_FORMATS if not f.has_graphs])
    published = publication()

    def make() -> bytes:
        triples = sorted(union(graph_content(chosen)), key=reading_order)
        return rdf_bytes(triples, format, prefixes(published.base.iri))

    if chosen is None and published.manifest.triples > LARGEST:
        raise _too_large()
    return represent(format, make)


def _chosen() -> NamedNode | None:
    """The named graph that the request identifies (§4.2); None for the default graph."""
    named = request.args.getlist("graph")
    default = "default" in request.args
    if len(named) + default != 1:
        raise BadRequest(
            "The request identifies no graph, or more than one.",
            "give either ?default or one ?graph=IRI; the graphs are listed at /dataset",
        )
    if default:
        return None
    try:
        chosen = NamedNode(named[0])
    except ValueError:
        raise BadRequest(
            f"{named[0]!r} is not an absolute IRI", "percent-encode it whole"
        ) from None
    if not any(True for _ in publication().engine.quads(graph=chosen)):
        raise NotFound(f"There is no graph {chosen.value}.", "the graphs are listed at /dataset")
    return chosen


def graph_content(chosen: NamedNode | None) -> list[Quad]:
    """What a named graph holds, or all of them.

    Raises:
        TooLarge: it is more than what is written on request.
    """
    quads: list[Quad] = []
    for quad in publication().engine.quads(graph=chosen):
        quads.append(quad)
        if len(quads) > LARGEST:
            raise _too_large()
    return quads


def _too_large() -> TooLarge:
    return TooLarge(
        f"The graph has more than {LARGEST:,} triples.",
        f"download it from {address().at('dumps/')}, or ask for parts at {address().at('sparql')}",
    )
