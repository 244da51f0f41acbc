"""The embedded engine: Oxigraph on a release's store, opened read-only.

The store's default graph holds the union of the named graphs, written when the release is built.
Oxigraph could form the union while it reads (`use_default_graph_as_union`), but then a triple that
stands in two graphs counts twice, where the merge of two graphs is a set (RDF 1.1 Semantics §4.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    Store,
    Variable,
)

from triplomacy.engine.protocol import Acceptance, Answer, Query, Solution, Term, union
from triplomacy.engine.service_guard import refuse_service
from triplomacy.errors import BadRequest, QuerySyntaxError, ReleaseError, TriplomacyError
from triplomacy.formats import RDF_FORMATS, RESULTS_FORMATS

_POSITION = re.compile(r"error at (\d+):(\d+): ?(.*)", re.DOTALL)


class OxigraphEngine:
    """Implements `engine.protocol.Engine` on an Oxigraph store.

    Args:
        store: a store that nobody writes to any more.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def write(cls, folder: Path, quads: Iterable[Quad]) -> None:
        """Write a new store into `folder`, with the named graphs and their union.

        Raises:
            ReleaseError: the disk is full or read-only, or there is a store already.
        """
        quads = list(quads)
        try:
            store = Store(str(folder))
            store.bulk_extend(quads)
            store.bulk_extend(Quad(*triple) for triple in union(quads))
            store.flush()
        except OSError as error:
            raise ReleaseError(f"{folder}: {error}", "free some disk space, or write elsewhere") from error

    @classmethod
    def open(cls, folder: Path) -> OxigraphEngine:
        """Open the store in `folder` read-only, so that any number of processes can.

        Raises:
            ReleaseError: the folder holds no readable store.
        """
        try:
            return cls(Store.read_only(str(folder)))
        except OSError as error:
            raise ReleaseError(f"{folder}: {error}", "build the release anew") from error

    def select(self, query: str, bindings: Mapping[str, Term] | None = None) -> list[Solution]:
        """See `Engine.select`."""
        solutions = self._store.query(
            query, substitutions=_substitutions(bindings)
        )
        assert isinstance(solutions, QuerySolutions), "select takes SELECT queries"
        names = [v.value for v in solutions.variables]
        rows = ({n: t for n in names if (t := s[n]) is not None} for s in solutions)
        return list(rows)

    def ask(self, query: str, bindings: Mapping[str, Term] | None = None) -> bool:
        """See `Engine.ask`."""
        return bool(
            self._store.query(query, substitutions=_substitutions(bindings))
        )

    def quads(
        self,
        subject: NamedNode | BlankNode | None = None,
        predicate: NamedNode | None = None,
        object: Term | None = None,
        graph: NamedNode | None = None,
    ) -> Iterator[Quad]:
        """See `Engine.quads`."""
        found = self._store.quads_for_pattern(subject, predicate, object, graph)
        return (q for q in found if not isinstance(q.graph_name, DefaultGraph))

    def graphs(self) -> list[NamedNode]:
        """See `Engine.graphs`."""
        named = (g for g in self._store.named_graphs() if isinstance(g, NamedNode))
        return sorted(named, key=lambda g: g.value)

    def answer(self, query: Query, accepted: Acceptance) -> Answer:
        """See `Engine.answer`."""
        refuse_service(query.text)
        default = _named_nodes(query.default_graphs)
        named = _named_nodes(query.named_graphs)
        own_dataset = default is not None or named is not None
        try:
            result = self._store.query(
                query.text,
                default_graph=(default or []) if own_dataset else None,
                named_graphs=(named or []) if own_dataset else None,
            )
        except SyntaxError as error:
            raise syntax_error(query.text, str(error)) from None
        offered = RESULTS_FORMATS if isinstance(result, QuerySolutions | QueryBoolean) else RDF_FORMATS
        format = accepted.choose(offered)
        try:
            if isinstance(result, QuerySolutions | QueryBoolean):
                body = result.serialize(format=format.results)
            else:
                body = result.serialize(format=format.rdf)
        except (OSError, RuntimeError, ValueError) as error:
            raise TriplomacyError(f"The query failed while it ran: {error}") from error
        assert body is not None
        return Answer(format, body)


def _substitutions(bindings: Mapping[str, Term] | None) -> dict[Variable, Term] | None:
    return {Variable(name): term for name, term in bindings.items()} if bindings else None


def _named_nodes(iris: tuple[str, ...] | None) -> list[NamedNode] | None:
    if iris is None:
        return None
    try:
        return [NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise BadRequest(
            f"The dataset names a graph that is not an IRI: {error}",
            "give absolute IRIs in default-graph-uri and named-graph-uri",
        ) from None


def syntax_error(text: str, message: str) -> QuerySyntaxError:
    """Turn the parser's message into an error that shows the place.

    Args:
        text: the query.
        message: what the parser said, such as `error at 2:9: expected one of …`.
    """
    found = _POSITION.match(message)
    if found is None:
        return QuerySyntaxError(message, "correct the query")
    line, column = int(found[1]), int(found[2])
    lines = text.splitlines() or [""]
    shown = lines[line - 1] if line <= len(lines) else ""
    # A long line is cut around the place, so that the caret stays in sight.
    start = max(0, column - 1 - 60)
    excerpt = shown[start : column - 1 + 60]
    caret = " " * (column - 1 - start) + "^"
    return QuerySyntaxError(
        f"line {line}, column {column}: {found[3]}\n{excerpt}\n{caret}",
        "correct the query at that place; the prefixes must be declared in it",
    )
