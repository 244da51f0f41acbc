"""The dataset that a query chooses among our graphs, in the request or with FROM and FROM NAMED.

The default graph of FROM <a> FROM <b> is the merge of both (SPARQL 1.1 Query §13.2.1), and the
merge of two graphs is a set (RDF 1.1 Semantics §4.1). Oxigraph reads one after the other instead,
so a triple that is in both is there twice. Where some triple is, the merge is made first.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, Store

from triplomacy.engine.parser import IRI, SPACE, is_keyword_at, resolved, uses_keyword
from triplomacy.engine.protocol import Query
from triplomacy.errors import BadRequest

_FROM = re.compile(
    rf"(?<![\w?$@:\\-])FROM{SPACE}(?:(?P<named>NAMED){SPACE})?(?P<iri>{IRI})",
    re.IGNORECASE | re.ASCII,
)
_MOST = 64  # clauses that a query may have
_REMEMBERED = 10_000  # pairs of graphs


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a query chooses.

    Attributes:
        default: those whose merge is the default graph.
        named: the named graphs.
    """

    default: tuple[NamedNode, ...]
    named: tuple[NamedNode, ...]


def dataset(query: Query) -> Dataset | None:
    """The dataset that a query chooses; None if it chooses none, and has the release's.

    One in the request takes the place of one in the text (SPARQL 1.1 Protocol §2.1.4).

    Raises:
        BadRequest: a graph has no absolute IRI as its name, or a FROM clause cannot be made out.
        QuerySyntaxError: it does not parse.
    """
    if query.default_graphs is not None or query.named_graphs is not None:
        return Dataset(_nodes(query.default_graphs), _nodes(query.named_graphs))
    if not uses_keyword(query.text, "FROM", query.base):
        return None
    like = itertools.islice(_FROM.finditer(query.text), _MOST + 1)
    found = [m for m in like if is_keyword_at(query.text, m.start(), query.base)]
    rest = query.text
    for clause in reversed(found):
        rest = rest[: clause.start()] + " " + rest[clause.end() :]
    if len(found) > _MOST or uses_keyword(rest, "FROM", query.base):
        raise BadRequest(
            "It is not clear which graphs the query is about.",
            f"write at most {_MOST} clauses, each as FROM <…> or FROM NAMED <…>",
        )
    graphs: dict[bool, list[str]] = {True: [], False: []}
    for clause in found:
        graphs[clause["named"] is not None].append(resolved(clause["iri"], query.text, query.base))
    return Dataset(_nodes(graphs[False]), _nodes(graphs[True]))


class Merges:
    """Finds out which graphs of a store share triples, and merges those.

    Args:
        store: a store that does not change.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sharing: dict[frozenset[NamedNode], bool] = {}

    def is_needed(self, graphs: Iterable[NamedNode]) -> bool:
        """Whether some triple is in two of `graphs`."""
        return any(self._share(*pair) for pair in itertools.combinations(dict.fromkeys(graphs), 2))

    def store_of(self, dataset: Dataset) -> Store:
        """A store with the named graphs of `dataset`, and in the default graph its merge."""
        merged = Store()
        for graph in dataset.default:
            held = self._store.quads_for_pattern(None, None, None, graph)
            merged.extend(Quad(*quad.triple) for quad in held)
        for graph in dataset.named:
            merged.add_graph(graph)
            merged.extend(self._store.quads_for_pattern(None, None, None, graph))
        return merged

    def _share(self, one: NamedNode, other: NamedNode) -> bool:
        pair = frozenset((one, other))
        if pair not in self._sharing:
            if len(self._sharing) >= _REMEMBERED:  # strangers can make up any number of names
                self._sharing.clear()
            both = f"ASK {{ GRAPH {one} {{ ?s ?p ?o }} GRAPH {other} {{ ?s ?p ?o }} }}"
            self._sharing[pair] = bool(self._store.query(both))
        return self._sharing[pair]


def _nodes(iris: Iterable[str] | None) -> tuple[NamedNode, ...]:
    try:
        return tuple(NamedNode(iri) for iri in iris or ())
    except ValueError as error:
        raise BadRequest(
            f"The dataset names a graph that is not an IRI: {error}",
            "give absolute IRIs in default-graph-uri and named-graph-uri",
        ) from None
