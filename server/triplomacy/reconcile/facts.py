"""Reads what a release says of many things at once, in few questions and never without a bound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import Literal, NamedNode

from triplomacy.engine.protocol import Engine
from triplomacy.errors import TooMuchAtOnce
from triplomacy.iris import local_name
from triplomacy.namespaces import DCT, FOAF, RDF, RDFS, SCHEMA, SKOS

Value = NamedNode | Literal
Pair = tuple[NamedNode, Value]
"""A property and a value of it."""

MOST_VALUES = 50_000
"""Values that one request may read."""
TYPE = NamedNode(f"{RDF}type")
LABELS = tuple(
    NamedNode(iri)
    for iri in (f"{RDFS}label", f"{SKOS}prefLabel", f"{DCT}title", f"{FOAF}name", f"{SCHEMA}name")
)
OTHER_NAMES = tuple(
    NamedNode(iri)
    for iri in (f"{SKOS}altLabel", f"{DCT}alternative", f"{FOAF}nick", f"{SCHEMA}alternateName")
)
NAMES = (*LABELS, *OTHER_NAMES, NamedNode(f"{SKOS}hiddenLabel"))
"""All by which the search finds things, also what is never shown."""
DESCRIPTIONS = tuple(
    NamedNode(iri) for iri in (f"{DCT}description", f"{SKOS}definition", f"{SCHEMA}description")
)
"""What describes things; comments are their editors' remarks."""
DEFINITIONS = (*DESCRIPTIONS, NamedNode(f"{RDFS}comment"))
"""What describes types and properties."""
_LONGEST = 240  # characters of a description
_USED = "ASK {{ ?s {} ?o }}"
_HAVING = "SELECT ?p ?o ?s WHERE {{ VALUES (?p ?o) {{ {} }} ?s ?p ?o }} LIMIT {}"
_TOGETHER = 200  # pairs that are asked for at a time
_LINKS = 2_000  # subjects of so many pairs
_EACH = 25  # subjects of one of them, where all together have too many


class Said:
    """What is said of some things.

    Args:
        values: of each thing those of each property.
        languages: of texts, the preferred first.
    """

    def __init__(
        self, values: Mapping[str, Mapping[str, Sequence[Value]]], languages: tuple[str, ...]
    ) -> None:
        self._values = values
        self._languages = languages

    def __contains__(self, iri: str) -> bool:
        return iri in self._values

    def values(self, iri: str, property: str) -> Sequence[Value]:
        """The values that a thing has."""
        return self._values.get(iri, {}).get(property, ())

    def iris(self, iri: str, property: str) -> list[str]:
        """The things among the values that a thing has."""
        return [v.value for v in self.values(iri, property) if isinstance(v, NamedNode)]

    def text(self, iri: str, properties: Iterable[NamedNode]) -> str:
        """The text of the first property that has one, in the preferred language; or empty."""
        for property in properties:
            held = (v for v in self.values(iri, property.value) if isinstance(v, Literal))
            texts = [v for v in held if v.value.strip()]
            if texts:
                return min(texts, key=lambda v: (self._rank(v), v.value)).value.strip()
        return ""

    def texts(self, iri: str, properties: Iterable[NamedNode]) -> tuple[str, ...]:
        """All texts of some properties."""
        held = (v for p in properties for v in self.values(iri, p.value))
        return tuple(dict.fromkeys(v.value for v in held if isinstance(v, Literal)))

    def name(self, iri: str) -> str:
        """What a thing is called; the end of its IRI where it has no name."""
        return self.text(iri, LABELS) or local_name(iri)

    def description(self, iri: str, properties: Sequence[NamedNode] = DESCRIPTIONS) -> str:
        """A description of a thing, cut where it is long; empty where there is none."""
        text = " ".join(self.text(iri, properties).split())
        return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"

    def _rank(self, text: Literal) -> int:
        if text.language in self._languages:
            return self._languages.index(text.language)
        return len(self._languages) + (text.language is not None)


class Facts:
    """The facts of a release.

    Args:
        engine: reads them.
        languages: of texts, the preferred first; also an attribute.
    """

    def __init__(self, engine: Engine, languages: tuple[str, ...]) -> None:
        self._engine = engine
        self.languages = languages
        self._used: dict[NamedNode, bool] = {}  # the properties that were asked for

    def about(self, iris: Iterable[str], properties: Iterable[NamedNode]) -> Said:
        """What some properties of some things are.

        Raises:
            TooMuchAtOnce: these are more than `MOST_VALUES` values.
        """
        subjects = [NamedNode(iri) for iri in dict.fromkeys(iris)]
        predicates = tuple(p for p in dict.fromkeys(properties) if self._is_used(p))
        found: dict[str, dict[str, list[Value]]] = {}
        is_asked = subjects and predicates
        triples = self._engine.values(subjects, predicates, MOST_VALUES + 1) if is_asked else []
        if len(triples) > MOST_VALUES:
            raise TooMuchAtOnce(
                f"This has more than {MOST_VALUES:,} values.",
                "ask for fewer entities, or fewer properties, at a time",
            )
        for triple in triples:
            if isinstance(triple.subject, NamedNode) and isinstance(
                triple.object, NamedNode | Literal
            ):
                of_thing = found.setdefault(triple.subject.value, {})
                of_thing.setdefault(triple.predicate.value, []).append(triple.object)
        return Said(found, self.languages)

    def _is_used(self, property: NamedNode) -> bool:
        """Whether the release uses a property; of the many that name things most use a few."""
        if property not in self._used:
            self._used[property] = self._engine.ask(_USED.format(property))
        return self._used[property]

    def having(self, pairs: Iterable[Pair]) -> dict[Pair, list[str]]:
        """The things that have these values, of each value some where they are very many."""
        asked = list(dict.fromkeys(pairs))
        found: dict[Pair, list[str]] = {pair: [] for pair in asked}
        for start in range(0, len(asked), _TOGETHER):
            together = asked[start : start + _TOGETHER]
            written = " ".join(f"({property} {value})" for property, value in together)
            rows = self._engine.select(_HAVING.format(written, _LINKS + 1))
            if len(rows) <= _LINKS:
                for row in rows:
                    thing, pair = row["s"], (row["p"], row["o"])
                    if isinstance(thing, NamedNode) and pair in found:
                        found[pair].append(thing.value)
                continue
            for pair in together:
                things = self._engine.subjects(*pair, _EACH)
                found[pair] = [t.value for t in things if isinstance(t, NamedNode)]
        return found
