"""Dereferencing: every IRI under the base leads to a description, in every format (303, 200, 404).

`/id/…` and `/vocab/…` name things and concepts: 303 to their documents under `/doc/…`. `/ontology`
and `/shapes` are documents themselves. `/graph/…` is a graph, whose representations hold just what
it holds (SPARQL 1.1 Graph Store HTTP Protocol §4.1); `/about/graph/…` tells of it. A suffix fixes
the format.
"""

from __future__ import annotations

import difflib
import json
from bisect import bisect_left
from typing import Any

from flask import Blueprint, Response, redirect, request
from pyld import jsonld
from pyoxigraph import NamedNode, Quad, RdfFormat, serialize
from werkzeug.wrappers import Response as BaseResponse

from triplomacy.engine.describe import describe, describe_graph, is_mentioned
from triplomacy.engine.protocol import union
from triplomacy.errors import NotFound
from triplomacy.formats import DOCUMENT_FORMATS, HTML, JSON_LD, Format
from triplomacy.iris import document_path, spellings, thing_path
from triplomacy.namespaces import OWL, RDF, prefixes
from triplomacy.web.current import Publication, publication
from triplomacy.web.graph_store import graph_content
from triplomacy.web.negotiation import Accept, split_suffix
from triplomacy.web.pages import entity_page
from triplomacy.web.representation import Link, address, alternates, represent
from triplomacy.writing import rdf_bytes, reading_order

routes = Blueprint("documents", __name__)

CONTEXT_PATH = "ontology/context.jsonld"
_VERSION_IRI = NamedNode(f"{OWL}versionIRI")
_NEAR = 5
_COMPARED = 250
"""Names that are compared with the one that was not found, before and after it."""


@routes.get("/id/<path:rest>", defaults={"head": "id"})
@routes.get("/vocab/<path:rest>", defaults={"head": "vocab"})
def thing(head: str, rest: str) -> BaseResponse:
    """A thing is not a document: 303 to the document about it."""
    path, suffix = _resolve(f"{head}/{rest}")
    document = document_path(path)
    assert document is not None, "only things are routed here"
    target = address().at(document + (f".{suffix}" if suffix else ""))
    response = redirect(target, code=303)
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


@routes.get("/doc/<path:rest>")
def document(rest: str) -> BaseResponse:
    """The document about a thing or a concept."""
    asked, suffix = split_suffix(f"doc/{rest}")
    path, more = _resolve(thing_path(asked) or asked)
    canonical = document_path(path)
    assert canonical is not None, "thing_path leads to things"
    return _describe(path, canonical, suffix or more)


@routes.get("/ontology", defaults={"path": "ontology"})
@routes.get("/ontology/<path:rest>", defaults={"path": "ontology"})
@routes.get("/ontology.<suffix>", defaults={"path": "ontology"})
@routes.get("/shapes", defaults={"path": "shapes"})
@routes.get("/shapes/<path:rest>", defaults={"path": "shapes"})
@routes.get("/shapes.<suffix>", defaults={"path": "shapes"})
def information_resource(path: str, rest: str = "", suffix: str = "") -> BaseResponse:
    """The ontology, the shapes: documents whose IRI is their address."""
    if suffix:
        path = f"{path}.{suffix}"
    path, fixed = _resolve(f"{path}/{rest}" if rest else path)
    return _describe(path, path, fixed)


@routes.get("/graph/<path:rest>")
def graph(rest: str) -> BaseResponse:
    """A named graph, directly identified; or what is said of an IRI that could be one."""
    path, fixed = _resolve(f"graph/{rest}")
    return _describe(path, path, fixed)


@routes.get("/about/graph/<path:rest>")
def about_graph(rest: str) -> BaseResponse:
    """The document about a named graph: what it holds, where that comes from, labels."""
    path, fixed = _resolve(f"graph/{rest}")
    return _describe(path, f"about/{path}", fixed)


@routes.get(f"/{CONTEXT_PATH}")
def context() -> Response:
    """The JSON-LD context that our own JSON-LD names."""
    return represent(JSON_LD, publication().release.context.read_bytes, negotiated=False)


def _resolve(path: str) -> tuple[str, str | None]:
    """Find what `path` means: the path of an IRI that the release mentions, and a format's suffix.

    Tolerates a trailing slash and either spelling of a non-ASCII IRI.

    Raises:
        NotFound: with the nearest IRIs that there are.
    """
    published = publication()
    stem, suffix = split_suffix(path)
    for candidate, fixed in ((path, None), (stem, suffix)):
        for spelling in spellings(candidate.rstrip("/")):
            iri = _named_node(published.base.under(spelling))
            if iri is not None and is_mentioned(published.engine, iri):
                return spelling, fixed
    near = _near(published, path)
    raise NotFound(
        f"{published.base.under(path)} is not mentioned in release {published.release.version}.",
        "did you mean " + " or ".join(near) + "?"
        if near
        else "look for it by its name or in a list",
    )


