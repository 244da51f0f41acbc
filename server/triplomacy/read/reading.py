"""Reads a whole site: every file, every text, every finding; nothing is skipped in silence."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from triplomacy.findings import Finding
from triplomacy.iris import Base
from triplomacy.namespaces import RDF, SCHEMA, SEM
from triplomacy.read.files import GraphFile, find_files
from triplomacy.read.texts import text_quads
from triplomacy.read.turtle import read_turtle
from triplomacy.site import Site


@dataclass(frozen=True)
class Reading:
    """A site as it was read.

    Attributes:
        files: its Turtle files.
        quads: what they hold, the texts of the sources, and what is derived from them.
        findings: what could not be read, or is suspicious about the files.
    """

    files: tuple[GraphFile, ...]
    quads: tuple[Quad, ...]
    findings: tuple[Finding, ...]

    @property
    def facts(self) -> list[Quad]:
        """Ontology and data: what the shapes are about."""
        shapes = self._graphs("shapes")
        return [q for q in self.quads if q.graph_name not in shapes]

    @property
    def shapes(self) -> list[Quad]:
        """The shapes."""
        graphs = self._graphs("shapes")
        return [q for q in self.quads if q.graph_name in graphs]

    @property
    def ontology(self) -> list[Quad]:
        """The vocabulary and its schemes."""
        graphs = self._graphs("ontology")
        return [q for q in self.quads if q.graph_name in graphs]

    def _graphs(self, part: str) -> set[NamedNode]:
        return {f.graph for f in self.files if f.part == part}


def read_site(site: Site) -> Reading:
    """Read `site`. Reads on after a broken file, so that all faults are told at once."""
    files, findings = find_files(site)
    quads: list[Quad] = []
    for file in files:
        found, faults = read_turtle(file)
        quads += found
        findings += faults
    texts, faults = text_quads(site, quads)
    quads += texts
    findings += faults
    quads += derived_quads(site.base, quads)
    return Reading(tuple(files), tuple(quads), tuple(findings))


def derived_quads(base: Base, quads: list[Quad]) -> list[Quad]:
    """`sem:hasActor` from event to actor, for clients that do not know participations.

    Never derived for an actor that the event excludes. Stands in a graph of its own,
    `…/graph/derived`, so that nobody takes it for something that a source says.
    """
    participation = NamedNode(base.under("ontology#participation"))
    actor = NamedNode(base.under("ontology#actor"))
    participation_class = NamedNode(base.under("ontology#Participation"))
    participations = {
        q.subject
        for q in quads
        if q.predicate.value == f"{RDF}type" and q.object == participation_class
    }
    actors: dict[object, set[NamedNode]] = {}
    for quad in quads:
        if quad.predicate == actor and quad.subject in participations:
            actors.setdefault(quad.subject, set()).add(quad.object)
    graph = NamedNode(base.under("graph/derived"))
    has_actor = NamedNode(f"{SEM}hasActor")
    derived = {
        Quad(q.subject, has_actor, a, graph)
        for q in quads
        if q.predicate == participation
        for a in actors.get(q.object, ())
    }
    return sorted(derived, key=str)


def without_texts(quads: tuple[Quad, ...]) -> tuple[Quad, ...]:
    """`quads` less the texts of the sources, for a site that may not publish them."""
    text = NamedNode(f"{SCHEMA}text")
    return tuple(q for q in quads if not (q.predicate == text and isinstance(q.object, Literal)))


def rebase(reading: Reading, old: Base, new: Base) -> Reading:
    """`reading` with every IRI under `old` moved under `new`: terms only, never literals' text."""
    if old == new:
        return reading

    def moved(term: object) -> object:
        if isinstance(term, NamedNode):
            path = old.path_of(term.value)
            return term if path is None else NamedNode(new.under(path))
        if isinstance(term, Literal) and old.path_of(term.datatype.value) is not None:
            return Literal(term.value, datatype=moved(term.datatype))  # type: ignore[arg-type]
        return term

    quads = tuple(
        Quad(moved(q.subject), moved(q.predicate), moved(q.object), moved(q.graph_name))  # type: ignore[arg-type]
        for q in reading.quads
    )
    files = tuple(
        dataclasses.replace(f, graph=NamedNode(new.under(old.path_of(f.graph.value) or "")))
        for f in reading.files
    )
    return Reading(files, quads, reading.findings)
