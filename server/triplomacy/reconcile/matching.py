"""From a batch of queries to candidates: looked up, filtered by type, scored, and decided on."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pyoxigraph import Literal, NamedNode

from triplomacy.errors import SearchTooSlow
from triplomacy.namespaces import XSD
from triplomacy.reconcile.facts import LABELS, TYPE, Facts, Said
from triplomacy.reconcile.ids import Ids
from triplomacy.reconcile.names import REORDERED, Words, is_same, likeness, words_of
from triplomacy.reconcile.requests import Entity, Hint, Query
from triplomacy.reconcile.scoring import SURE, Held, Sent, fit, score
from triplomacy.reconcile.terms import Term, Terms
from triplomacy.reconcile.things import Identified, Things
from triplomacy.sameness import SAME
from triplomacy.search.finding import Named, SearchIndex
from triplomacy.search.texts import Kind, Role, Texts

SECONDS = 10.0
"""Seconds that a batch may take."""
_TOGETHER = 100  # queries that are worked on at a time: what is read for them is held
_VALUES = 500  # values that these send
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
Item = TypeVar("Item")
Batch = Mapping[str, Query]
Pool = dict[str, "Candidate"]
"""What a query may mean, by IRI."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that a query may mean.

    Attributes:
        iri: the thing.
        name: what it is called; empty as long as that is not known.
        likeness: how alike the name that was sent is to one of its names, from 0 to 1; None where
            none was sent.
        named: whether that is its label rather than another name of it.
        is_same: whether it is that very name, signs and all.
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
    is_same: bool = False
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
        self._things = Things(facts, ids)

    def match(self, batch: Batch, root: str = "") -> dict[str, list[Candidate]]:
        """The candidates of each query, the best first.

        Args:
            batch: the queries.
            root: the address of the server (see `Ids.meant`).

        Raises:
            SearchTooSlow: it took longer than `SECONDS`.
            TooMuchAtOnce: the candidates have too many values.
        """
        deadline = time.monotonic() + SECONDS
        names = self._look_up(batch.values())
        found: dict[str, list[Candidate]] = {}
        for together in _until(deadline, _parts(batch)):
            found |= self._matched(together, names, root, deadline)
        return found

    def _matched(
        self, batch: Batch, names: Mapping[Key, tuple[Named, ...]], root: str, deadline: float
    ) -> dict[str, list[Candidate]]:
        """The candidates of some queries of a batch."""
        identified = self._identified(batch.values(), root)
        having = self._having(batch, identified)
        pools: dict[str, Pool] = {}
        for key, query in _until(deadline, batch.items()):
            here = identified[query.text].here
            pool = {i: Candidate(i, likeness=1.0, by_id=True) for i in here}
            pool = pool or _by_name(query, names.get(self._key(query), ()))
            pools[key] = pool | {i: Candidate(i) for i in having.get(key, ())}
        self._compare_all_names(batch, pools)
        pools = {key: _worth(query, pools[key]) for key, query in batch.items()}
        known = self._facts.about(
            (iri for pool in pools.values() for iri in pool),
            (TYPE, *(p for query in batch.values() for p, _ in self._hints(query))),
        )
        held = self._held(batch, pools, known)
        decided = {
            key: self._decided(query, pools[key], known, held, identified)
            for key, query in _until(deadline, batch.items())
        }
        return self._described(decided)

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
        try:
            return dict(zip(keys, self._search.named(keys, SECONDS), strict=True))
        except SearchTooSlow:
            raise _too_slow() from None

    def _identified(self, queries: Iterable[Query], root: str) -> dict[str, Identified]:
        """What the names and the values of queries identify."""
        sent: dict[str, None] = {}
        for query in queries:
            sent[query.text] = None
            sent |= {text: None for _, hint in self._hints(query) for text in _texts(hint)}
        return self._things.identified(sent, root)

    def _having(
        self, batch: Batch, identified: Mapping[str, Identified]
    ) -> dict[str, tuple[str, ...]]:
        """For the queries without a name the things that have a value that they give."""
        asked = {
            key: [
                (property, term)
                for property, hint in self._hints(query)
                for sent in _sent(hint, identified)
                for term in self._terms_of(sent)
            ]
            for key, query in batch.items()
            if not query.text
        }
        found = self._facts.having(pair for of_query in asked.values() for pair in of_query)
        things = {key: [t for p in of_query for t in found[p]] for key, of_query in asked.items()}
        return {
            key: tuple(t for t in dict.fromkeys(of_query) if self._ids.is_ours(t))[:_POOL]
            for key, of_query in things.items()
        }

    def _terms_of(self, sent: Sent) -> list[NamedNode | Literal]:
        """The terms as which data can hold a value: things, and literals of several datatypes."""
        found: list[NamedNode | Literal] = [NamedNode(iri) for iri in sorted(sent.iris)]
        text = sent.text
        if text is None:
            return found
        found += [Literal(text), *(Literal(text, language=tag) for tag in self._facts.languages)]
        types = (name for name, form in _FORMS.items() if form.fullmatch(text))
        return found + [Literal(text, datatype=NamedNode(XSD + name)) for name in types]

    # Decisions

    def _compare_all_names(self, batch: Batch, pools: Mapping[str, Pool]) -> None:
        """Where no name that was found is the one that was sent, another may be nearer to it."""
        unlike = [
            (words_of(batch[key].text), pool)
            for key, pool in pools.items()
            if batch[key].text and all((c.likeness or 0.0) < REORDERED for c in pool.values())
        ]
        iris = [iri for _, pool in unlike for iri in pool]
        names, said = self._things.names(iris), self._facts.about(iris, LABELS)
        for asked, pool in unlike:
            for iri, found in pool.items():
                label = said.text(iri, LABELS)
                before = (found.likeness or 0.0, found.is_same, found.named)
                compared = (_compared(asked, name, name == label) for name in names[iri])
                like, same, is_label = max(compared, default=before)
                if (like, same, is_label) > before:
                    pool[iri] = replace(found, likeness=like, is_same=same, named=is_label)

    def _held(self, batch: Batch, pools: Mapping[str, Pool], known: Said) -> dict[NamedNode, Held]:
        """The things among the values of candidates, with what they are called."""
        things = {
            value
            for key, query in batch.items()
            for property, _ in self._hints(query)
            for iri in pools[key]
            for value in known.values(iri, property.value)
            if isinstance(value, NamedNode)
        }
        names = self._things.names(thing.value for thing in things)
        return {thing: Held(thing, names[thing.value]) for thing in things}

    def _decided(
        self,
        query: Query,
        pool: Mapping[str, Candidate],
        known: Said,
        held: Mapping[NamedNode, Held],
        identified: Mapping[str, Identified],
    ) -> list[Candidate]:
        """The candidates of a query with types and scores, the best first, and a match if sure."""
        wanted = [self._classes(id) for id in query.types]
        hints = [(p, hint.pid, _sent(hint, identified)) for p, hint in self._hints(query)]
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
            for property, pid, sent in hints:
                values = known.values(candidate.iri, property.value)
                there = [held[v] if isinstance(v, NamedNode) else Held(v) for v in values]
                best = max(fit(value, there) for value in sent)
                fits[pid] = min(best, fits.get(pid, 1.0))
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
        fitting = [c for c in scored if c.score]  # what fits in nothing is no candidate
        ranked = sorted(fitting, key=lambda c: (-c.score, *_order(c)))
        if ranked and self._is_sure(query, ranked):
            ranked[0] = replace(ranked[0], is_match=True)
        return ranked[: query.limit]

    def _described(self, found: Mapping[str, list[Candidate]]) -> dict[str, list[Candidate]]:
        """The candidates with names and descriptions."""
        every = [c for candidates in found.values() for c in candidates]
        said = self._facts.about((c.iri for c in every if not c.name), LABELS)
        descriptions = self._things.described(c.iri for c in every)
        return {
            key: [
                replace(c, name=c.name or said.name(c.iri), description=descriptions[c.iri])
                for c in candidates
            ]
            for key, candidates in found.items()
        }

    def _is_sure(self, query: Query, ranked: Sequence[Candidate]) -> bool:
        """Whether the first candidate is what is meant: it fits in all, and no other is called so.

        A property does not tell one thing from all others, unless it leads to what is the same.
        """
        best = ranked[0]
        if best.score < SURE:
            return False
        if best.by_id:
            return sum(c.by_id for c in ranked) == 1
        if query.text:
            return best.is_same and sum(c.is_same for c in ranked) == 1
        identifying = [hint.pid for p, hint in self._hints(query) if p in SAME]
        same = [c for c in ranked if any(c.fits[pid] == 1.0 for pid in identifying)]
        return same == [best]


