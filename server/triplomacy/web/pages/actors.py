"""The pages of an actor, a place, an office and the holding of one."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from triplomacy.namespaces import SCHEMA, SKOS
from triplomacy.web.pages.dates import in_words
from triplomacy.web.pages.evidence import Evidence, evidence_for
from triplomacy.web.pages.reader import Many, Reader, Ref, Text, by_label
from triplomacy.web.pages.rows import EventRow, ParticipationRow, Rows, StanceRow, StatementRow

ALT_LABEL = NamedNode(f"{SKOS}altLabel")
START = NamedNode(f"{SCHEMA}startDate")
END = NamedNode(f"{SCHEMA}endDate")


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """The holding of an office: who, what, and since when if that is known."""

    ref: Ref
    actors: tuple[Ref, ...]
    offices: tuple[Ref, ...]
    start: str | None
    end: str | None

    @property
    def period(self) -> str:
        """The time of it in words; empty if nothing is known."""
        if self.start and self.end:
            return f"{in_words(self.start)} to {in_words(self.end)}"
        if self.start:
            return f"since {in_words(self.start)}"
        return f"until {in_words(self.end)}" if self.end else ""


@dataclass(frozen=True, slots=True)
class ActorView:
    """What the page of an actor, or of a place, shows."""

    names: tuple[Text, ...]
    represents: tuple[Ref, ...]
    represented_by: Many[Ref]
    holdings: Many[HoldingRow]
    said: Many[StatementRow]
    participations: Many[ParticipationRow]
    stances: Many[StanceRow]
    excluded_from: Many[EventRow]
    located: Many[EventRow]
    addressed: Many[StatementRow]
    reported: Many[StatementRow]
    about: Many[StatementRow]
    stances_toward: Many[StanceRow]
    evidence: tuple[Evidence, ...]


def actor_view(reader: Reader, actor: NamedNode) -> ActorView:
    """Read what the page of `actor` shows."""
    eas, rows = reader.eas, Rows(reader)
    involved = reader.pointing(eas("actor"), actor)
    kinds = {thing: reader.types(thing) for thing in involved}

    def of_kind(name: str) -> list[NamedNode]:
        return [thing for thing in involved if eas(name).value in kinds[thing]]

    participations = [rows.participation(p) for p in of_kind("Participation")]
    participations.sort(key=_by_event)
    stances = rows.stances(of_kind("Stance"))
    holdings = tuple(holding_row(reader, h) for h in of_kind("OfficeHolding"))
    # All three hang on one property: where the list is cut, none of the three is complete.
    more = involved.total - len(involved)
    represented_by = reader.pointing(eas("represents"), actor)

    def statements(property: str) -> Many[StatementRow]:
        found = reader.pointing(eas(property), actor)
        return Many(rows.statements(found), found.total, found.query)

    def events(property: str) -> Many[EventRow]:
        found = reader.pointing(eas(property), actor)
        return Many(rows.events(found), found.total, found.query)

    toward = reader.pointing(eas("target"), actor)
    return ActorView(
        reader.texts(actor, ALT_LABEL),
        reader.refs(actor, eas("represents")),
        Many(
            tuple(sorted((reader.ref(r) for r in represented_by), key=by_label)),
            represented_by.total,
            represented_by.query,
        ),
        Many(holdings, len(holdings)),
        statements("speaker"),
        Many(tuple(participations), len(participations) + more, involved.query),
        Many(stances, len(stances) + more, involved.query),
        events("excludes"),
        events("place"),
        statements("addressee"),
        statements("reportedBy"),
        statements("about"),
        Many(rows.stances(toward), toward.total, toward.query),
        evidence_for(reader, actor),
    )


@dataclass(frozen=True, slots=True)
class OfficeView:
    """What the page of an office shows."""

    names: tuple[Text, ...]
    represents: tuple[Ref, ...]
    holdings: Many[HoldingRow]
    said: Many[StatementRow]
    participations: Many[ParticipationRow]
    evidence: tuple[Evidence, ...]


def office_view(reader: Reader, office: NamedNode) -> OfficeView:
    """Read what the page of `office` shows."""
    eas, rows = reader.eas, Rows(reader)
    related = reader.pointing(eas("office"), office)
    kinds = {thing: reader.types(thing) for thing in related}
    more = related.total - len(related)

    def of_kind(name: str) -> list[NamedNode]:
        return [thing for thing in related if eas(name).value in kinds[thing]]

    holdings = tuple(holding_row(reader, h) for h in of_kind("OfficeHolding"))
    said = rows.statements(of_kind("Statement"))
    participations = [rows.participation(p) for p in of_kind("Participation")]
    participations.sort(key=_by_event)
    return OfficeView(
        reader.texts(office, ALT_LABEL),
        reader.refs(office, eas("represents")),
        Many(holdings, len(holdings) + more, related.query),
        Many(said, len(said) + more, related.query),
        Many(tuple(participations), len(participations) + more, related.query),
        evidence_for(reader, office),
    )


def holding_row(reader: Reader, holding: NamedNode) -> HoldingRow:
    """The row of the holding of an office."""
    return HoldingRow(
        reader.ref(holding),
        reader.refs(holding, reader.eas("actor")),
        reader.refs(holding, reader.eas("office")),
        reader.value(holding, START),
        reader.value(holding, END),
    )


def _by_event(row: ParticipationRow) -> tuple[int, tuple[str, int], str]:
    if row.event is None:
        return (99, ("~", 3), str(row.ref))
    return (row.event.rank, row.event.when.order, str(row.event.ref).casefold())
