"""From a batch of queries to candidates: looked up, filtered by type, scored, and decided on."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pyoxigraph import Literal, NamedNode

from triplomacy.errors import SearchTooSlow, TooMuchAtOnce
from triplomacy.namespaces import WIKIDATA, XSD
from triplomacy.reconcile.facts import DESCRIPTIONS, LABELS, NAMES, SAME, TYPE, Facts, Said
from triplomacy.reconcile.ids import Ids
from triplomacy.reconcile.requests import Entity, Hint, Query
from triplomacy.reconcile.scoring import (
    REORDERED,
    SURE,
    Held,
    Words,
    fit,
    likeness,
    score,
    words_of,
)
from triplomacy.reconcile.terms import Term, Terms
from triplomacy.search.finding import Named, SearchIndex
from triplomacy.search.texts import Kind, Role, Texts

Item = TypeVar("Item")

SECONDS = 10.0
"""Seconds that a batch may take."""
_PAIRS = 5_000  # values by which a batch may look for things
_POOL = 50  # things that have a value of a query without a name
_FORMS = {
    "integer": re.compile(r"-?[0-9]{1,40}"),
    "decimal": re.compile(r"-?[0-9]{1,40}\.[0-9]{1,40}"),
    "gYear": re.compile(r"-?[0-9]{4}"),
    "gYearMonth": re.compile(r"-?[0-9]{4}-[0-9]{2}"),
    "date": re.compile(r"-?[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "dateTime": re.compile(r"-?[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,20}(Z|[+-][0-9:]{5})?"),
    "boolean": re.compile("true|false"),
}  # of values, by the datatype as which data can hold them

Key = tuple[str, tuple[Kind, ...]]
"""What is looked up: a name among things of some kinds; of all if there are none."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that a query may mean.

    Attributes:
        iri: the thing.
        name: what it is called; empty as long as that is not known.
        likeness: how alike the name that was sent is to one of its names, from 0 to 1; None where
            none was sent.
        named: whether that is its label rather than another name of it.
        by_id: whether what was sent identifies it.
        types: its types, the narrowest first.
        of_type: whether it has a type that was asked for; None where none was.
        fits: how well each property fits, from 0 to 1, by the property's identifier.
        score: from 0 to 100.
        is_match: whether it is surely what is meant.
        description: a description; empty where there is none.
    """

    iri: str
    name: str = ""
    likeness: float | None = None
    named: bool = False
    by_id: bool = False
    types: tuple[Term, ...] = ()
    of_type: bool | None = None
    fits: Mapping[str, float] = field(default_factory=dict)
    score: float = 0.0
    is_match: bool = False
    description: str = ""


class Matcher:
    """Finds candidates in a release.

    Args:
        search: looks names up.
        facts: tells the rest.
        terms: its types and properties.
        ids: its identifiers.
        texts: the kinds of things that the search knows.
    """

    def __init__(
        self, search: SearchIndex, facts: Facts, terms: Terms, ids: Ids, texts: Texts
    ) -> None:
        self._search = search
        self._facts = facts
        self._terms = terms
        self._ids = ids
        self._texts = texts

    def match(self, batch: Mapping[str, Query], root: str = "") -> dict[str, list[Candidate]]:
        """The candidates of each query, the best first.

        Args:
            batch: the queries.
            root: the address of the server (see `Ids.things`).

        Raises:
            SearchTooSlow: it took longer than `SECONDS`.
            TooMuchAtOnce: the candidates have too many values.
        """
        deadline = time.monotonic() + SECONDS
        names = self._look_up(batch.values())
        identified = self._identified(batch.values(), root)
        having = self._having(batch, root)
        pools = {}
        for key, query in _until(deadline, batch.items()):
            pool = {i: Candidate(i, likeness=1.0, by_id=True) for i in identified[query.text]}
            pool = pool or _by_name(query, names.get(self._key(query), ()))
            pools[key] = pool | {i: Candidate(i) for i in having.get(key, ())}
        self._compare_all_names(batch, pools, deadline)
        pools = {key: _worth(query, pools[key]) for key, query in batch.items()}
        known = self._facts.about(
            (iri for pool in pools.values() for iri in pool),
            (TYPE, *(p for query in batch.values() for p, _ in self._hints(query))),
        )
        held = self._held(batch, pools, known)
        found = {
            key: self._decided(query, pools[key], known, held)
            for key, query in _until(deadline, batch.items())
        }
        return self._described(found)

    def identified(self, text: str, root: str = "") -> tuple[str, ...]:
        """The things that a text identifies; mostly one or none."""
        return self._identified([Query(text)], root)[text]

    # Candidates

    def _key(self, query: Query) -> Key:
        """What is looked up for a query: its name, among things that can have its types."""
        if query.strictness == "should":
            return query.text, ()
        classes = {c for id in query.types for c in self._classes(id)}
        kinds = {kind for c in classes for kind in self._texts.kinds(c)}
        return query.text, tuple(sorted(kinds, key=lambda k: k.name))

    def _classes(self, id: str) -> frozenset[str]:
        """The classes that a type stands for: itself and the narrower ones."""
        iri = self._ids.term_iri(id)
        return self._terms.below(iri) if iri else frozenset()

    def _hints(self, query: Query) -> list[tuple[NamedNode, Hint]]:
        """What a query says of properties; those that nothing here has are left out."""
        iris = ((self._ids.term_iri(hint.pid), hint) for hint in query.hints)
        known = self._terms.properties
        return [(NamedNode(i), hint) for i, hint in iris if i in known and i and hint.values]

    def _look_up(self, queries: Iterable[Query]) -> dict[Key, tuple[Named, ...]]:
        """What bears the names of queries; a name that comes twice is looked up once."""
        keys = [k for k in dict.fromkeys(self._key(q) for q in queries) if k[0]]
        return dict(zip(keys, self._search.named(keys, SECONDS), strict=True))

    def _identified(self, queries: Iterable[Query], root: str) -> dict[str, tuple[str, ...]]:
        """The things that the texts of queries identify, by an identifier or a number elsewhere."""
        texts = dict.fromkeys(query.text for query in queries)
        things = {text: self._ids.things(text, root) for text in texts}
        items = {text: item for text in texts if (item := self._ids.item(text))}
        there = self._facts.about((i for iris in things.values() for i in iris), (TYPE, *LABELS))
        links = self._facts.having((p, NamedNode(item)) for item in items.values() for p in SAME)
        found = {}
        for text, iris in things.items():
            item = items.get(text)
            same = [s for p in SAME for s in links[p, NamedNode(item)]] if item else []
            ours = (*(i for i in iris if i in there), *same)
            found[text] = tuple(i for i in dict.fromkeys(ours) if self._ids.is_ours(i))
        return found

    def _having(self, batch: Mapping[str, Query], root: str) -> dict[str, tuple[str, ...]]:
        """For the queries without a name the things that have a value that they give."""
        asked = {
            key: [
                (property, term)
                for property, hint in self._hints(query)
                for value in hint.values
                for term in self._terms_of(value, root)
            ]
            for key, query in batch.items()
            if not query.text
        }
        pairs = [pair for of_query in asked.values() for pair in of_query]
        if len(pairs) > _PAIRS:
            raise TooMuchAtOnce(
                "The queries without a name have too many values.", "send fewer of them at a time"
            )
        found = self._facts.having(pairs)
        things = {key: [t for p in of_query for t in found[p]] for key, of_query in asked.items()}
        return {
            key: tuple(t for t in dict.fromkeys(of_query) if self._ids.is_ours(t))[:_POOL]
            for key, of_query in things.items()
        }

    def _terms_of(self, value: object, root: str) -> list[NamedNode | Literal]:
        """The terms as which data can hold a value: things, and literals of several datatypes."""
        text = value.id if isinstance(value, Entity) else _written(value)
        item = self._ids.item(text)
        iris = (*self._ids.things(text, root), *((item,) if item else ()))
        found: list[NamedNode | Literal] = [NamedNode(iri) for iri in iris]
        if isinstance(value, Entity):
            return found
        found += [Literal(text), *(Literal(text, language=tag) for tag in self._facts.languages)]
        types = (name for name, form in _FORMS.items() if form.fullmatch(text))
        return found + [Literal(text, datatype=NamedNode(XSD + name)) for name in types]

    # Decisions

    def _compare_all_names(
        self,
        batch: Mapping[str, Query],
        pools: Mapping[str, dict[str, Candidate]],
        deadline: float,
    ) -> None:
        """Where no name that was found is the one that was sent, another may be nearer to it."""
        unlike = [
            (words_of(batch[key].text), pool)
            for key, pool in pools.items()
            if batch[key].text and all((c.likeness or 0.0) < REORDERED for c in pool.values())
        ]
        said = self._facts.about((iri for _, pool in unlike for iri in pool), NAMES)
        for asked, pool in _until(deadline, unlike):
            for iri, candidate in pool.items():
                label = said.text(iri, LABELS)
                for name in said.texts(iri, NAMES):
                    like = likeness(asked, words_of(name))
                    if like > (pool[iri].likeness or 0.0):
                        pool[iri] = replace(candidate, likeness=like, named=name == label)

    def _held(
        self,
        batch: Mapping[str, Query],
        pools: Mapping[str, Mapping[str, Candidate]],
        known: Said,
    ) -> dict[NamedNode, Held]:
        """The things among the values of candidates, with what they are called."""
        things = {
            value
            for key, query in batch.items()
            for property, _ in self._hints(query)
            for iri in pools[key]
            for value in known.values(iri, property.value)
            if isinstance(value, NamedNode)
        }
        said = self._facts.about((t.value for t in things), (*NAMES, *SAME))

        def held(thing: NamedNode) -> Held:
            iri = thing.value
            same = [iri, *(i for p in SAME for i in said.iris(iri, p.value))]
            id = self._ids.of(iri)
            numbers = (i.removeprefix(WIKIDATA) for i in same if i.startswith(WIKIDATA))
            return Held(thing, said.texts(iri, NAMES), (*same, id, id[3:], *numbers))

        return {thing: held(thing) for thing in things}

    def _decided(
        self,
        query: Query,
        pool: Mapping[str, Candidate],
        known: Said,
        held: Mapping[NamedNode, Held],
    ) -> list[Candidate]:
        """The candidates of a query with types and scores, the best first, and a match if sure."""
        wanted = [self._classes(id) for id in query.types]
        scored = []
        for candidate in pool.values():
            classes = known.iris(candidate.iri, TYPE.value)
            of_type = None
            if wanted:
                has = [not of.isdisjoint(classes) for of in wanted]
                of_type = all(has) if query.strictness == "all" else any(has)
                if not of_type and query.strictness != "should":
                    continue
            fits: dict[str, float] = {}
            for property, hint in self._hints(query):
                values = known.values(candidate.iri, property.value)
                there = [held[v] if isinstance(v, NamedNode) else Held(v) for v in values]
                best = max(fit(value, there) for value in hint.values)
                fits[hint.pid] = min(best, fits.get(hint.pid, 1.0))
            like = None if not query.text else candidate.likeness
            scored.append(
                replace(
                    candidate,
                    types=tuple(self._terms.narrowest_first(classes)),
                    of_type=of_type,
                    fits=fits,
                    score=score(like, list(fits.values()), of_type is not False),
                )
            )
        ranked = sorted(scored, key=lambda c: (-c.score, not c.by_id, not c.named))
        if ranked and _is_sure(query, ranked):
            ranked[0] = replace(ranked[0], is_match=True)
        return ranked[: query.limit]

    def _described(self, found: Mapping[str, list[Candidate]]) -> dict[str, list[Candidate]]:
        """The candidates with names and descriptions."""
        iris = {c.iri for candidates in found.values() for c in candidates}
        said = self._facts.about(sorted(iris), (*LABELS, *DESCRIPTIONS))
        return {
            key: [
                replace(c, name=c.name or said.name(c.iri), description=said.description(c.iri))
                for c in candidates
            ]
            for key, candidates in found.items()
        }


def _until(deadline: float, items: Iterable[Item]) -> Iterator[Item]:
    """Go through `items`; raises SearchTooSlow when the time is over."""
    for item in items:
        if time.monotonic() > deadline:
            raise SearchTooSlow(
                f"The batch was stopped after {SECONDS:g} seconds.", "send fewer names at a time"
            )
        yield item


def _by_name(query: Query, found: Sequence[Named]) -> dict[str, Candidate]:
    """Candidates by their names."""
    asked = words_of(query.text)
    return {named.iri: _named(asked, named) for named in found}


def _named(asked: Words, named: Named) -> Candidate:
    likenesses = [
        (likeness(asked, words_of(w.value)), role is Role.LABEL) for role, w in named.names
    ]
    best, is_label = max(likenesses)
    return Candidate(named.iri, named.label.value, best, is_label)


def _worth(query: Query, pool: dict[str, Candidate]) -> dict[str, Candidate]:
    """The candidates about which more must be known: where names alone decide, the best."""
    if query.types or query.hints:
        return pool
    most = max(query.limit, 2)  # a second tells whether the first is alone
    best = sorted(pool.values(), key=lambda c: (-(c.likeness or 0.0), not c.by_id, not c.named))
    return {c.iri: c for c in best[:most]}


def _is_sure(query: Query, ranked: Sequence[Candidate]) -> bool:
    """Whether the first candidate is what is meant: it fits in all, and no other has its name."""
    best = ranked[0]
    if best.score < SURE:
        return False
    if best.by_id:
        return sum(c.by_id for c in ranked) == 1
    if query.text:
        return sum((c.likeness or 0.0) >= REORDERED for c in ranked) == 1
    return sum(c.score >= SURE for c in ranked) == 1


def _written(value: object) -> str:
    """A value as literals write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
