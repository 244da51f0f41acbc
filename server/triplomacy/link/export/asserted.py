"""What the sources of a site say has happened, in their own voice.

Three things must hold of what is taken: it has happened or goes on (`eas:realization`), no
statement has to vouch for it (`eas:accordingTo`), and a passage bears it out (`eas:evidence`) that
names everybody concerned, and stands outside the words of a speaker (`eas:quote`). It counts only
in the graph that points to the passage: what another file adds is not the source's.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from pyoxigraph import Literal, NamedNode, Quad

from triplomacy.iris import Base
from triplomacy.link.export.properties import (
    END_TIME,
    LOCATION,
    PARTICIPANT,
    POINT_IN_TIME,
    POSITION_HELD,
    START_TIME,
    Property,
)
from triplomacy.link.export.snaks import LONGEST_QUOTATION, Day, day_of, language_of, plain
from triplomacy.namespaces import DCT, FOAF, PROV, RDF, RDFS, SCHEMA, SKOS

_TERMS = ("accordingTo", "actor", "date", "endOffset", "evidence", "exactText", "office",
          "participation", "place", "quote", "realization", "role", "startOffset")  # fmt: skip
_FOREIGN_TERMS = frozenset({
    f"{RDF}type", f"{RDFS}label", f"{SKOS}broader", f"{PROV}wasQuotedFrom",
    f"{SCHEMA}startDate", f"{SCHEMA}endDate", f"{SCHEMA}url", f"{FOAF}page",
    f"{DCT}language", f"{DCT}title", f"{DCT}issued",
})  # fmt: skip
"""All that is looked at, of a site that may say much more."""

_HAPPENED = ("occurred", "ongoing")
_OVER = "occurred"
# Those who take part. A host need not, and whoever is affected by an event is not a part of it.
_TAKING_PART = ("participant", "visitor")
_CHARACTERS = re.compile(r"char=([0-9]+),([0-9]+)")  # RFC 5147
_NUMBER = re.compile(r"\+?[0-9]{1,18}")
_ANYWHERE = (0, 10**18)


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a source.

    Attributes:
        iri: of the excerpt.
        source: the IRI of the source.
        text: the words.
        start: how many characters precede them.
        end: and how many there are with them.
    """

    iri: str
    source: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a site says, and that Wikidata could say.

    Attributes:
        subject: the IRI of our thing that it is about.
        property: what it says.
        value: the IRI of another thing of ours, or a day.
        qualifiers: since when, until when.
        passage: what bears it out; None if nothing does.
        said_of: the IRI in whose description it stands.
        mention: what stands there.
        objection: why the source does not assert it; empty if it does.
    """

    subject: str
    property: Property
    value: str | Day
    qualifiers: tuple[tuple[Property, Day], ...]
    passage: Passage | None
    said_of: str
    mention: str
    objection: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A name of ours that the source uses, word by word.

    Attributes:
        subject: the IRI of our thing.
        language: Wikidata's code.
        text: the name.
        passage: where it is used.
    """

    subject: str
    language: str
    text: str
    passage: Passage


