"""The page of a named graph: where its facts come from, how many they are, and the facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from triplomacy.web.pages.paging import Page
from triplomacy.web.pages.reader import Fact, Reader, Ref, by_label

PER_PAGE = 500
_SORTED = 20_000
"""Up to so many facts are put in order; a larger graph is shown as the store holds it."""

_COUNT = """
SELECT ?graph (COUNT(*) AS ?facts) (COUNT(DISTINCT ?thing) AS ?things)
WHERE { GRAPH ?graph { ?thing ?property ?value } } GROUP BY ?graph
"""
_KINDS = """
SELECT ?graph ?kind (COUNT(DISTINCT ?thing) AS ?things)
WHERE { GRAPH ?graph { ?thing a ?kind } } GROUP BY ?graph ?kind ORDER BY DESC(?things) ?kind
"""


@dataclass(frozen=True, slots=True)
class Described:
    """A thing and the facts of one page of the graph about it."""

    thing: Ref
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class GraphView:
    """What the page of a named graph shows."""

    facts: int
    things: int
    kinds: tuple[tuple[Ref, int], ...]
    described: tuple[Described, ...]
    page: Page


def graph_view(reader: Reader, graph: NamedNode, number: int) -> GraphView:
    """Read what page `number` of the page of `graph` shows."""
    counts = reader.engine.select(_COUNT, {"graph": graph})
    total = _number(counts[0].get("facts")) if counts else 0
    kinds = []
    for row in reader.engine.select(_KINDS, {"graph": graph}):
        kinds.append((reader.ref(row["kind"]), _number(row.get("things"))))
    page = Page(number, PER_PAGE, total)
    quads: Iterable[Quad] = reader.engine.quads(graph=graph)
    if total <= _SORTED:
        quads = sorted(quads, key=_order)
    shown = islice(quads, page.start, page.start + PER_PAGE)
    return GraphView(
        total,
        _number(counts[0].get("things")) if counts else 0,
        tuple(kinds),
        _described(reader, shown),
        page,
    )


def _described(reader: Reader, quads: Iterable[Quad]) -> tuple[Described, ...]:
    by_thing: dict[NamedNode | BlankNode, list[Fact]] = {}
    for quad in quads:
        object = quad.object
        if isinstance(quad.subject, NamedNode | BlankNode) and isinstance(
            object, NamedNode | BlankNode | Literal
        ):
            fact = Fact(reader.ref(quad.predicate), reader.end(object), ())
            by_thing.setdefault(quad.subject, []).append(fact)
    return tuple(Described(reader.ref(t), tuple(facts)) for t, facts in by_thing.items())


def _order(quad: Quad) -> tuple[bool, str, str, str]:
    return (
        isinstance(quad.subject, BlankNode),
        str(quad.subject),
        str(quad.predicate),
        str(quad.object),
    )


def _number(term: object) -> int:
    return int(term.value) if isinstance(term, Literal) else 0


def graph_list(reader: Reader) -> tuple[Ref, ...]:
    """The named graphs, by label."""
    return tuple(sorted((reader.ref(g) for g in reader.engine.graphs()), key=by_label))
