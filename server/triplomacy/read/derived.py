"""What follows from the files without a doubt, and spares people to write it.

It stands in a graph of its own, `…/graph/derived`, so that nobody takes it for what a source says.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad

from triplomacy.iris import Base
from triplomacy.namespaces import RDF, RDFS, SEM
from triplomacy.read.files import DERIVED


def derived_quads(base: Base, quads: list[Quad]) -> list[Quad]:
    """All that is derived from `quads`, sorted."""
    graph = NamedNode(base.under(DERIVED))
    derived = {
        Quad(s, p, o, graph) for s, p, o in (*_actors(base, quads), *_definitions(base, quads))
    }
    return sorted(derived, key=str)


def _actors(base: Base, quads: list[Quad]) -> Iterator[tuple[NamedNode, NamedNode, NamedNode]]:
    """`sem:hasActor` from event to actor, for clients that do not know participations.

    Never for an actor that the event excludes.
    """
    participation = NamedNode(base.under("ontology#participation"))
    actor = NamedNode(base.under("ontology#actor"))
    excludes = NamedNode(base.under("ontology#excludes"))
    participation_class = NamedNode(base.under("ontology#Participation"))
    participations = {
        q.subject
        for q in quads
        if q.predicate.value == f"{RDF}type" and q.object == participation_class
    }
    actors: dict[object, set[NamedNode]] = {}  # of each participation
    for quad in quads:
        if quad.predicate == actor and isinstance(quad.object, NamedNode):
            actors.setdefault(quad.subject, set()).add(quad.object)
    excluded = {(q.subject, q.object) for q in quads if q.predicate == excludes}
    for quad in quads:
        if quad.predicate == participation and quad.object in participations:
            for one in actors.get(quad.object, ()):
                if isinstance(quad.subject, NamedNode) and (quad.subject, one) not in excluded:
                    yield quad.subject, NamedNode(f"{SEM}hasActor"), one


def _definitions(base: Base, quads: list[Quad]) -> Iterator[tuple[NamedNode, NamedNode, NamedNode]]:
    """`rdfs:isDefinedBy` from each shape to the document of all shapes."""
    document = base.under("shapes")
    for quad in quads:
        subject = quad.subject
        if isinstance(subject, NamedNode) and subject.value.startswith(document + "#"):
            yield subject, NamedNode(f"{RDFS}isDefinedBy"), NamedNode(document)
