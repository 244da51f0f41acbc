"""Loads a release into a server, and makes sure that the server holds just what it was given.

First each literal that is more than text is put there by itself and read back: so it is known how
the server spells it. Two that it spells alike it cannot tell apart, and no release is made. Then
come the graphs, each read back and compared, and last the mark that the release is whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import IO, cast

from pyoxigraph import Literal, NamedNode, Quad, Triple

from triplomacy.engine.protocol import union
from triplomacy.engine.remote.dialects import DIALECTS
from triplomacy.engine.remote.dialects.standard import Standard
from triplomacy.engine.remote.http import Client, lines
from triplomacy.engine.remote.place import NAMES_LINK, WHOLE, Place
from triplomacy.engine.remote.results import Mended, Row, rows_of
from triplomacy.engine.remote.terms import AnyTerm, Terms
from triplomacy.errors import ReleaseError
from triplomacy.namespaces import XSD

_STRING = f"{XSD}string"
_SPELT = "urn:x-triplomacy:spelt:"
_SHOWN = 3
_READ = 5_000  # rows that are read back at a time


def load(client: Client, place: Place, quads: Sequence[Quad]) -> Place:
    """Load a release.

    Args:
        client: with the right to write.
        place: a new one.
        quads: all of its facts, each in a named graph.

    Returns:
        The place, with the spellings that the server has of its own.

    Raises:
        StoreError: the server does not take them.
        ReleaseError: the server changes what it is given in a way that cannot be made good.
    """
    dialect = DIALECTS[place.dialect]
    respelt = _spellings(client, dialect, place, quads)
    place = replace(place, respelt=respelt)
    terms = Terms(place, dialect.spelling)
    by_graph: dict[object, list[Triple]] = {NamedNode(g): [] for g in place.graphs}
    for quad in quads:
        by_graph[quad.graph_name].append(quad.triple)
    for name, triples in by_graph.items():
        there = place.there[name.value]  # type: ignore[attr-defined]
        _put(client, dialect, place, terms, there, triples)
    _put(client, dialect, place, terms, place.union, list(union(quads)))
    names = [Triple(there, NAMES_LINK, NamedNode(name)) for name, there in place.there.items()]
    _put(client, dialect, place, terms, place.names, names)
    mark = Triple(NamedNode(place.prefix), WHOLE, Literal(place.version))
    dialect.add(client, place.url, place.names, [_line(terms, mark)])
    return place


def unload(client: Client, place: Place) -> None:
    """Remove a release, its mark first.

    Raises:
        StoreError: the server does not let us.
    """
    dialect = DIALECTS[place.dialect]
    for graph in (*place.all_graphs, _spelling_graph(place)):
        dialect.drop(client, place.url, graph)


def _put(
    client: Client,
    dialect: Standard,
    place: Place,
    terms: Terms,
    graph: NamedNode,
    triples: Sequence[Triple],
) -> None:
    """Load a graph and compare what is there."""
    _add(client, dialect, place, graph, (_line(terms, t) for t in triples))
    expected = set(triples)
    found = {
        Triple(*(terms.here(t) for t in row if t is not None))  # type: ignore[arg-type]
        for row in _read(client, dialect, place, graph, "?s ?p ?o")
    }
    if found != expected:
        raise _changed(place, expected - found, found - expected)


def _add(
    client: Client, dialect: Standard, place: Place, graph: NamedNode, triples: Iterable[str]
) -> None:
    waiting = iter(triples)
    while some := list(islice(waiting, dialect.batch)):
        dialect.add(client, place.url, graph, some)


def _read(
    client: Client, dialect: Standard, place: Place, graph: NamedNode, variables: str
) -> Iterator[Row]:
    """What a graph holds, some rows at a time."""
    names = variables.replace("?", "").split()
    offset, page = 0, min(dialect.page or _READ * 20, _READ * 20)
    while True:
        text = f"SELECT {variables} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}"
        text += f" LIMIT {page} OFFSET {offset}"
        with client.query(place.url, text, {}) as body:
            source = cast("IO[bytes]", Mended(lines(body), dialect.mended))
            rows = list(rows_of(source, names, place.url))
            complaint = dialect.complaint(body.headers)
        yield from rows
        offset += len(rows)
        if len(rows) < page:
            if complaint is not None:
                raise ReleaseError(
                    f"{place.url}: {complaint}, and {page} are read at a time",
                    "let the server give more rows",
                )
            return


def _line(terms: Terms, triple: Triple) -> str:
    return " ".join(str(terms.there(t)) for t in triple) + " .\n"


def _spelling_graph(place: Place) -> NamedNode:
    return NamedNode(f"{place.prefix}spellings")


def _spellings(
    client: Client, dialect: Standard, place: Place, quads: Sequence[Quad]
) -> dict[str, str]:
    """The literals that the server spells in its own way, with the spellings that they have here.

    Raises:
        ReleaseError: two become the same.
    """
    literals = {
        q.object
        for q in quads
        if isinstance(q.object, Literal) and q.object.datatype.value != _STRING
    }
    if not literals:
        return {}
    numbered = {f"{_SPELT}{n}": literal for n, literal in enumerate(literals)}
    graph = _spelling_graph(place)
    given = (f"<{name}> <{_SPELT}is> {literal} .\n" for name, literal in numbered.items())
    _add(client, dialect, place, graph, given)
    found: dict[Literal, Literal] = {}
    terms = Terms(place, dialect.spelling)
    seen = 0
    for subject, value in _read(client, dialect, place, graph, "?s ?o"):
        original = numbered.get(getattr(subject, "value", ""))
        spelt: AnyTerm | None = None if value is None else terms.here(value)
        if original is None or not isinstance(spelt, Literal):
            raise ReleaseError(
                f"{place.url} does not keep literals as such: {subject} {value}",
                "use another server for the store",
            )
        other = found.setdefault(spelt, original)
        if other != original:
            raise ReleaseError(
                f"{place.url} makes one of {original} and {other}: both read as {spelt}",
                "change one of them in the data, or use another server for the store",
            )
        seen += 1
    if seen != len(literals):
        raise ReleaseError(
            f"{place.url} took {len(literals)} literals and holds {seen}",
            "see the log of the store's server",
        )
    dialect.drop(client, place.url, graph)
    return {str(spelt): str(original) for spelt, original in found.items() if spelt != original}


def _changed(place: Place, missing: set[Triple], extra: set[Triple]) -> ReleaseError:
    shown = [f"missing: {t}" for t in sorted(map(str, missing))[:_SHOWN]]
    shown += [f"in its place: {t}" for t in sorted(map(str, extra))[:_SHOWN]]
    return ReleaseError(
        f"{place.url} does not hold what it was given: {len(missing)} triples are missing, "
        f"{len(extra)} are others\n  " + "\n  ".join(shown),
        "change them in the data, or use another server for the store",
    )
