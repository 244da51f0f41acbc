"""The pages of the vocabulary: a concept, a scheme of concepts, and the ontology with its terms."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode

from triplomacy.engine.protocol import Term
from triplomacy.namespaces import EARL, OWL, RDF, RDFS, SKOS, VANN
from triplomacy.web.pages.reader import (
    LIMIT,
    TYPE,
    Fact,
    Many,
    Reader,
    Ref,
    Text,
    Value,
    by_label,
)

DEFINITION = NamedNode(f"{SKOS}definition")
SCOPE_NOTE = NamedNode(f"{SKOS}scopeNote")
EXAMPLE = NamedNode(f"{SKOS}example")
ALT_LABEL = NamedNode(f"{SKOS}altLabel")
NOTATION = NamedNode(f"{SKOS}notation")
BROADER = NamedNode(f"{SKOS}broader")
IN_SCHEME = NamedNode(f"{SKOS}inScheme")
CONCEPT_SCHEME = NamedNode(f"{SKOS}ConceptScheme")
DEFINED_BY = NamedNode(f"{RDFS}isDefinedBy")
MAPPINGS = tuple(
    NamedNode(f"{SKOS}{m}Match") for m in ("exact", "close", "broad", "narrow", "related")
)
# What is the same, or close, stands among the links to elsewhere.
_RELATED = MAPPINGS[2:]
# Links that the page of a concept shows in words of its own, not as uses of it.
_STRUCTURE = frozenset(
    f"{SKOS}{p}" for p in ("broader", "narrower", "related", "hasTopConcept", "topConceptOf")
) | {f"{EARL}subject", f"{OWL}annotatedSource"}
_FIRST = NamedNode(f"{RDF}first")
_REST = NamedNode(f"{RDF}rest")
_UNION = NamedNode(f"{OWL}unionOf")


@dataclass(frozen=True, slots=True)
class Use:
    """Things that use a concept by one property."""

    property: Ref
    things: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class ConceptView:
    """What the page of a concept shows."""

    definition: Text | None
    notes: tuple[Text, ...]
    examples: tuple[Text, ...]
    names: tuple[Text, ...]
    notations: tuple[Value, ...]
    schemes: tuple[Ref, ...]
    broader: tuple[Ref, ...]
    narrower: tuple[Ref, ...]
    matches: tuple[tuple[Ref, tuple[Ref, ...]], ...]
    uses: tuple[Use, ...]
    used: Many[Fact]


def concept_view(reader: Reader, concept: NamedNode) -> ConceptView:
    """Read what the page of `concept` shows."""
    incoming = reader.incoming(concept)
    by_property: dict[Ref, list[Ref]] = {}
    for fact in incoming:
        if fact.property.iri not in _STRUCTURE and isinstance(fact.value, Ref) and fact.value.iri:
            by_property.setdefault(fact.property, []).append(fact.value)
    return ConceptView(
        reader.text(concept, DEFINITION),
        reader.texts(concept, SCOPE_NOTE),
        reader.texts(concept, EXAMPLE),
        reader.texts(concept, ALT_LABEL),
        tuple(
            v for n in reader.objects(concept, NOTATION) if isinstance(v := reader.end(n), Value)
        ),
        reader.refs(concept, IN_SCHEME),
        reader.refs(concept, BROADER),
        tuple(sorted((reader.ref(n) for n in reader.pointing(BROADER, concept)), key=by_label)),
        tuple((reader.ref(m), found) for m in _RELATED if (found := reader.refs(concept, m))),
        tuple(
            Use(property, tuple(sorted(things, key=by_label)))
            for property, things in sorted(by_property.items(), key=lambda pair: by_label(pair[0]))
        ),
        incoming,
    )


@dataclass(frozen=True, slots=True)
class ConceptNode:
    """A concept in the tree of its scheme."""

    ref: Ref
    definition: Text | None
    notations: tuple[Value, ...]
    narrower: tuple[ConceptNode, ...] = ()


@dataclass(frozen=True, slots=True)
class SchemeView:
    """What the page of a concept scheme shows: its concepts as trees."""

    concepts: tuple[ConceptNode, ...]
    total: int
    query: str

    @property
    def is_cut(self) -> bool:
        """Whether the scheme has more concepts than the page shows."""
        return self.total > LIMIT


def scheme_view(reader: Reader, scheme: NamedNode) -> SchemeView:
    """Read what the page of `scheme` shows."""
    members = reader.pointing(IN_SCHEME, scheme)
    known = set(members.items)
    children: dict[NamedNode, list[NamedNode]] = {}
    tops: list[NamedNode] = []
    for member in members:
        broader = reader.objects(member, BROADER)
        parents = [b for b in broader if isinstance(b, NamedNode) and b in known]
        for parent in parents:
            children.setdefault(parent, []).append(member)
        if not parents:
            tops.append(member)
    # In a circle of broader concepts there is no top; the first of them stands in for one.
    tops = tops or list(members.items[:1])

    def tree(nodes: list[NamedNode], above: frozenset[NamedNode]) -> tuple[ConceptNode, ...]:
        return tuple(
            ConceptNode(
                reader.ref(n),
                reader.text(n, DEFINITION),
                tuple(
                    v for o in reader.objects(n, NOTATION) if isinstance(v := reader.end(o), Value)
                ),
                tree(children.get(n, []), above | {n}),
            )
            for n in sorted(nodes, key=lambda n: by_label(reader.ref(n)))
            if n not in above
        )

    return SchemeView(tree(tops, frozenset()), members.total, members.query)


@dataclass(frozen=True, slots=True)
class TermView:
    """A term of the ontology: a class or a property, as its definition stands in the data."""

    ref: Ref
    anchor: str
    definition: Text | None
    notes: tuple[Text, ...]
    examples: tuple[Text, ...]
    parents: tuple[Ref, ...]
    domain: tuple[Ref, ...]
    range: tuple[Ref, ...]
    matches: tuple[Ref, ...]
    see_also: tuple[Ref, ...]
    deprecated: bool


@dataclass(frozen=True, slots=True)
class TermGroup:
    """The terms of one kind."""

    title: str
    anchor: str
    terms: tuple[TermView, ...]


@dataclass(frozen=True, slots=True)
class OntologyView:
    """What the page of an ontology shows."""

    version: str | None
    version_iri: Ref | None
    prefix: str | None
    namespace: str | None
    citation: Text | None
    groups: tuple[TermGroup, ...]
    schemes: tuple[Ref, ...]


_GROUPS = (
    ("Classes", "classes", f"{OWL}Class"),
    ("Properties that lead to things", "object-properties", f"{OWL}ObjectProperty"),
    ("Properties that hold values", "datatype-properties", f"{OWL}DatatypeProperty"),
    ("Annotations", "annotation-properties", f"{OWL}AnnotationProperty"),
)


def ontology_view(reader: Reader, ontology: NamedNode) -> OntologyView:
    """Read what the page of `ontology` shows."""
    terms = [t for t in reader.pointing(DEFINED_BY, ontology) if t != ontology]
    types = {t: reader.types(t) for t in terms}
    groups = []
    for title, anchor, kind in _GROUPS:
        members = sorted((t for t in terms if kind in types[t]), key=lambda t: t.value)
        if members:
            groups.append(TermGroup(title, anchor, tuple(_term(reader, t) for t in members)))
    return OntologyView(
        reader.value(ontology, NamedNode(f"{OWL}versionInfo")),
        reader.one(ontology, NamedNode(f"{OWL}versionIRI")),
        reader.value(ontology, NamedNode(f"{VANN}preferredNamespacePrefix")),
        reader.value(ontology, NamedNode(f"{VANN}preferredNamespaceUri")),
        reader.text(ontology, NamedNode("http://purl.org/dc/terms/bibliographicCitation")),
        tuple(groups),
        schemes(reader),
    )


def schemes(reader: Reader) -> tuple[Ref, ...]:
    """The concept schemes of the release, by label."""
    found = reader.pointing(TYPE, CONCEPT_SCHEME)
    return tuple(sorted((reader.ref(s) for s in found), key=by_label))


def _term(reader: Reader, term: NamedNode) -> TermView:
    parents = (NamedNode(f"{RDFS}subClassOf"), NamedNode(f"{RDFS}subPropertyOf"))
    return TermView(
        reader.ref(term),
        term.value.rpartition("#")[2],
        reader.text(term, DEFINITION) or reader.text(term, NamedNode(f"{RDFS}comment")),
        reader.texts(term, SCOPE_NOTE),
        reader.texts(term, EXAMPLE),
        tuple(r for p in parents for r in reader.refs(term, p) if r.iri),
        _classes(reader, term, NamedNode(f"{RDFS}domain")),
        _classes(reader, term, NamedNode(f"{RDFS}range")),
        tuple(r for m in MAPPINGS for r in reader.refs(term, m)),
        reader.refs(term, NamedNode(f"{RDFS}seeAlso")),
        reader.value(term, NamedNode(f"{OWL}deprecated")) == "true",
    )


def _classes(reader: Reader, term: NamedNode, property: NamedNode) -> tuple[Ref, ...]:
    """The classes of a domain or range; the members of a union one by one."""
    found: list[Ref] = []
    for node in reader.objects(term, property):
        if isinstance(node, BlankNode):
            for union in reader.objects(node, _UNION):
                found += [reader.ref(m) for m in members_of(reader, union)]
        else:
            found.append(reader.ref(node))
    return tuple(sorted(found, key=by_label))


def members_of(reader: Reader, head: Term) -> list[Term]:
    """The members of an RDF list; stops where the list is broken or runs in a circle."""
    members: list[Term] = []
    seen: set[Term] = set()
    while head not in seen and len(seen) < LIMIT:
        seen.add(head)
        first = reader.objects(head, _FIRST)
        if not first:
            break
        members.append(first[0])
        rest = reader.objects(head, _REST)
        if not rest:
            break
        head = rest[0]
    return members
