"""The types and properties of a release: what they are called, what is broader, how often used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import NamedNode

from triplomacy.engine.protocol import Engine
from triplomacy.iris import Base
from triplomacy.namespaces import RDFS
from triplomacy.reconcile.facts import DEFINITIONS, LABELS, Facts
from triplomacy.reconcile.ids import Ids
from triplomacy.search.texts import OTHER, PASSAGES, Texts
from triplomacy.search.words import folded

_SUB_CLASS = NamedNode(f"{RDFS}subClassOf")
_CLASSES = 20_000  # statements about what is broader that are read
_MOST = 5_000  # types, and properties; of more those that are used most
_TOGETHER = 200  # terms whose names are read at a time
_DEFAULT = 12  # types that are offered unasked
_SAMPLE = 1_000  # things of a type whose properties are counted
_SAMPLED = """
SELECT ?p (COUNT(DISTINCT ?s) AS ?n) WHERE {{
  {{ SELECT DISTINCT ?s WHERE {{ VALUES ?type {{ {} }} ?s a ?type }} LIMIT {} }} ?s ?p ?o
}} GROUP BY ?p
"""


@dataclass(frozen=True, slots=True)
class Term:
    """A type or a property.

    Attributes:
        iri, id, name, description: what identifies and describes it.
        broader: the IRIs of the types directly above a type.
        count: how many things have the type, or how many facts the property.
    """

    iri: str
    id: str
    name: str
    description: str
    broader: tuple[str, ...] = ()
    count: int = 0


class Terms:
    """The types and properties that a release uses.

    Args:
        engine: reads the release.
        base: the base IRI of its terms.
        languages: of labels, the preferred first.
        classes: how many things each class has.
        properties: how many facts each property has.

    Attributes:
        types: by IRI, the most used first; also those that are only above one that is used.
        properties: by IRI, the most used first.
    """

    def __init__(
        self,
        engine: Engine,
        base: Base,
        languages: tuple[str, ...],
        classes: Mapping[str, int],
        properties: Mapping[str, int],
    ) -> None:
        self._engine = engine
        self._ids = Ids(base)
        self._texts = Texts(base)
        self._ours = base.under("ontology#")
        above: dict[str, list[str]] = {}
        for quad in islice(engine.quads(None, _SUB_CLASS), _CLASSES):
            lower, upper = quad.subject, quad.object
            if isinstance(lower, NamedNode) and isinstance(upper, NamedNode) and lower != upper:
                above.setdefault(lower.value, []).append(upper.value)
        self._above = {lower: tuple(dict.fromkeys(upper)) for lower, upper in above.items()}
        shown = {iri: n for iri, n in _most(classes).items() if self._texts.kinds(iri)}
        for iri in list(shown):
            shown |= {upper: 0 for upper in self._all_above(iri) if upper not in shown}
        self._facts = Facts(engine, languages)
        self._below: dict[str, frozenset[str]] = {}  # of the types that were asked for
        self.types = self._described(shown)
        self.properties = self._described(_most(properties))

    def _described(self, counts: Mapping[str, int]) -> dict[str, Term]:
        """Terms with what they are called, in the order of their counts."""
        ranked = sorted(counts.items(), key=lambda c: (-c[1], c[0]))
        found = {}
        for start in range(0, len(ranked), _TOGETHER):
            together = ranked[start : start + _TOGETHER]
            said = self._facts.about((iri for iri, _ in together), (*LABELS, *DEFINITIONS))
            for iri, count in together:
                id, name = self._ids.term(iri), said.name(iri)
                description = said.description(iri, DEFINITIONS)
                found[iri] = Term(iri, id, name, description, self._above.get(iri, ()), count)
        return found

    def default_types(self) -> list[Term]:
        """The types that are offered unasked: those of the site's ontology that bear names."""
        used = [t for t in self.types.values() if t.count]
        ours = [
            t
            for t in used
            if t.iri.startswith(self._ours)
            and not {OTHER, PASSAGES} & {k.name for k in self._texts.kinds(t.iri)}
        ]
        return (ours or used)[:_DEFAULT]

    def below(self, iri: str) -> frozenset[str]:
        """A class and all that are narrower; an unknown one has none."""
        if iri in self.types and iri not in self._below:
            narrower = (c for c in self._above if iri in self._all_above(c))
            self._below[iri] = frozenset({iri, *narrower})
        return self._below.get(iri, frozenset({iri}))

    def _all_above(self, iri: str) -> set[str]:
        found: set[str] = set()
        todo = list(self._above.get(iri, ()))
        while todo:
            upper = todo.pop()
            if upper not in found:
                found.add(upper)
                todo += self._above.get(upper, ())
        return found

    def narrowest_first(self, classes: list[str]) -> list[Term]:
        """Those of a thing's classes that are shown, the narrower before the broader."""
        shown = [self.types[c] for c in dict.fromkeys(classes) if c in self.types]
        held = {t.iri for t in shown}
        return sorted(shown, key=lambda t: (-len(held & self._all_above(t.iri)), t.id))

    def of_type(self, iri: str | None, limit: int) -> list[Term]:
        """The properties that things of a type have, the most common first.

        What is common is counted among the first thousand things of the type.

        Args:
            iri: the class; None for the properties of the whole release.
            limit: how many to give.
        """
        if iri is None:
            return list(self.properties.values())[:limit]
        classes = " ".join(str(NamedNode(c)) for c in sorted(self.below(iri)))
        rows = self._engine.select(_SAMPLED.format(classes, _SAMPLE))
        counted = sorted((-int(row["n"].value), row["p"].value) for row in rows if "p" in row)
        found = (self.properties.get(property) for _, property in counted)
        return [t for t in found if t is not None][:limit]


def _most(counts: Mapping[str, int]) -> dict[str, int]:
    """The terms that are used most."""
    return dict(sorted(counts.items(), key=lambda c: (-c[1], c[0]))[:_MOST])


def beginning(terms: Mapping[str, Term], prefix: str, skip: int, most: int) -> list[Term]:
    """The terms whose name has a word that begins so, or whose identifier does.

    Args:
        terms: in the order in which they are given.
        prefix: what is typed so far; empty for all.
        skip, most: which of those that are found.
    """
    typed, asked = prefix.strip().casefold(), folded(prefix)

    def goes_on(term: Term) -> bool:
        ids = (term.id, term.id.rpartition(":")[2], term.iri)
        begun = any(id.casefold().startswith(typed) for id in ids)
        return begun or (bool(asked) and f" {asked}" in f" {folded(term.name)}")

    found = (term for term in terms.values() if not typed or goes_on(term))
    return list(islice(found, skip, skip + most))
