"""The things of a site that have no link to Wikidata yet, and what is known that helps to find it.

What helps is told by the ontology itself: a class of ours that is close to a class of Wikidata
gives the type, and a property that is close to one of Wikidata's gives a hint. So nobody keeps a
list of numbers here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Quad

from triplomacy.errors import BadRequest
from triplomacy.iris import Base
from triplomacy.link.kinds import KINDS
from triplomacy.link.linked import Link, Thing, described, links_of
from triplomacy.namespaces import OWL, RDF, RDFS, SKOS, WIKIDATA_DIRECT
from triplomacy.qid import id_of
from triplomacy.read.reading import Reading
from triplomacy.sameness import LINKS

_ITS_TYPE = "P31"  # instance of: what the type says already
_HELD_BY, _HOLDS = "P1308", "P39"  # officeholder, and the office that somebody holds
_MAPPED = (*(p.value for p in LINKS), f"{OWL}equivalentClass", f"{OWL}equivalentProperty")
_TOPICS = "vocab/topic"
_CLASSES = {"actor": "Actor", "office": "Office", "place": "Place", "event": "Event"}


@dataclass(frozen=True, slots=True)
class Hint:
    """What is known about a thing and can be compared.

    Attributes:
        property: the number of Wikidata's property, such as P1001.
        value: the number of an item, a name, or a date.
        is_item: whether it is the number of an item.
        words: the same for people: “represents Germany”.
    """

    property: str
    value: str
    is_item: bool
    words: str


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A thing without a link.

    Attributes:
        thing: the thing.
        kind: one of `KINDS`.
        names: its names, the one to ask for first.
        types: the numbers of Wikidata's classes that its classes are close to.
        hints: what else is known.
        rejected: the numbers of the items that somebody has said it is not.
    """

    thing: Thing
    kind: str
    names: tuple[str, ...]
    types: tuple[str, ...]
    hints: tuple[Hint, ...]
    rejected: frozenset[str]


def unlinked(
    reading: Reading, base: Base, languages: Iterable[str], kinds: Collection[str] = KINDS
) -> list[Unlinked]:
    """The things that could be linked and are not: actors, offices, places, topics and events.

    Args:
        reading: what was read of the site.
        base: its base IRI.
        languages: the site's, the first of which a thing is asked for in if it can be.
        kinds: only those of these kinds.
    """
    facts = _Facts(reading.facts, base)
    linked = {link.thing.iri for link in facts.links}
    found = {
        iri: kind
        for iri, kind in facts.kinds()
        if iri not in linked and kind in kinds and base.path_of(iri) is not None
    }
    things = described(set(found), facts.quads, base)
    order = [*(code.lower() for code in languages), ""]
    return [
        Unlinked(
            thing := things[iri],
            kind,
            _names(thing, order) or (_last(iri),),
            facts.types(iri),
            tuple(dict.fromkeys(facts.hints(thing))),
            frozenset(thing.rejected),
        )
        for iri, kind in sorted(found.items(), key=lambda f: (KINDS.index(f[1]), f[0]))
    ]


def chosen(
    things: list[Unlinked], wanted: Iterable[str], links: Iterable[Link], base: Base
) -> list[Unlinked]:
    """Those of `things` that are named.

    Args:
        things: what has no link.
        wanted: IRIs, or the ends of their paths such as `office/german-defense-minister`; none for
            all.
        links: the links of the site.
        base: the site's base IRI.

    Raises:
        BadRequest: one of them is linked already, or is none of ours.
    """
    by_name = {t.thing.iri: t for t in things}
    linked = {link.thing.iri: link.target for link in links}
    named = []
    for name in wanted:
        paths = (name, base.under(name), base.under(f"id/{name}"), base.under(f"vocab/{name}"))
        found = next((p for p in paths if p in by_name or p in linked), None)
        if found is None:
            raise BadRequest(
                f"{name[:200]} is no thing of this site that could be linked",
                "give its IRI, or the end of it, as in office/german-defense-minister",
            )
        if found in linked:
            raise BadRequest(
                f"<{found}> is linked already, to {linked[found]}",
                "check the link with triplomacy link check; to have another, remove it first",
            )
        named.append(by_name[found])
    return named or things