def _parts(batch: Batch) -> Iterator[Batch]:
    """A batch in parts of queries that can be worked on together."""
    part: dict[str, Query] = {}
    values = 0
    for key, query in batch.items():
        more = sum(len(hint.values) for hint in query.hints)
        if part and (len(part) == _TOGETHER or values + more > _VALUES):
            yield part
            part, values = {}, 0
        part[key] = query
        values += more
    yield part


def _until(deadline: float, items: Iterable[Item]) -> Iterator[Item]:
    """Go through `items`; raises SearchTooSlow when the time is over."""
    for item in items:
        if time.monotonic() > deadline:
            raise _too_slow()
        yield item


def _too_slow() -> SearchTooSlow:
    return SearchTooSlow(
        f"The batch was stopped after {SECONDS:g} seconds.",
        "send fewer names at a time, or shorter ones",
    )


def _texts(hint: Hint) -> list[str]:
    """Those of the values that were sent which may identify something."""
    return [
        v.id if isinstance(v, Entity) else v for v in hint.values if isinstance(v, Entity | str)
    ]


def _sent(hint: Hint, identified: Mapping[str, Identified]) -> list[Sent]:
    """The values that were sent, each with what it identifies."""
    found = []
    for value in hint.values:
        text = value.id if isinstance(value, Entity) else value
        iris = identified[text].iris if isinstance(text, str) else ()
        found.append(Sent(None if isinstance(value, Entity) else value, frozenset(iris)))
    return found


def _by_name(query: Query, found: Sequence[Named]) -> Pool:
    """Candidates by their names."""
    asked = words_of(query.text)
    return {named.iri: _named(asked, named) for named in found}


def _named(asked: Words, named: Named) -> Candidate:
    compared = (_compared(asked, name.value, role is Role.LABEL) for role, name in named.names)
    like, same, is_label = max(compared)
    return Candidate(named.iri, named.label.value, like, is_label, same)


def _compared(asked: Words, name: str, is_label: bool) -> tuple[float, bool, bool]:
    """How near a name of a thing is to what was asked: likeness, sameness, and what it is."""
    words = words_of(name)
    like = likeness(asked, words)
    return like, like >= REORDERED and is_same(asked, words), is_label


def _worth(query: Query, pool: Pool) -> Pool:
    """The candidates about which more must be known: where names alone decide, the best."""
    if query.types or query.hints:
        return pool
    most = max(query.limit, 2)  # a second tells whether the first is alone
    best = sorted(pool.values(), key=lambda c: (-(c.likeness or 0.0), *_order(c)))
    return {c.iri: c for c in best[:most]}


def _order(found: Candidate) -> tuple[bool, ...]:
    """What comes first of candidates that are as good."""
    return not found.by_id, not found.is_same, not found.named
