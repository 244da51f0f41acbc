"""What points at a thing, by the property by which it does: counted, and listed in pages."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from triplomacy.web.pages.paging import Page
from triplomacy.web.pages.reader import Fact, Reader, Ref

PER_PAGE = 100
"""How many facts a page lists."""
MOST = 5_000
"""How many things are listed by one property, on all pages: to turn there must cost little."""


@dataclass(frozen=True, slots=True)
class Part:
    """The part of what points at a thing that somebody asks for.

    Attributes:
        by: the property; None for any.
        page: the number of the page; None for the first.
    """

    by: NamedNode | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class IncomingView:
    """What points at a thing.

    Attributes:
        total: how many facts do.
        counts: how many do by each property, those by which most do first.
        by: the property that was asked for; None for any.
        facts: those of the page, if none was asked for.
        things: those of the page that point by that property.
        page: which page of how many it is.
        asked: how many there are of what was asked for; what is not on any page is in `query`.
        query: gives all of them.
        is_asked_for: whether somebody asked for a part, and not for the thing alone.
    """

    total: int
    counts: tuple[tuple[Ref, int], ...]
    by: Ref | None
    facts: tuple[Fact, ...]
    things: tuple[Ref, ...]
    page: Page
    asked: int
    query: str
    is_asked_for: bool

    @property
    def is_cut(self) -> bool:
        """Whether there are more than all pages list."""
        return self.asked > self.page.total


def incoming_view(reader: Reader, thing: NamedNode, part: Part) -> IncomingView:
    """Read what points at `thing`."""
    found = reader.incoming(thing)
    number = part.page or 1
    if part.by is None:
        page = Page(number, PER_PAGE, len(found))
        facts = found.items[page.start : page.start + PER_PAGE]
        asked_for = part.page is not None
        return IncomingView(
            found.total, found.counts, None, facts, (), page, found.total, found.query, asked_for
        )
    by = reader.ref(part.by)
    asked = dict(found.counts).get(by, 0)
    page = Page(number, PER_PAGE, min(asked, MOST))
    last = page.start + PER_PAGE
    # In the order of the store, which is fixed within a release: nobody sorts them all for a page.
    ends = reader.engine.subjects(part.by, thing, last) if asked else []
    things = tuple(reader.ref(t) for t in ends[page.start : last])
    query = f"SELECT DISTINCT ?thing WHERE {{\n  ?thing {part.by} {thing}\n}}"
    return IncomingView(found.total, found.counts, by, (), things, page, asked, query, True)
