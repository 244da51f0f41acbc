"""Reads what pages show: terms with their labels, values, links in; never more than a page holds.

Every look-up is a pattern on the engine's indexes, bounded by `LIMIT` where data can be large. What
was cut is counted and said (`Many`), never dropped in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode

from triplomacy.engine.protocol import Engine, Term
from triplomacy.iris import Base, local_name
from triplomacy.namespaces import DCT, FOAF, PROV, RDF, RDFS, SH, SKOS
from triplomacy.web.pages.names import name_of

LIMIT = 500
"""How many links of one kind a page lists; the rest is announced with a query that gives all."""

TYPE = NamedNode(f"{RDF}type")
_LABELS = tuple(
    NamedNode(iri)
    for iri in (f"{RDFS}label", f"{SKOS}prefLabel", f"{DCT}title", f"{FOAF}name", f"{SH}name")
)
COMMENT = NamedNode(f"{RDFS}comment")
QUOTED_FROM = NamedNode(f"{PROV}wasQuotedFrom")

# What is bound must be projected. One more than a page lists tells that there is more. A query
# stops there, where a pattern of quads would first walk over the whole union of the graphs.
_INCOMING = f"""
SELECT ?object ?thing ?property ?graph
WHERE {{ GRAPH ?graph {{ ?thing ?property ?object }} }} LIMIT {LIMIT + 1}
"""
_COUNT_SUBJECTS = """
SELECT ?property ?object (COUNT(DISTINCT ?thing) AS ?total)
WHERE { ?thing ?property ?object } GROUP BY ?property ?object
"""
_COUNT_INCOMING = """
SELECT ?property ?object (COUNT(DISTINCT ?thing) AS ?total)
WHERE { ?thing ?property ?object } GROUP BY ?object ?property
"""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Text:
    """Words for people, in a language if that is known."""

    value: str
    language: str | None = None

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Ref:
    """Something that a page names and links.

    Attributes:
        iri: its IRI; empty for a blank node.
        label: its name.
        kind: the piece of its IRI that tells its kind (`event`, `actor`, …), or empty.
    """

    iri: str
    label: Text
    kind: str = ""

    def __str__(self) -> str:
        return self.label.value

    @property
    def slug(self) -> str:
        """The last piece of its IRI."""
        return local_name(self.iri)


@dataclass(frozen=True, slots=True)
class Value:
    """A literal as it stands in the data.

    Attributes:
        text: its words and their language.
        datatype: its datatype, None for plain and language-tagged strings.
    """

    text: Text
    datatype: Ref | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of the data, with the named graphs that hold it.

    Attributes:
        property: the predicate.
        value: what stands at the other end.
        graphs: the named graphs.
        nested: the facts of `value` where it is a blank node.
    """

    property: Ref
    value: Ref | Value
    graphs: tuple[Ref, ...]
    nested: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Many(Generic[T]):
    """Some of many: what a page lists, how many there are, and the query that gives all."""

    items: tuple[T, ...]
    total: int
    query: str = ""

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def is_cut(self) -> bool:
        """Whether there are more than `items`."""
        return self.total > len(self.items)


@dataclass(frozen=True, slots=True)
class Incoming(Many[Fact]):
    """What points at a thing, each with the property by which it does.

    Attributes:
        counts: how many things do so by each property, those by which most do first.
    """

    counts: tuple[tuple[Ref, int], ...] = ()


