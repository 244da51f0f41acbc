"""The pages of an event and of a participation in one."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from triplomacy.web.pages.evidence import Evidence, evidence_for
from triplomacy.web.pages.reader import Many, Reader, Ref, Text
from triplomacy.web.pages.rows import (
    EventRow,
    ParticipationRow,
    Rows,
    StanceRow,
    StatementRow,
)


@dataclass(frozen=True, slots=True)
class Related:
    """Events that stand in one relation to the event, in words that are read after its name."""

    title: str
    events: tuple[EventRow, ...]
    total: int
    query: str = ""

    @property
    def is_cut(self) -> bool:
        """Whether there are more than `events`."""
        return self.total > len(self.events)


@dataclass(frozen=True, slots=True)
class EventView:
    """What the page of an event shows."""

    row: EventRow
    status_definition: Text | None
    participations: Many[ParticipationRow]
    excluded: tuple[Ref, ...]
    according_to: tuple[StatementRow, ...]
    foreseen_by: Many[StatementRow]
    related: tuple[Related, ...]
    statements: Many[StatementRow]
    responses: Many[StatementRow]
    stances: Many[StanceRow]
    evidence: tuple[Evidence, ...]


def event_view(reader: Reader, event: NamedNode, definition: NamedNode) -> EventView:
    """Read what the page of `event` shows; `definition` is the property that defines concepts."""
    eas, rows = reader.eas, Rows(reader)
    row = rows.event(event)
    status = NamedNode(row.status.iri) if row.status and row.status.iri else None
    found = reader.objects(event, eas("participation"))
    participations = [p for p in found if isinstance(p, NamedNode)]
    parts = tuple(rows.participation(p, with_event=False) for p in participations)
    foreseen = reader.pointing(eas("foresees"), event)
    by_events = [f for f in foreseen if eas("Event").value in reader.types(f)]
    by_statements = [f for f in foreseen if f not in by_events]
    about = reader.pointing(eas("about"), event)
    responses = reader.pointing(eas("respondsTo"), event)
    stances = reader.pointing(eas("target"), event)
    related = (
        _out(reader, "Part of", event, "subEventOf"),
        _in(reader, "Its parts", event, "subEventOf"),
        _out(reader, "Comes after", event, "follows"),
        _in(reader, "What comes after it", event, "follows"),
        _out(reader, "Said to result from", event, "consequenceOf"),
        _in(reader, "What is said to result from it", event, "consequenceOf"),
        _out(reader, "What it foresees", event, "foresees"),
        Related("Foreseen by", rows.events(by_events), len(by_events)),
    )
    return EventView(
        row,
        reader.text(status, definition) if status else None,
        Many(tuple(sorted(parts, key=_participation_order)), len(parts)),
        reader.refs(event, eas("excludes")),
        rows.statements(reader.objects(event, eas("accordingTo"))),
        Many(rows.statements(by_statements), len(by_statements), foreseen.query),
        tuple(r for r in related if r.events),
        Many(rows.statements(about), about.total, about.query),
        Many(rows.statements(responses), responses.total, responses.query),
        Many(rows.stances(stances), stances.total, stances.query),
        evidence_for(reader, event),
    )


def _out(reader: Reader, title: str, event: NamedNode, property: str) -> Related:
    events = Rows(reader).events(reader.objects(event, reader.eas(property)))
    return Related(title, events, len(events))


def _in(reader: Reader, title: str, event: NamedNode, property: str) -> Related:
    found = reader.pointing(reader.eas(property), event)
    return Related(title, Rows(reader).events(found), found.total, found.query)


def _participation_order(row: ParticipationRow) -> tuple[str, str]:
    return (" ".join(map(str, row.roles)).casefold(), " ".join(map(str, row.actors)).casefold())
