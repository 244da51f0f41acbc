"""What a site links to Wikidata, and what it says itself about the things that it links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad

from triplomacy.iris import Base
from triplomacy.namespaces import FOAF, OWL, RDF, RDFS, SCHEMA, SKOS
from triplomacy.qid import id_of
from triplomacy.sameness import DIFFERENT, LINKS, SAME

_NAMES = (f"{RDFS}label", f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{FOAF}name", f"{SCHEMA}name",
          f"{SCHEMA}alternateName")  # fmt: skip
# What we say about a time, and the properties of Wikidata that say the same.
_DATES = {
    f"{SCHEMA}birthDate": ("P569",),
    f"{SCHEMA}deathDate": ("P570",),
    f"{SCHEMA}foundingDate": ("P571",),
    f"{SCHEMA}dissolutionDate": ("P576",),
}
_KINDS = {
    "Person": "person",
    "Office": "office",
    "GeopoliticalEntity": "territory",
    "Place": "territory",
    "Organization": "organization",
    "Collective": "organization",
    "Event": "event",
}
_FOREIGN_KINDS = {
    f"{FOAF}Person": "person",
    f"{SCHEMA}Person": "person",
    f"{SCHEMA}Organization": "organization",
    f"{SCHEMA}Country": "territory",
    f"{SCHEMA}Event": "event",
}
_WIKIDATA = "wikidata.org/"
_VOCABULARY = (f"{OWL}Class", f"{RDFS}Class", f"{RDF}Property", f"{OWL}ObjectProperty",
               f"{OWL}DatatypeProperty", f"{OWL}Ontology")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Holding:
    """That an office is, or was, somebody's.

    Attributes:
        office: the IRI of the office.
        start, end: as far as they are known, in the form of XSD.
    """

    office: str
    start: str | None = None
    end: str | None = None


@dataclass
class Thing:
    """What a site says about a thing.

    Attributes:
        iri: the thing.
        names: its names by language, in lower case; the empty one for those of no language.
        kinds: person, office, territory, organization, event: as far as we tell them apart.
        dates: each with the properties of Wikidata that say the same.
        holdings: the offices of a person.
        rejected: the numbers of the items that it is said not to be (owl:differentFrom).
    """

    iri: str
    names: dict[str, list[str]] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    dates: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    rejected: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Link:
    """A link to Wikidata.

    Attributes:
        thing: what is linked.
        predicate: by which it is.
        target: the IRI to which it leads.
        id: the number of the item; None if the IRI is not that of one.
        is_same: whether it says that both are the same, not only close to each other.
    """

    thing: Thing
    predicate: str
    target: str
    id: str | None
    is_same: bool


def links_of(quads: Iterable[Quad], base: Base) -> list[Link]:
    """The links of a site, in the order of what they link.

    What a vocabulary says about its classes and properties is left out: they are no things.

    Args:
        quads: the facts of the site.
        base: its base IRI.
    """
    quads = list(quads)
    classes = {q.subject for q in quads if _is_type(q) and _iri(q.object) in _VOCABULARY}
    found = {
        (q.subject.value, q.predicate.value, q.object.value)
        for q in quads
        if isinstance(q.subject, NamedNode)
        and isinstance(q.object, NamedNode)
        and q.predicate in LINKS
        and _WIKIDATA in q.object.value
        and q.subject not in classes
    }
    things = described({thing for thing, _, _ in found}, quads, base)
    return [
        Link(things[thing], predicate, target, id_of(target), NamedNode(predicate) in SAME)
        for thing, predicate, target in sorted(found)
    ]


def described(iris: set[str], quads: list[Quad], base: Base) -> dict[str, Thing]:
    """What a site says about things.

    Args:
        iris: the things.
        quads: the facts of the site.
        base: its base IRI.
    """
    things = {iri: Thing(iri) for iri in iris}
    kinds = _FOREIGN_KINDS | {base.under(f"ontology#{n}"): k for n, k in _KINDS.items()}
    for quad in sorted((q for q in quads if _iri(q.subject) in things), key=str):
        thing = things[_iri(quad.subject)]
        predicate, value = quad.predicate.value, quad.object
        if predicate in _NAMES and isinstance(value, Literal):
            thing.names.setdefault((value.language or "").lower(), []).append(value.value)
        elif predicate in _DATES and isinstance(value, Literal):
            thing.dates.append((_DATES[predicate], value.value))
        elif quad.predicate == DIFFERENT:
            rejected = id_of(_iri(value))
            thing.rejected |= {rejected} if rejected else set()
        elif _is_type(quad) and _iri(value) in kinds:
            thing.kinds.add(kinds[_iri(value)])
    for person, holding in _holdings(quads, base):
        if person in things:
            things[person].holdings.append(holding)
    return things


def _holdings(quads: list[Quad], base: Base) -> Iterable[tuple[str, Holding]]:
    """The holdings of offices, each with who holds it."""
    of: dict[str, dict[str, str]] = {}
    wanted = {
        base.under("ontology#actor"): "actor",
        base.under("ontology#office"): "office",
        f"{SCHEMA}startDate": "start",
        f"{SCHEMA}endDate": "end",
    }
    for quad in quads:
        name = wanted.get(quad.predicate.value)
        if name is not None and isinstance(quad.object, NamedNode | Literal):
            of.setdefault(_iri(quad.subject), {})[name] = quad.object.value
    for _, said in sorted(of.items()):
        if "actor" in said and "office" in said and ("start" in said or "end" in said):
            yield said["actor"], Holding(said["office"], said.get("start"), said.get("end"))


def _is_type(quad: Quad) -> bool:
    return quad.predicate.value == f"{RDF}type"


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""
