"""Lists of all things of a kind: grouped, filtered by one facet, and cut into pages.

A list of up to `SORTED` things is put in order and grouped. A longer one is shown in the order of
the store, which does not change within a release, so that a page costs no more than to walk to it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import Literal, NamedNode

from triplomacy.engine.protocol import Solution, Term
from triplomacy.web.current import Bodies
from triplomacy.web.pages.actors import HoldingRow, holding_row
from triplomacy.web.pages.paging import Page
from triplomacy.web.pages.reader import (
    COMMENT,
    QUOTED_FROM,
    TYPE,
    Many,
    Reader,
    Ref,
    Text,
    by_label,
)
from triplomacy.web.pages.rows import STATUS_GROUPS, Rows, rank_of

PER_PAGE = 200
SORTED = 10_000

# The store's order does not change within a release, so pages by LIMIT and OFFSET cover the list.
_MEMBERS = "SELECT DISTINCT ?property ?value ?thing WHERE { ?thing ?property ?value }"
_FACET_VALUES = """
SELECT ?class ?facet ?value (COUNT(DISTINCT ?thing) AS ?total)
WHERE { ?thing a ?class ; ?facet ?value } GROUP BY ?class ?facet ?value
"""
_COUNT = """
SELECT ?class (COUNT(DISTINCT ?thing) AS ?total) WHERE { ?thing a ?class } GROUP BY ?class
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of things that has a list.

    Attributes:
        path: the list's path, such as `events`.
        title: its title.
        lead: a sentence about it.
        name: the class, by its name in the ontology.
        facet: the property that groups and filters, by its name; `type` is the class itself.
        facet_title: what people call the facet; empty where there is none.
        parameter: the name of the query parameter that filters by it.
    """

    path: str
    title: str
    lead: str
    name: str
    facet: str = ""
    facet_title: str = ""
    parameter: str = ""


KINDS = {
    k.path: k
    for k in (
        Kind(
            "events",
            "Events",
            "What happened, what is going on, and what is only agreed, proposed, demanded or "
            "feared. The status says which, by the account of the source.",
            "Event",
            "realization",
            "Status",
            "status",
        ),
        Kind(
            "actors",
            "Actors",
            "Persons, states and regions, organizations, and groups whose members the source does "
            "not list.",
            "Actor",
            "type",
            "Kind",
            "kind",
        ),
        Kind(
            "statements",
            "Statements",
            "Who said what, in whose words: dated statements first, then in the order of the text.",
            "Statement",
            "speechAct",
            "Speech act",
            "act",
        ),
        Kind(
            "stances",
            "Stances",
            "Who thinks how of what, whether they said so or are only reported to think so.",
            "Stance",
            "stanceValue",
            "Attitude",
            "value",
        ),
        Kind(
            "offices",
            "Offices",
            "Positions of authority, for whom they act, and who holds them.",
            "Office",
        ),
        Kind(
            "sources",
            "Sources",
            "The documents from which everything here is drawn. Each page shows the text, with "
            "every passage marked that bears something out.",
            "Source",
        ),
    )
}

_ACTOR_KINDS = ("Person", "GeopoliticalEntity", "Organization", "Collective")
_PLURALS = {
    "Person": "Persons",
    "GeopoliticalEntity": "States and regions",
    "Organization": "Organizations",
    "Collective": "Collectives",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of the facet: how many things have it, and whether the list is filtered by it."""

    ref: Ref
    label: str
    total: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class ActorRow:
    """An actor: what kind, for whom it acts, in which office, how often it appears."""

    ref: Ref
    kinds: tuple[Ref, ...]
    represents: tuple[Ref, ...]
    offices: tuple[Ref, ...]
    statements: int
    stances: int


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """An office: for whom it acts and who holds it."""

    ref: Ref
    represents: tuple[Ref, ...]
    holdings: tuple[HoldingRow, ...]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source: its note and how many excerpts it has."""

    ref: Ref
    note: Text | None
    excerpts: int


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading; the heading is empty where there is only one group."""

    title: str
    anchor: str
    rows: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class ListView:
    """What a list page shows."""

    kind: Kind
    groups: tuple[Group, ...]
    choices: tuple[Choice, ...]
    chosen: Choice | None
    page: Page
    total: int
    is_sorted: bool


