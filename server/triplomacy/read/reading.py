"""Reads a whole site: every file, every text, every finding; nothing is skipped in silence."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from triplomacy.findings import Finding
from triplomacy.iris import Base
from triplomacy.namespaces import SCHEMA
from triplomacy.read.derived import derived_quads
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
        """Ontology and data as people wrote them: what the shapes are about."""
        graphs = self._graphs("ontology") | self._graphs("data")
        return [q for q in self.quads if q.graph_name in graphs]

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


def without_texts(quads: tuple[Quad, ...]) -> tuple[Quad, ...]:
    """`quads` less the texts of the sources, for a site that may not publish them."""
    text = NamedNode(f"{SCHEMA}text")
    return tuple(q for q in quads if not (q.predicate == text and isinstance(q.object, Literal)))


def rebase(reading: Reading, old: Base, new: Base) -> Reading:
    """`reading` with every IRI under `old` moved under `new`."""
    if old == new:
        return reading
    files = tuple(
        dataclasses.replace(f, graph=NamedNode(new.under(old.path_of(f.graph.value) or "")))
        for f in reading.files
    )
    return Reading(files, tuple(rebase_quads(reading.quads, old, new)), reading.findings)


def rebase_quads(quads: Iterable[Quad], old: Base, new: Base) -> Iterator[Quad]:
    """`quads` with every term under `old` moved under `new`; never the text of a literal."""

    def moved(term: object) -> object:
        if isinstance(term, NamedNode):
            path = old.path_of(term.value)
            return term if path is None else NamedNode(new.under(path))
        if isinstance(term, Literal) and old.path_of(term.datatype.value) is not None:
            return Literal(term.value, datatype=moved(term.datatype))  # type: ignore[arg-type]
        return term

    for q in quads:
        yield Quad(moved(q.subject), moved(q.predicate), moved(q.object), moved(q.graph_name))  # type: ignore[arg-type]