def _named_node(iri: str) -> NamedNode | None:
    try:
        return NamedNode(iri)
    except ValueError:
        return None


def _near(published: Publication, path: str) -> list[str]:
    """IRIs beside the one that was asked for whose ends look like its end.

    Where there are many, those next to it in the alphabet: an error must cost little.
    """
    names, asked = published.names, published.base.under(path)
    folder = asked.rpartition("/")[0] + "/"
    first, last = bisect_left(names, folder), bisect_left(names, folder + "\U0010ffff")
    place = bisect_left(names, asked, first, last)
    beside = names[max(first, place - _COMPARED) : min(last, place + _COMPARED)]
    ends = {name.removeprefix(folder): name for name in beside}
    found = difflib.get_close_matches(asked.removeprefix(folder), ends, n=_NEAR)
    return [ends[end] for end in found]


def _describe(path: str, document: str, suffix: str | None) -> BaseResponse:
    """Answer with the description of the resource at `path`, from its document at `document`."""
    published = publication()
    here = address()
    format = Accept(request.headers.get("Accept"), suffix).choose(DOCUMENT_FORMATS)
    plain = here.at(document)
    links = [
        Link(published.base.under(document), "canonical"),
        Link(published.base.under(path), "describes"),
        *alternates(plain, DOCUMENT_FORMATS, format),
    ]
    if format is JSON_LD:
        links.append(Link(here.at("ontology"), "describedby"))
    if document.startswith("graph/"):
        links.append(Link(here.at(f"about/{document}"), "describedby"))

    def make() -> bytes:
        if format is HTML:
            return entity_page(path, document).encode()
        quads = content_of(published, document) or description_of(published, path)
        return write(quads, format, published, here.at(CONTEXT_PATH))

    return represent(
        format,
        make,
        links=links,
        location=f"{plain}.{format.suffix}",
        negotiated=suffix is None,
    )


def content_of(published: Publication, document: str) -> list[Quad]:
    """What the graph at the path `document` holds; nothing if there is no graph."""
    if not document.startswith("graph/"):
        return []
    content = graph_content(NamedNode(published.base.under(document)))
    return sorted(content, key=reading_order)


def description_of(published: Publication, path: str) -> list[Quad]:
    """The description of the resource at `path` (see `engine.describe`)."""
    resource = NamedNode(published.base.under(path))
    if path.startswith("graph/"):
        return describe_graph(published.engine, resource)
    versions = published.engine.quads(predicate=_VERSION_IRI, object=resource)
    current = next((q.subject for q in versions if isinstance(q.subject, NamedNode)), None)
    # A version IRI leads to that version of the ontology, which this release holds.
    return describe(published.engine, current or resource)


def write(quads: list[Quad], format: Format, published: Publication, context: str) -> bytes:
    """Write the union of `quads` in a format for RDF, and the graphs as well where it has graphs.

    Args:
        quads: what to write, in the order to keep.
        format: one of `formats.RDF_FORMATS`.
        published: the release, for its prefixes and its JSON-LD context.
        context: the URL of the JSON-LD context.
    """
    names = prefixes(published.manifest.base)
    if format is JSON_LD:
        return _json_ld(quads, published, context)
    triples = list(union(quads))
    if not format.has_graphs:
        return rdf_bytes(triples, format, names)
    # As at the endpoint, the default graph is the union: a client that asks for quads and queries
    # the default graph finds the description, and in the named graphs where each triple comes from.
    return rdf_bytes([*(Quad(*t) for t in triples), *quads], format, names)


def _json_ld(quads: list[Quad], published: Publication, context: str) -> bytes:
    """JSON-LD 1.1, compacted with our context, which it names by its address here."""
    expanded = serialize(union(quads), format=RdfFormat.JSON_LD)
    assert expanded is not None
    nodes: list[dict[str, Any]] = json.loads(expanded)
    for node in nodes:
        # RDF 1.1 to JSON-LD §"useRdfType": types are keywords, unless one asks otherwise.
        if types := node.pop(f"{RDF}type", None):
            node["@type"] = [t["@id"] for t in types]
    vocabulary: dict[str, Any] = json.loads(published.release.context.read_bytes())
    compacted = jsonld.compact(nodes, vocabulary, {"graph": True})
    compacted["@context"] = context
    return (json.dumps(compacted, ensure_ascii=False, indent=1) + "\n").encode()