def list_view(reader: Reader, memory: Bodies, kind: Kind, chosen: str, number: int) -> ListView:
    """Read a page of the list of `kind`.

    Args:
        reader: reads the release.
        memory: remembers counts of the release.
        kind: what to list.
        chosen: the slug of the facet's value to filter by; empty for all.
        number: the number of the page.
    """
    cls = reader.eas(kind.name)
    total = count(reader, memory, cls)
    choices = _choices(reader, memory, kind, chosen)
    choice = next((c for c in choices if c.chosen), None)
    matching = choice.total if choice else (0 if chosen else total)
    page = Page(number, PER_PAGE, matching)
    is_sorted = matching <= SORTED
    shown = _shown(reader, memory, kind, cls, choice, page) if matching else []
    groups = _GROUPINGS[kind.path](reader, shown)
    return ListView(kind, groups, choices, choice, page, total, is_sorted)


def count(reader: Reader, memory: Bodies, cls: NamedNode) -> int:
    """How many things of a class there are; counted once a release."""

    def make() -> bytes:
        rows = reader.engine.select(_COUNT, {"class": cls})
        return (_number(rows[0]["total"]) if rows else "0").encode()

    return int(memory.get_or_make(("count", cls), make))


def _choices(reader: Reader, memory: Bodies, kind: Kind, chosen: str) -> tuple[Choice, ...]:
    if not kind.facet:
        return ()
    cls, facet = reader.eas(kind.name), _facet(reader, kind)

    def make() -> bytes:
        rows = reader.engine.select(_FACET_VALUES, {"class": cls, "facet": facet})
        counts = {r["value"].value: int(_number(r["total"])) for r in rows}
        return json.dumps(counts).encode()

    counts: dict[str, int] = json.loads(memory.get_or_make(("facet", cls, facet), make))
    choices = []
    for iri, total in counts.items():
        ref = reader.ref(NamedNode(iri))
        if kind.facet != "type" or ref.slug in _ACTOR_KINDS:
            label = _PLURALS.get(ref.slug, str(ref)) if kind.facet == "type" else str(ref)
            choices.append(Choice(ref, label, total, ref.slug == chosen))
    return tuple(sorted(choices, key=lambda c: (_choice_rank(kind, c), c.label.casefold())))


def _facet(reader: Reader, kind: Kind) -> NamedNode:
    return TYPE if kind.facet == "type" else reader.eas(kind.facet)


def _choice_rank(kind: Kind, choice: Choice) -> int:
    order: tuple[str, ...] = ()
    if kind.facet == "realization":
        order = tuple(slug for _, slugs in STATUS_GROUPS for slug in slugs)
    elif kind.facet == "type":
        order = _ACTOR_KINDS
    return order.index(choice.ref.slug) if choice.ref.slug in order else len(order)


def _shown(
    reader: Reader, memory: Bodies, kind: Kind, cls: NamedNode, choice: Choice | None, page: Page
) -> list[NamedNode]:
    """The things of one page of the list."""
    property, value = TYPE, cls
    if choice is not None:
        property, value = _facet(reader, kind), NamedNode(choice.ref.iri)
    bindings: dict[str, Term] = {"property": property, "value": value}
    if page.total > SORTED:
        # Numbers cannot be bound; these are ours.
        query = f"{_MEMBERS} LIMIT {page.size} OFFSET {page.start}"
        return _things(reader.engine.select(query, bindings))

    def make() -> bytes:
        things = _things(reader.engine.select(_MEMBERS, bindings))
        order = _ORDERS[kind.path]
        return "\n".join(t.value for t in sorted(things, key=lambda t: order(reader, t))).encode()

    iris = memory.get_or_make(("order", kind.path, value), make).decode().split("\n")
    return [NamedNode(iri) for iri in iris[page.start : page.start + page.size]]


def _things(rows: Sequence[Solution]) -> list[NamedNode]:
    return [t for row in rows if isinstance(t := row["thing"], NamedNode)]


def _number(term: object) -> str:
    return term.value if isinstance(term, Literal) else "0"


# How each list is put in order

Order = tuple[object, ...]


def _by_name(reader: Reader, thing: NamedNode) -> Order:
    return by_label(reader.ref(thing))


def _event_order(reader: Reader, thing: NamedNode) -> Order:
    status = reader.one(thing, reader.eas("realization"))
    return (rank_of(status), Rows(reader).when(thing).order, by_label(reader.ref(thing)))


def _actor_order(reader: Reader, thing: NamedNode) -> Order:
    return (_actor_rank(reader, thing), by_label(reader.ref(thing)))


def _actor_rank(reader: Reader, thing: NamedNode) -> int:
    types = reader.types(thing)
    ranks = (i for i, name in enumerate(_ACTOR_KINDS) if reader.eas(name).value in types)
    return next(ranks, len(_ACTOR_KINDS))


def _statement_order(reader: Reader, thing: NamedNode) -> Order:
    rows = Rows(reader)
    return (rows.when(thing).order, rows.position(thing), by_label(reader.ref(thing)))


