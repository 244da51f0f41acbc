"""The pages of a statement and of a stance."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from triplomacy.web.pages.evidence import Evidence, Excerpt, evidence_for, read_excerpt
from triplomacy.web.pages.reader import Many, Reader, Ref, Text
from triplomacy.web.pages.rows import EventRow, Rows, StanceRow, StatementRow


@dataclass(frozen=True, slots=True)
class Relation:
    """Things that stand in one relation to a statement."""

    title: str
    things: Many[Ref]


@dataclass(frozen=True, slots=True)
class StatementView:
    """What the page of a statement shows."""

    row: StatementRow
    quotes: tuple[Excerpt, ...]
    addressees: tuple[Ref, ...]
    modes: tuple[Ref, ...]
    about: tuple[Ref, ...]
    foresees: tuple[EventRow, ...]
    vouches_for: Many[EventRow]
    relations: tuple[Relation, ...]
    stances: Many[StanceRow]
    evidence: tuple[Evidence, ...]


def statement_view(reader: Reader, statement: NamedNode) -> StatementView:
    """Read what the page of `statement` shows."""
    eas, rows = reader.eas, Rows(reader)
    vouched = reader.pointing(eas("accordingTo"), statement)
    stances = reader.pointing(eas("expressedIn"), statement)
    relations = (
        _out(reader, "Responds to", statement, "respondsTo"),
        _in(reader, "Answered by", statement, "respondsTo"),
        _out(reader, "Echoes", statement, "echoes"),
        _in(reader, "Echoed by", statement, "echoes"),
        _out(reader, "At odds with", statement, "contradicts"),
        _in(reader, "Contradicted by", statement, "contradicts"),
        _in(reader, "Subject of", statement, "about"),
    )
    quotes = (read_excerpt(reader, q, True) for q in reader.objects(statement, eas("quote")))
    return StatementView(
        rows.statement(statement),
        tuple(sorted(quotes, key=lambda q: q.span.start if q.span else 0)),
        reader.refs(statement, eas("addressee")),
        reader.refs(statement, eas("reportingMode")),
        reader.refs(statement, eas("about")),
        rows.events(reader.objects(statement, eas("foresees"))),
        Many(rows.events(vouched), vouched.total, vouched.query),
        tuple(r for r in relations if r.things),
        Many(rows.stances(stances), stances.total, stances.query),
        evidence_for(reader, statement),
    )


def _out(reader: Reader, title: str, statement: NamedNode, property: str) -> Relation:
    things = reader.refs(statement, reader.eas(property))
    return Relation(title, Many(things, len(things)))


def _in(reader: Reader, title: str, statement: NamedNode, property: str) -> Relation:
    found = reader.pointing(reader.eas(property), statement)
    things = tuple(reader.ref(s) for s in found)
    return Relation(title, Many(things, found.total, found.query))


@dataclass(frozen=True, slots=True)
class StanceView:
    """What the page of a stance shows."""

    row: StanceRow
    definition: Text | None
    statements: tuple[StatementRow, ...]
    evidence: tuple[Evidence, ...]


def stance_view(reader: Reader, stance: NamedNode, definition: NamedNode) -> StanceView:
    """Read what the page of `stance` shows; `definition` is the property that defines concepts."""
    rows = Rows(reader)
    row = rows.stance(stance)
    value = next((v for v in row.values if v.iri), None)
    return StanceView(
        row,
        reader.text(NamedNode(value.iri), definition) if value else None,
        rows.statements(reader.objects(stance, reader.eas("expressedIn"))),
        evidence_for(reader, stance),
    )