class _Facts:
    """The facts of a site, looked up by what is asked here."""

    def __init__(self, quads: list[Quad], base: Base) -> None:
        self.quads = quads
        self._base = base
        self.links = links_of(quads, base)
        self._objects: dict[tuple[str, str], list[NamedNode | Literal]] = defaultdict(list)
        self._described: dict[str, dict[str, None]] = defaultdict(dict)
        for quad in quads:
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                subject, predicate = quad.subject.value, quad.predicate.value
                self._objects[subject, predicate].append(quad.object)
                self._described[predicate][subject] = None

    def kinds(self) -> Iterator[tuple[str, str]]:
        """Each thing of a kind."""
        kinds = {self._base.under(f"ontology#{name}"): kind for kind, name in _CLASSES.items()}
        for iri in self._described[f"{RDF}type"]:
            classes = {c for own in self._iris(iri, f"{RDF}type") for c in self._above(own)}
            kind = next((kinds[c] for c in sorted(classes) if c in kinds), None)
            if kind is not None:
                yield iri, kind
            elif self._base.under(_TOPICS) in self._iris(iri, f"{SKOS}inScheme"):
                yield iri, "topic"

    def types(self, iri: str) -> tuple[str, ...]:
        """The classes of Wikidata that are nearest to those of a thing."""
        near = list(self._iris(iri, f"{RDF}type"))
        while near:
            found = [
                id
                for own in near
                for mapped in self._mapped(own)
                if (id := id_of(mapped)) is not None
            ]
            if found:
                return tuple(sorted(set(found)))
            near = [c for own in near for c in self._iris(own, f"{RDFS}subClassOf") if c != own]
        return ()

    def hints(self, thing: Thing) -> Iterator[Hint]:
        """What is known of a thing in Wikidata's terms."""
        for (subject, predicate), values in self._about[thing.iri].items():
            for property in self._properties.get(predicate, ()):
                for value in values:
                    yield self._hint(property, value, f"{self._label(predicate)} ", subject)
        for properties, day in thing.dates:
            for property in properties:
                yield Hint(property, day, False, f"dated {day}")
        for person, office in self._holdings:
            if office == thing.iri:
                yield self._hint(_HELD_BY, NamedNode(person), "held by ", office)
            elif person == thing.iri:
                yield self._hint(_HOLDS, NamedNode(office), "holds the office ", person)

    def _hint(self, property: str, value: NamedNode | Literal, words: str, subject: str) -> Hint:
        if isinstance(value, Literal):
            return Hint(property, value.value, False, words + value.value)
        id = self._items.get(value.value)
        label = self._label(value.value)
        return Hint(property, id or label, id is not None, words + label)

    def _above(self, name: str) -> Iterator[str]:
        """A class and those above it."""
        seen, left = {name}, [name]
        while left:
            one = left.pop()
            yield one
            above = [c for c in self._iris(one, f"{RDFS}subClassOf") if c not in seen]
            seen.update(above)
            left += above

    def _mapped(self, iri: str) -> Iterator[str]:
        for predicate in _MAPPED:
            yield from self._iris(iri, predicate)

    def _iris(self, subject: str, predicate: str) -> list[str]:
        found = self._objects.get((subject, predicate), ())
        return [o.value for o in found if isinstance(o, NamedNode)]

    def _label(self, iri: str) -> str:
        for predicate in (f"{SKOS}prefLabel", f"{RDFS}label"):
            for value in self._objects.get((iri, predicate), ()):
                return value.value
        return _last(iri)

    @cached_property
    def _about(self) -> Mapping[str, dict[tuple[str, str], list[NamedNode | Literal]]]:
        about: dict[str, dict[tuple[str, str], list[NamedNode | Literal]]] = defaultdict(dict)
        for key, values in self._objects.items():
            about[key[0]][key] = values
        return about

    @cached_property
    def _properties(self) -> Mapping[str, tuple[str, ...]]:
        """The properties of Wikidata that a property of ours is close to."""
        found: dict[str, list[str]] = defaultdict(list)
        for predicate in _MAPPED:
            for own in self._described.get(predicate, ()):
                for other in self._iris(own, predicate):
                    property = other.removeprefix(WIKIDATA_DIRECT)
                    if property not in (other, _ITS_TYPE):
                        found[own].append(property)
        return {own: tuple(properties) for own, properties in found.items()}

    @cached_property
    def _items(self) -> Mapping[str, str]:
        """The item of each thing that is linked as the same."""
        return {link.thing.iri: link.id for link in self.links if link.is_same and link.id}

    @cached_property
    def _holdings(self) -> list[tuple[str, str]]:
        """Persons and the offices that they hold."""
        holding = self._base.under("ontology#OfficeHolding")
        actor, office = (self._base.under(f"ontology#{n}") for n in ("actor", "office"))
        return sorted(
            (person, held)
            for iri in self._described[f"{RDF}type"]
            if holding in self._iris(iri, f"{RDF}type")
            for person in self._iris(iri, actor)
            for held in self._iris(iri, office)
        )


def _names(thing: Thing, languages: list[str]) -> tuple[str, ...]:
    """The names of a thing, those of the site's languages first."""
    codes = sorted(thing.names, key=lambda c: (languages.index(c) if c in languages else 99, c))
    named = (name for code in codes for name in thing.names[code])
    return tuple(dict.fromkeys(name for name in named if name.strip()))


def _last(iri: str) -> str:
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]
