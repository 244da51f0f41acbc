"""How an event, a statement, a stance or a participation reads in one line of a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from triplomacy.engine.protocol import Term
from triplomacy.namespaces import DCT, SKOS
from triplomacy.web.pages.dates import When
from triplomacy.web.pages.reader import Many, Reader, Ref, Text, by_label

DESCRIPTION = NamedNode(f"{DCT}description")
BROADER = NamedNode(f"{SKOS}broader")

STATUS_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("What is fact", ("occurred", "ongoing")),
    ("What is expected", ("agreed", "intended")),
    ("What somebody wants", ("proposed", "demanded")),
    ("What is only thought of", ("under-consideration", "hypothetical")),
    ("What is not to be", ("ruled-out", "cancelled")),
)
"""The realization statuses by their slugs, from fact to its opposite."""
STATUSES = tuple(slug for _, slugs in STATUS_GROUPS for slug in slugs)
FACTS = STATUS_GROUPS[0][1]


def rank_of(status: Ref | None) -> int:
    """The place of a status in `STATUSES`; unknown ones last."""
    slug = status.slug if status else ""
    return STATUSES.index(slug) if slug in STATUSES else len(STATUSES)


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event: what it is, how real it is, when, and who takes part."""

    ref: Ref
    status: Ref | None
    types: tuple[Ref, ...]
    when: When
    places: tuple[Ref, ...]
    actors: tuple[Ref, ...]

    @property
    def rank(self) -> int:
        """See `rank_of`."""
        return rank_of(self.status)

    @property
    def is_fact(self) -> bool:
        """Whether it has happened or is going on."""
        return self.status is not None and self.status.slug in FACTS


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement: who says what, in whose words."""

    ref: Ref
    speakers: tuple[Ref, ...]
    offices: tuple[Ref, ...]
    narrators: tuple[Ref, ...]
    reporters: tuple[Ref, ...]
    acts: tuple[Ref, ...]
    gist: Text | None
    quotes: tuple[Text, ...]
    when: When


@dataclass(frozen=True, slots=True)
class StanceRow:
    """A stance: who thinks how of what."""

    ref: Ref
    holders: tuple[Ref, ...]
    values: tuple[Ref, ...]
    polarity: str
    targets: tuple[Ref, ...]
    expressed_in: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class ParticipationRow:
    """A participation: who is in which event, as what."""

    ref: Ref
    event: EventRow | None
    actors: tuple[Ref, ...]
    roles: tuple[Ref, ...]
    offices: tuple[Ref, ...]


class Rows:
    """Reads rows.

    Args:
        reader: reads the release.
    """

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def when(self, thing: Term) -> When:
        """When an event or a statement was."""
        eas, read = self.reader.eas, self.reader
        return When(
            read.value(thing, eas("date")),
            read.value(thing, eas("earliestDate")),
            read.value(thing, eas("latestDate")),
            tuple(t.value for t in read.texts(thing, eas("timeExpression"))),
        )

    def event(self, thing: Term) -> EventRow:
        """The row of an event."""
        eas, read = self.reader.eas, self.reader
        participations = read.objects(thing, eas("participation"))
        actors = {a for p in participations for a in read.refs(p, eas("actor"))}
        return EventRow(
            read.ref(thing),
            read.one(thing, eas("realization")),
            read.refs(thing, eas("eventType")),
            self.when(thing),
            read.refs(thing, eas("place")),
            tuple(sorted(actors, key=by_label)),
        )

    def events(self, things: Iterable[Term]) -> tuple[EventRow, ...]:
        """Rows of events: by status from fact to its opposite, then by date, then by label."""
        rows = (self.event(t) for t in things)
        return tuple(sorted(rows, key=lambda r: (r.rank, r.when.order, by_label(r.ref))))

    def statement(self, thing: Term) -> StatementRow:
        """The row of a statement."""
        eas, read = self.reader.eas, self.reader
        exact = eas("exactText")
        quotes = (t for q in read.objects(thing, eas("quote")) for t in read.texts(q, exact))
        return StatementRow(
            read.ref(thing),
            read.refs(thing, eas("speaker")),
            read.refs(thing, eas("office")),
            read.refs(thing, eas("narratedBy")),
            read.refs(thing, eas("reportedBy")),
            read.refs(thing, eas("speechAct")),
            read.text(thing, DESCRIPTION),
            tuple(quotes),
            self.when(thing),
        )

    def statements(self, things: Iterable[Term]) -> tuple[StatementRow, ...]:
        """Rows of statements: dated ones first, then in the order of the passages they rest on."""
        found = [(self.statement(t), self.position(t)) for t in things]
        found.sort(key=lambda pair: (pair[0].when.order, pair[1], by_label(pair[0].ref)))
        return tuple(row for row, _ in found)

    def position(self, thing: Term) -> tuple[str, int]:
        """Where the passages that `thing` rests on begin: source and offset."""
        read = self.reader
        properties = (read.eas("evidence"), read.eas("quote"))
        excerpts = [e for p in properties for e in read.objects(thing, p)]
        start = read.eas("startOffset")
        places = [
            (e.value.partition("#")[0], read.number(e, start) or 0)
            for e in excerpts
            if isinstance(e, NamedNode)
        ]
        return min(places, default=("~", 0))

    def stance(self, thing: Term) -> StanceRow:
        """The row of a stance."""
        eas, read = self.reader.eas, self.reader
        values = read.objects(thing, eas("stanceValue"))
        return StanceRow(
            read.ref(thing),
            read.refs(thing, eas("actor")),
            read.refs(thing, eas("stanceValue")),
            self.polarity(values[0]) if values else "",
            read.refs(thing, eas("target")),
            read.refs(thing, eas("expressedIn")),
        )

    def stances(self, things: Iterable[Term]) -> tuple[StanceRow, ...]:
        """Rows of stances: positive, negative, neutral, others; then by holder and target."""
        rows = (self.stance(t) for t in things)
        order = {"positive": 0, "negative": 1, "neutral": 2}
        return tuple(
            sorted(rows, key=lambda r: (order.get(r.polarity, 3), _names(r.holders), str(r.ref)))
        )

    def polarity(self, value: Term) -> str:
        """The slug of the broadest concept above a stance value, such as `negative`."""
        seen = {value}
        while True:
            broader = [b for b in self.reader.objects(value, BROADER) if b not in seen]
            if not broader:
                return self.reader.ref(value).slug
            value = broader[0]
            seen.add(value)

    def participation(self, thing: NamedNode, with_event: bool = True) -> ParticipationRow:
        """The row of a participation; the event to which it belongs is looked up if asked for."""
        eas, read = self.reader.eas, self.reader
        events = read.pointing(eas("participation"), thing) if with_event else Many((), 0)
        return ParticipationRow(
            read.ref(thing),
            next((self.event(e) for e in events), None),
            read.refs(thing, eas("actor")),
            read.refs(thing, eas("role")),
            read.refs(thing, eas("office")),
        )


def _names(refs: tuple[Ref, ...]) -> str:
    return " ".join(str(r).casefold() for r in refs)