def _stance_order(reader: Reader, thing: NamedNode) -> Order:
    row = Rows(reader).stance(thing)
    rank = {"positive": 0, "negative": 1, "neutral": 2}.get(row.polarity, 3)
    return (rank, " ".join(map(str, row.holders)).casefold(), by_label(row.ref))


_ORDERS: dict[str, Callable[[Reader, NamedNode], Order]] = {
    "events": _event_order,
    "actors": _actor_order,
    "statements": _statement_order,
    "stances": _stance_order,
    "offices": _by_name,
    "sources": _by_name,
}


# How each list is grouped

Members = Sequence[NamedNode]


def _event_groups(reader: Reader, things: Members) -> tuple[Group, ...]:
    rows = [Rows(reader).event(t) for t in things]
    groups = []
    for title, slugs in (*STATUS_GROUPS, ("Of another status", ())):
        found = [r for r in rows if _status_group(r.status) == slugs]
        if found:
            groups.append(Group(title, slugs[0] if slugs else "other", tuple(found)))
    return tuple(groups)


def _status_group(status: Ref | None) -> tuple[str, ...]:
    slug = status.slug if status else ""
    return next((slugs for _, slugs in STATUS_GROUPS if slug in slugs), ())


def _actor_groups(reader: Reader, things: Members) -> tuple[Group, ...]:
    groups = []
    for rank, name in enumerate((*_ACTOR_KINDS, "")):
        found = [_actor_row(reader, t) for t in things if _actor_rank(reader, t) == rank]
        if found:
            groups.append(Group(_PLURALS.get(name, "Others"), name or "other", tuple(found)))
    return tuple(groups)


def _actor_row(reader: Reader, actor: NamedNode) -> ActorRow:
    eas = reader.eas
    involved = reader.pointing(eas("actor"), actor)
    holdings = [h for h in involved if eas("OfficeHolding").value in reader.types(h)]
    stances = [s for s in involved if eas("Stance").value in reader.types(s)]
    kinds = [eas(name) for name in _ACTOR_KINDS if eas(name).value in reader.types(actor)]
    return ActorRow(
        reader.ref(actor),
        tuple(reader.ref(k) for k in kinds),
        reader.refs(actor, eas("represents")),
        tuple(o for h in holdings for o in reader.refs(h, eas("office"))),
        reader.pointing(eas("speaker"), actor).total,
        len(stances),
    )


def _statement_groups(reader: Reader, things: Members) -> tuple[Group, ...]:
    rows = [Rows(reader).statement(t) for t in things]
    spoken = tuple(r for r in rows if not r.narrators)
    narrated = tuple(r for r in rows if r.narrators)
    groups = []
    if spoken:
        groups.append(Group("What actors said", "said", spoken))
    if narrated:
        groups.append(Group("What the source says in its own voice", "narrated", narrated))
    return tuple(groups)


def _stance_groups(reader: Reader, things: Members) -> tuple[Group, ...]:
    rows = [Rows(reader).stance(t) for t in things]
    titles = {"positive": "In favour", "negative": "Against", "neutral": "Neither"}
    groups = []
    for polarity in dict.fromkeys([*titles, *(r.polarity for r in rows)]):
        found = tuple(r for r in rows if r.polarity == polarity)
        if found:
            title = titles.get(polarity, polarity.capitalize() or "Others")
            groups.append(Group(title, polarity or "other", found))
    return tuple(groups)


def _office_groups(reader: Reader, things: Members) -> tuple[Group, ...]:
    eas = reader.eas
    rows = []
    for office in things:
        related = islice(reader.pointing(eas("office"), office), 50)
        holdings = [h for h in related if eas("OfficeHolding").value in reader.types(h)]
        rows.append(
            OfficeRow(
                reader.ref(office),
                reader.refs(office, eas("represents")),
                tuple(holding_row(reader, h) for h in holdings),
            )
        )
    return (Group("", "all", tuple(rows)),) if rows else ()


def _source_groups(reader: Reader, things: Members) -> tuple[Group, ...]:
    rows = tuple(
        SourceRow(reader.ref(s), reader.text(s, COMMENT), reader.pointing(QUOTED_FROM, s).total)
        for s in things
    )
    return (Group("", "all", rows),) if rows else ()


_GROUPINGS: dict[str, Callable[[Reader, Members], tuple[Group, ...]]] = {
    "events": _event_groups,
    "actors": _actor_groups,
    "statements": _statement_groups,
    "stances": _stance_groups,
    "offices": _office_groups,
    "sources": _source_groups,
}


def some(reader: Reader, name: str) -> Many[NamedNode]:
    """Things of a class of the ontology: as many as a page holds, and how many there are."""
    return reader.pointing(TYPE, reader.eas(name))