class _Spans:
    """Parts of one source, of which there may be very many: where each starts and ends."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._furthest = [*accumulate((end for _, end in self._spans), max)]

    def any_within(self, passage: Passage) -> bool:
        """Whether one of them is a part of a passage."""
        n = bisect_left(self._spans, (passage.start, 0))
        while n < len(self._spans) and self._spans[n][0] < passage.end:
            if self._spans[n][1] <= passage.end:
                return True
            n += 1
        return False

    def any_around(self, passage: Passage) -> bool:
        """Whether a passage is a part of one of them."""
        before = bisect_right(self._spans, passage.start, key=lambda s: s[0])
        return before > 0 and self._furthest[before - 1] >= passage.end


def _by_source(spans: Iterable[tuple[str, int, int]]) -> dict[str, _Spans]:
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for source, start, end in spans:
        found[source].append((start, end))
    return {source: _Spans(some) for source, some in found.items()}


class Reader:
    """Reads a site for what it could give.

    Args:
        facts: its quads.
        base: its base IRI.
    """

    def __init__(self, facts: Iterable[Quad], base: Base) -> None:
        self._eas = base.under("ontology#")
        self._base = base
        self._said: dict[tuple[str, str], list[Quad]] = defaultdict(list)
        self._subjects: dict[str, dict[str, None]] = defaultdict(dict)
        wanted = {f"{self._eas}{term}" for term in _TERMS} | _FOREIGN_TERMS
        told = sorted((q for q in facts if q.predicate.value in wanted), key=str)
        for quad in told:
            if not isinstance(quad.subject, NamedNode):
                continue
            self._said[quad.subject.value, quad.predicate.value].append(quad)
            if quad.predicate.value == f"{RDF}type" and isinstance(quad.object, NamedNode):
                self._subjects[quad.object.value][quad.subject.value] = None
        self._passages = {p.iri: p for p in self._excerpts()}
        self._quotes = _by_source(self._quoted(told))
        self._mentions: dict[tuple[str, str], dict[str, _Spans]] = {}

    def facts(self) -> list[Fact]:
        """All that Wikidata could say, and what speaks against it, in the order of the sources."""
        found = [
            *(f for h in self._subjects[f"{self._eas}OfficeHolding"] for f in self._holding(h)),
            *(f for e in self._subjects[f"{self._eas}Event"] for f in self._event(e)),
        ]
        return sorted(found, key=_in_order)

    def names(self, things: Iterable[str]) -> list[Name]:
        """The names of things that a source uses, in the language of the source."""
        return [n for thing in sorted(things) for n in self._names(thing)]

    def label(self, iri: str) -> str:
        """What we call a thing, in English if we can."""
        labels = [v for v in self._values(iri, f"{RDFS}label") if isinstance(v, Literal)]
        best = sorted(labels, key=lambda v: (language_of(v.language or "") != "en", v.value))
        return plain(best[0].value) if best else iri

    def texts(self, iri: str, property: str) -> list[Literal]:
        """The literals that the whole site gives for a property of a thing."""
        return [v for v in self._values(iri, property) if isinstance(v, Literal)]

    def iris(self, iri: str, property: str) -> list[str]:
        """The IRIs that the whole site gives for a property of a thing."""
        return [v.value for v in self._values(iri, property) if isinstance(v, NamedNode)]

    def _holding(self, holding: str) -> Iterator[Fact]:
        for graph in self._vouching(holding):
            dates = self._bounds(holding, graph)
            for person in self._iris_in(holding, f"{self._eas}actor", graph):
                for office in self._iris_in(holding, f"{self._eas}office", graph):
                    passage, objection = self._borne_out(holding, graph, person, office)
                    objection = objection or self._to_come(dates, passage)
                    yield Fact(person, POSITION_HELD, office, dates, passage, holding, office,
                               objection)  # fmt: skip

    def _bounds(self, holding: str, graph: str) -> tuple[tuple[Property, Day], ...]:
        found = []
        for term, property in (("startDate", START_TIME), ("endDate", END_TIME)):
            days = [day_of(v.value) for v in self._texts_in(holding, f"{SCHEMA}{term}", graph)]
            if len(days) == 1 and days[0] is not None:  # of two, nobody could tell which
                found.append((property, days[0]))
        return tuple(found)

    def _to_come(self, dates: tuple[tuple[Property, Day], ...], passage: Passage | None) -> str:
        """Whether a source looks ahead to what begins after its own day, or after today."""
        source = passage.source if passage else ""
        issued = (day_of(v.value) for v in self.texts(source, f"{DCT}issued"))
        days = [date.today().isoformat(), *(d.text for d in issued if d)]
        begins = [d.text for p, d in dates if p is START_TIME]
        return "by the source it was yet to come" if begins and begins[0] > min(days) else ""

    def _event(self, event: str) -> Iterator[Fact]:
        status = self._status(event)
        for graph in self._vouching(event):
            for property, value, said_of in self._told(event, graph):
                things = [value] if isinstance(value, str) else []
                passage, objection = self._borne_out(event, graph, *things)
                mention = value if isinstance(value, str) else value.text
                yield Fact(event, property, value, (), passage, said_of, mention,
                           status or objection)  # fmt: skip

    def _told(self, event: str, graph: str) -> Iterator[tuple[Property, str | Day, str]]:
        """What a graph says of an event: property, value, and in whose description."""
        for participation in self._iris_in(event, f"{self._eas}participation", graph):
            if self._takes_part(participation):
                for actor in self._iris_in(participation, f"{self._eas}actor", graph):
                    yield PARTICIPANT, actor, participation
        for place in self._iris_in(event, f"{self._eas}place", graph):
            yield LOCATION, place, event
        if _OVER in self._realization(event):  # the day of what goes on is not a point in time
            for text in self._texts_in(event, f"{self._eas}date", graph):
                day = day_of(text.value)
                if day is not None:
                    yield POINT_IN_TIME, day, event

    def _realization(self, event: str) -> list[str]:
        scheme = self._base.under("vocab/realization/")
        return [v.removeprefix(scheme) for v in self.iris(event, f"{self._eas}realization")]

    def _status(self, event: str) -> str:
        """Why an event is not one that the source says has happened; empty if it is."""
        statuses = self._realization(event)
        if not statuses or set(statuses) - set(_HAPPENED):
            named = self.iris(event, f"{self._eas}realization")
            status = ", ".join(self.label(iri) for iri in named) or "of no status"
            return f"by the source it has not happened: it is {status}"
        vouchers = self.iris(event, f"{self._eas}accordingTo")
        if vouchers:
            return f"the source leaves it to a speaker: {self.label(vouchers[0])}"
        return ""

    def _takes_part(self, participation: str) -> bool:
        scheme = self._base.under("vocab/role/")
        left = self.iris(participation, f"{self._eas}role")
        seen: set[str] = set()
        while left:
            role = left.pop()
            if role.removeprefix(scheme) in _TAKING_PART:
                return True
            if role not in seen:
                seen.add(role)
                left += self.iris(role, f"{SKOS}broader")
        return False

    def _names(self, thing: str) -> Iterator[Name]:
        given: set[tuple[str, str]] = set()
        for quad in self._said[thing, f"{self._eas}evidence"]:
            passage = self._passages.get(_iri(quad.object))
            for label in self.texts(thing, f"{RDFS}label") if passage else ():
                assert passage is not None, "there are no labels without one"
                text, language = plain(label.value), language_of(label.language or "")
                spoken = {language_of(v.value) for v in self.texts(passage.source, _LANGUAGE)}
                used = re.search(rf"(?<!\w){re.escape(text)}(?!\w)", plain(passage.text))
                if text and used and language in spoken and (language, text) not in given:
                    given.add((language, text))
                    yield Name(thing, language, text, passage)

    def _vouching(self, thing: str) -> list[str]:
        """The graphs that point to a passage for what they say of a thing; all, if none does."""
        pointing = [*self._said[thing, f"{self._eas}evidence"]] or self._said[thing, f"{RDF}type"]
        return list(dict.fromkeys(_iri(q.graph_name) for q in pointing))

    def _borne_out(self, thing: str, graph: str, *named: str) -> tuple[Passage | None, str]:
        """The passage that bears something out in the source's own voice, and what is amiss.

        Args:
            thing: the event or holding that points to its passages.
            graph: where.
            named: the things that the passage must name.
        """
        found = self._evidence(thing, graph)
        if not found:
            return None, "no passage bears it out"
        own = [p for p in found if not self._is_quoted(p)]
        if not own:
            return None, "only a speaker’s words bear it out"
        for iri in named:
            mentions = self._mentions_of(iri, graph)
            own = [p for p in own if p.source in mentions and mentions[p.source].any_within(p)]
            if not own:
                return None, f"no passage that bears it out names {self.label(iri)}"
        return min(own, key=_fitness), ""

    def _mentions_of(self, thing: str, graph: str) -> dict[str, _Spans]:
        """Where each source names a thing in its own voice."""
        if (thing, graph) not in self._mentions:
            named = [m for m in self._evidence(thing, graph) if not self._is_quoted(m)]
            self._mentions[thing, graph] = _by_source((m.source, m.start, m.end) for m in named)
        return self._mentions[thing, graph]

    def _evidence(self, thing: str, graph: str) -> list[Passage]:
        pointed = self._iris_in(thing, f"{self._eas}evidence", graph)
        return [self._passages[iri] for iri in pointed if iri in self._passages]

    def _is_quoted(self, passage: Passage) -> bool:
        quotes = self._quotes.get(passage.source)
        return quotes is not None and quotes.any_around(passage)

    def _excerpts(self) -> Iterator[Passage]:
        for iri in self._subjects[f"{self._eas}Excerpt"]:
            sources = self.iris(iri, f"{PROV}wasQuotedFrom")
            texts = self.texts(iri, f"{self._eas}exactText")
            bounds = [self.texts(iri, f"{self._eas}{n}Offset") for n in ("start", "end")]
            numbers = [b[0].value for b in bounds if b and b[0].value.isdecimal()]
            if len(sources) == len(texts) == 1 and len(numbers) == 2 and plain(texts[0].value):
                start, end = (int(n[:18]) for n in numbers)
                yield Passage(iri, sources[0], texts[0].value, start, end)

    def _quoted(self, told: Iterable[Quad]) -> Iterator[tuple[str, int, int]]:
        """Where the words of speakers stand: source, start and end.

        Neither who quotes counts nor whether the excerpt is whole: a statement may be of a class of
        somebody’s own, of none, or have no name. A quotation of which nobody can tell where it
        stands takes its whole source.
        """
        quotes = {q.object for q in told if q.predicate.value == f"{self._eas}quote"}
        given: dict[tuple[object, str], list[str]] = defaultdict(list)
        for quad in told:
            if quad.subject in quotes and isinstance(quad.object, NamedNode | Literal):
                given[quad.subject, quad.predicate.value].append(quad.object.value)
        for quote in quotes:
            starts = given[quote, f"{self._eas}startOffset"]
            ends = given[quote, f"{self._eas}endOffset"]
            source, _, fragment = _iri(quote).partition("#")
            characters = _CHARACTERS.fullmatch(fragment)
            if characters:
                starts, ends = [*starts, characters[1]], [*ends, characters[2]]
            known = starts and ends and all(_NUMBER.fullmatch(n) for n in (*starts, *ends))
            span = (min(map(int, starts)), max(map(int, ends))) if known else _ANYWHERE
            for origin in {source, *given[quote, f"{PROV}wasQuotedFrom"]}:
                yield origin, *span

    def _values(self, iri: str, property: str) -> list[NamedNode | Literal]:
        said = self._said.get((iri, property), ())
        return [v for q in said if isinstance(v := q.object, NamedNode | Literal)]

    def _iris_in(self, iri: str, property: str, graph: str) -> list[str]:
        said = self._said.get((iri, property), ())
        return [_iri(q.object) for q in said if _iri(q.graph_name) == graph and _iri(q.object)]

    def _texts_in(self, iri: str, property: str, graph: str) -> list[Literal]:
        said = self._said.get((iri, property), ())
        return [
            v for q in said if _iri(q.graph_name) == graph and isinstance(v := q.object, Literal)
        ]


_LANGUAGE = f"{DCT}language"


def _fitness(passage: Passage) -> tuple[bool, int, int]:
    """The longest passage that need not be cut comes first; if all must be, the shortest."""
    length = len(plain(passage.text))
    fits = length <= LONGEST_QUOTATION
    return not fits, -length if fits else length, passage.start


def _in_order(fact: Fact) -> tuple[str, int, str, int, str]:
    passage = fact.passage
    return (
        passage.source if passage else "",
        passage.start if passage else 0,
        fact.said_of,
        int(fact.property.id[1:]),
        str(fact.value),
    )


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""
