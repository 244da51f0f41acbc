"""The timeline, honest about time: what has a day, what has only bounds, an order, or nothing.

An event stands on the line only by a date of its own. What is known only to come after it, or to be
a part of it, hangs from it; the rest stands beside the line, by how real it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from triplomacy.web.pages.dates import When
from triplomacy.web.pages.reader import by_label
from triplomacy.web.pages.rows import STATUS_GROUPS, EventRow, StatementRow


@dataclass(frozen=True, slots=True)
class Hanging:
    """An event that is placed only by its relation to another: a `part` of it, or `after` it."""

    relation: str
    event: EventRow
    hanging: tuple[Hanging, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on the line, with what hangs from it."""

    item: EventRow | StatementRow
    hanging: tuple[Hanging, ...] = ()

    @property
    def is_event(self) -> bool:
        """Whether it is an event, not a statement."""
        return isinstance(self.item, EventRow)

    @property
    def when(self) -> When:
        """When it was."""
        return self.item.when


@dataclass(frozen=True, slots=True)
class Undated:
    """Events without a date, of one group of statuses, each with those that it comes after."""

    title: str
    events: tuple[tuple[EventRow, tuple[EventRow, ...]], ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The line and what stands beside it."""

    entries: tuple[Entry, ...]
    undated: tuple[Undated, ...]


def make_timeline(
    events: Iterable[EventRow],
    statements: Iterable[StatementRow],
    follows: Mapping[str, frozenset[str]],
    part_of: Mapping[str, frozenset[str]],
) -> Timeline:
    """Arrange events and statements by what is known of their time.

    Args:
        events: all events.
        statements: all statements; those with a date stand on the line.
        follows: of an event's IRI, those of the events that it follows.
        part_of: of an event's IRI, those of the events that it is a part of.
    """
    known = {e.ref.iri: e for e in events}
    placed: set[str] = {iri for iri, e in known.items() if e.when.is_dated}
    after, parts = _inverse(follows), _inverse(part_of)

    def hang(iri: str) -> tuple[Hanging, ...]:
        found = []
        # Only facts hang from facts: a proposal to meet after a call gives the meeting no time.
        for relation, related in (("part", parts), ("after", after)):
            for other in sorted(related.get(iri, ()), key=_by_label(known)):
                event = known.get(other)
                if event is not None and event.is_fact and other not in placed:
                    placed.add(other)
                    found.append(Hanging(relation, event, hang(other)))
        return tuple(found)

    dated_events = [e for e in known.values() if e.when.is_dated]
    dated: list[EventRow | StatementRow] = [*dated_events]
    dated += [s for s in statements if s.when.is_dated]
    dated.sort(key=lambda item: (item.when.order, isinstance(item, StatementRow), str(item.ref)))
    entries = tuple(
        Entry(item, hang(item.ref.iri) if isinstance(item, EventRow) else ()) for item in dated
    )
    rest = [e for iri, e in known.items() if iri not in placed]
    return Timeline(entries, _undated(rest, follows, known))


def _undated(
    rest: list[EventRow], follows: Mapping[str, frozenset[str]], known: Mapping[str, EventRow]
) -> tuple[Undated, ...]:
    groups = []
    titles = [*STATUS_GROUPS, ("Of another status", ())]
    for title, slugs in titles:
        members = [e for e in rest if _group(e) == slugs]
        members.sort(key=lambda e: (e.rank, by_label(e.ref)))
        rows = tuple(
            (e, tuple(known[f] for f in sorted(follows.get(e.ref.iri, ())) if f in known))
            for e in members
        )
        if rows:
            groups.append(Undated(title, rows))
    return tuple(groups)


def _group(event: EventRow) -> tuple[str, ...]:
    slug = event.status.slug if event.status else ""
    return next((slugs for _, slugs in STATUS_GROUPS if slug in slugs), ())


def _inverse(relation: Mapping[str, frozenset[str]]) -> dict[str, set[str]]:
    inverse: dict[str, set[str]] = {}
    for subject, objects in relation.items():
        for object in objects:
            inverse.setdefault(object, set()).add(subject)
    return inverse


def _by_label(known: Mapping[str, EventRow]) -> Callable[[str], str]:
    return lambda iri: str(known[iri].ref).casefold() if iri in known else iri
