"""What a document says about its resource: one definition, the same in every format.

The description of a resource is
  1. its concise bounded description: its triples, and those of the blank nodes that they reach
     (W3C member submission CBD, without reification), and the same for its fragments, which are the
     IRIs `resource#…` that link to it (excerpts of a source, terms of an ontology);
  2. the links that come in: triples of which it is the object;
  3. the labels of what all these mention.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, NamedNode, Quad

from triplomacy.engine.protocol import Engine
from triplomacy.namespaces import RDFS, SKOS
from triplomacy.writing import reading_order

LABELS = (NamedNode(f"{RDFS}label"), NamedNode(f"{SKOS}prefLabel"))


def describe(engine: Engine, resource: NamedNode | BlankNode) -> list[Quad]:
    """The description of `resource`, in a stable order; empty if nothing mentions it."""
    incoming = list(engine.quads(object=resource))
    fragments = {
        q.subject
        for q in incoming
        if isinstance(q.subject, NamedNode) and q.subject.value.startswith(resource.value + "#")
    }
    found: set[Quad] = set(incoming)
    found.update(_bounded(engine, [resource, *fragments]))
    for quad in incoming:
        if isinstance(quad.subject, BlankNode):
            found.update(_bounded(engine, [quad.subject]))
    return _with_labels(engine, found, resource if isinstance(resource, NamedNode) else None)


def describe_graph(engine: Engine, graph: NamedNode) -> list[Quad]:
    """What a named graph holds, and what is said about the graph itself."""
    found = set(engine.quads(graph=graph))
    found.update(_bounded(engine, [graph]))
    found.update(engine.quads(object=graph))
    return _with_labels(engine, found, graph)


def is_mentioned(engine: Engine, resource: NamedNode) -> bool:
    """Whether `resource` is the subject or object of a triple, or the name of a graph."""
    return any(
        True
        for pattern in ("subject", "object", "graph")
        for _ in engine.quads(**{pattern: resource})
    )


def _bounded(engine: Engine, subjects: Iterable[NamedNode | BlankNode]) -> Iterator[Quad]:
    waiting = list(subjects)
    seen = set(waiting)
    while waiting:
        for quad in engine.quads(subject=waiting.pop()):
            yield quad
            if isinstance(quad.object, BlankNode) and quad.object not in seen:
                seen.add(quad.object)
                waiting.append(quad.object)


def _with_labels(engine: Engine, quads: set[Quad], resource: NamedNode | None) -> list[Quad]:
    mentioned = {t for q in quads for t in (q.subject, q.predicate, q.object)}
    for term in mentioned:
        if isinstance(term, NamedNode):
            for label in LABELS:
                quads.update(engine.quads(subject=term, predicate=label))
    return sorted(quads, key=lambda q: (*reading_order(q, resource), str(q.graph_name)))
