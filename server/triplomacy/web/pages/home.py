"""The home page: what this dataset is, in numbers counted from it, and its timeline."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from triplomacy.web.current import Publication
from triplomacy.web.pages.lists import KINDS, count, some
from triplomacy.web.pages.reader import Many, Reader
from triplomacy.web.pages.rows import EventRow, Rows, StatementRow
from triplomacy.web.pages.timeline import Timeline, make_timeline


@dataclass(frozen=True, slots=True)
class Number:
    """How many things of a kind there are, and where their list is."""

    title: str
    path: str
    total: int


@dataclass(frozen=True, slots=True)
class HomeView:
    """What the home page shows.

    Attributes:
        numbers: the kinds, counted.
        facts: how many of the events shown have happened or are going on.
        events: the events of the timeline.
        quoted: statements with a speaker's own words.
        timeline: the timeline.
    """

    numbers: tuple[Number, ...]
    facts: int
    events: Many[EventRow]
    quoted: tuple[StatementRow, ...]
    timeline: Timeline


def home_view(reader: Reader, published: Publication) -> HomeView:
    """Read what the home page shows."""
    rows = Rows(reader)
    numbers = tuple(
        Number(k.title, k.path, count(reader, published.memory, reader.eas(k.name)))
        for k in KINDS.values()
    )
    found = some(reader, "Event")
    events = Many(rows.events(found), found.total, found.query)
    statements = rows.statements(some(reader, "Statement"))
    timeline = make_timeline(
        events,
        statements,
        _relation(reader, found, "follows"),
        _relation(reader, found, "subEventOf"),
    )
    return HomeView(
        numbers,
        sum(e.is_fact for e in events),
        events,
        tuple(s for s in statements if s.quotes),
        timeline,
    )


def _relation(reader: Reader, things: Many[NamedNode], property: str) -> dict[str, frozenset[str]]:
    property_ = reader.eas(property)
    return {t.value: frozenset(r.iri for r in reader.refs(t, property_)) for t in things}