class Reader:
    """Reads one release for one page; remembers labels while it lives.

    Args:
        engine: the engine of the release.
        base: the base IRI of its terms.
        languages: language tags of labels, the preferred first.
    """

    def __init__(self, engine: Engine, base: Base, languages: tuple[str, ...]) -> None:
        self.engine = engine
        self.base = base
        self.languages = languages
        self._refs: dict[Term, Ref] = {}

    def eas(self, name: str) -> NamedNode:
        """The ontology's term of that name."""
        return NamedNode(self.base.under(f"ontology#{name}"))

    # Terms

    def ref(self, term: Term) -> Ref:
        """`term` with its label; its local name where it has none."""
        if term not in self._refs:
            self._refs[term] = self._ref(term)
        return self._refs[term]

    def _ref(self, term: Term) -> Ref:
        if not isinstance(term, NamedNode):
            return Ref("", Text("a nameless node" if isinstance(term, BlankNode) else term.value))
        path = self.base.path_of(term.value) or ""
        pieces = path.split("/")
        kind = pieces[1] if len(pieces) > 2 and pieces[0] in ("id", "vocab") else pieces[0]
        return Ref(term.value, self._label(term), kind if path else "")

    def _label(self, term: NamedNode) -> Text:
        for property in _LABELS:
            label = self.text(term, property)
            if label is not None and label.value.strip():
                return label
        return Text(name_of(term.value, self.base))

    def node(self, ref: Ref) -> NamedNode:
        """The term that `ref` refers to; `ref` has an IRI."""
        return NamedNode(ref.iri)

    def types(self, subject: Term) -> frozenset[str]:
        """The IRIs of the classes of `subject`."""
        return frozenset(o.value for o in self.objects(subject, TYPE) if isinstance(o, NamedNode))

    # Values

    def objects(self, subject: Term, property: NamedNode) -> list[Term]:
        """The values of a property, each once."""
        if isinstance(subject, Literal):
            return []
        found = (q.object for q in self.engine.quads(subject, property))
        return [o for o in dict.fromkeys(found) if isinstance(o, NamedNode | BlankNode | Literal)]

    def refs(self, subject: Term, property: NamedNode) -> tuple[Ref, ...]:
        """The things that a property leads to, by label."""
        things = (o for o in self.objects(subject, property) if not isinstance(o, Literal))
        return tuple(sorted((self.ref(o) for o in things), key=by_label))

    def one(self, subject: Term, property: NamedNode) -> Ref | None:
        """The first of `refs`; None if there is none."""
        return next(iter(self.refs(subject, property)), None)

    def texts(self, subject: Term, property: NamedNode) -> tuple[Text, ...]:
        """The literal values, the preferred language first."""
        literals = (o for o in self.objects(subject, property) if isinstance(o, Literal))
        texts = (Text(o.value, o.language) for o in literals)
        return tuple(sorted(texts, key=lambda t: (self._rank(t), t.value)))

    def text(self, subject: Term, property: NamedNode) -> Text | None:
        """The literal value in the preferred language; None if there is no value."""
        return next(iter(self.texts(subject, property)), None)

    def value(self, subject: Term, property: NamedNode) -> str | None:
        """The characters of the first literal value."""
        text = self.text(subject, property)
        return None if text is None else text.value

    def number(self, subject: Term, property: NamedNode) -> int | None:
        """The first literal value, as a whole number; None if it is not one."""
        try:
            return int(self.value(subject, property) or "")
        except ValueError:
            return None

    def _rank(self, text: Text) -> int:
        if text.language in self.languages:
            return self.languages.index(text.language)
        return len(self.languages) + (text.language is not None)

    # Links in

    def pointing(self, property: NamedNode, object: NamedNode) -> Many[NamedNode]:
        """The things whose `property` is `object`: up to `LIMIT`, with how many there are."""
        bindings: dict[str, Term] = {"property": property, "object": object}
        found = self.engine.subjects(property, object, LIMIT + 1)
        things = tuple(t for t in found if isinstance(t, NamedNode))
        query = f"SELECT DISTINCT ?thing WHERE {{\n  ?thing {property} {object}\n}}"
        if len(found) <= LIMIT:
            return Many(things, len(things), query)
        return Many(things[:LIMIT], _total(self.engine.select(_COUNT_SUBJECTS, bindings)), query)

    # All that is said

    def facts(self, subject: NamedNode | BlankNode, depth: int = 3) -> tuple[Fact, ...]:
        """Everything that is said of `subject`, blank nodes followed, by property."""
        quads = self.engine.quads(subject)
        return self._facts(((q.predicate, q.object, q.graph_name) for q in quads), depth)

    def incoming(self, object: NamedNode) -> Incoming:
        """Everything that points at `object`: up to `LIMIT`, with how many there are."""
        rows = self.engine.select(_INCOMING, {"object": object})
        ends = ((r["property"], r["thing"], r["graph"]) for r in rows[:LIMIT])
        facts = self._facts(ends, 0)
        query = f"SELECT DISTINCT ?thing ?property WHERE {{\n  ?thing ?property {object}\n}}"
        counts = Counter(fact.property for fact in facts)
        if len(rows) > LIMIT:
            found = self.engine.select(_COUNT_INCOMING, {"object": object})
            counts = Counter({self.ref(row["property"]): _total([row]) for row in found})
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], by_label(pair[0])))
        return Incoming(facts, sum(counts.values()), query, tuple(ranked))

    def _facts(self, ends: Iterable[tuple[object, object, object]], depth: int) -> tuple[Fact, ...]:
        """The facts with these properties, other ends and graphs, each once with all its graphs."""
        graphs: dict[tuple[NamedNode, Term], list[NamedNode]] = {}
        for property, end, graph in ends:
            if isinstance(property, NamedNode) and isinstance(end, NamedNode | BlankNode | Literal):
                held = graphs.setdefault((property, end), [])
                if isinstance(graph, NamedNode):
                    held.append(graph)
        facts = []
        for (property, end), held in graphs.items():
            nested = self.facts(end, depth - 1) if isinstance(end, BlankNode) and depth else ()
            names = tuple(sorted((self.ref(g) for g in held), key=by_label))
            facts.append(Fact(self.ref(property), self.end(end), names, nested))
        return tuple(sorted(facts, key=_fact_order))

    def end(self, term: Term) -> Ref | Value:
        """What stands at the end of a fact: a thing or a literal."""
        if not isinstance(term, Literal):
            return self.ref(term)
        plain = term.language is not None or term.datatype.value.endswith("#string")
        text = Text(term.value, term.language)
        return Value(text, None if plain else self.ref(term.datatype))


def by_label(ref: Ref) -> tuple[str, str]:
    """Sort key: by label, letter case ignored, then by IRI."""
    return (ref.label.value.casefold(), ref.iri)


# Names and kinds come first, since people look for them there.
_FIRST = (f"{RDF}type", f"{RDFS}label", f"{SKOS}prefLabel", f"{DCT}title", f"{DCT}description")


def _fact_order(fact: Fact) -> tuple[int, str, str]:
    iri = fact.property.iri
    rank = _FIRST.index(iri) if iri in _FIRST else len(_FIRST)
    end = fact.value.label.value if isinstance(fact.value, Ref) else fact.value.text.value
    return (rank, fact.property.label.value.casefold() + iri, end.casefold())


def _total(rows: list[dict[str, Term]]) -> int:
    total = rows[0]["total"] if rows else None
    return int(total.value) if isinstance(total, Literal) else 0
