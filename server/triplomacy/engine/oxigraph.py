"""The embedded engine: Oxigraph on a release's store, opened read-only.

The store's default graph holds the union of the named graphs, written when the release is built.
Oxigraph could form the union while it reads (`use_default_graph_as_union`), but then a triple that
stands in two graphs counts twice, where the merge of two graphs is a set (RDF 1.1 Semantics §4.1).
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    Variable,
    serialize,
)

from triplomacy.engine.answers import held, output_of, prefixes_for, write_graph
from triplomacy.engine.datasets import Dataset, Merges, dataset
from triplomacy.engine.describe import describe
from triplomacy.engine.described import select_described
from triplomacy.engine.federation.forwarder import Services
from triplomacy.engine.loading import load
from triplomacy.engine.parser import parse
from triplomacy.engine.protocol import Acceptance, Answer, Query, Sink, Solution, Term, union
from triplomacy.engine.rows import Counted
from triplomacy.errors import ReleaseError, TriplomacyError
from triplomacy.formats import RDF_FORMATS, RESULTS_FORMATS

# A query stops where it has enough, where a pattern of quads would first walk over all it finds.
_SUBJECTS = "SELECT ?p ?o ?s WHERE {{ ?s ?p ?o }} LIMIT {}"
_UNION = DefaultGraph()
_QUADS = "SELECT ?s ?p ?o ?g WHERE { GRAPH ?g { ?s ?p ?o } }"


class OxigraphEngine:
    """Implements `engine.protocol.Engine` on an Oxigraph store.

    Args:
        store: a store that nobody writes to any more.
        services: what strangers' queries may call; nothing by default.
    """

    def __init__(self, store: Store, services: Services | None = None) -> None:
        self._store = store
        self._services = services or Services()
        self._merges = Merges(store)

    @classmethod
    def write(cls, folder: Path, quads: Iterable[Quad]) -> None:
        """Write a new store into `folder`, with the named graphs and their union.

        Raises:
            ReleaseError: the disk is full or read-only, or there is a store already.
        """
        try:
            with tempfile.NamedTemporaryFile(dir=folder.parent, suffix=".nq") as file:
                serialize(quads, cast("IO[bytes]", file), RdfFormat.N_QUADS)
                file.flush()
                cls.write_file(folder, Path(file.name))
        except OSError as error:
            raise _unwritable(folder, error) from error

    @classmethod
    def write_file(cls, folder: Path, n_quads: Path) -> None:
        """Write a new store of what a file of canonical N-Quads holds (see `loading.load`).

        Raises:
            ReleaseError: the disk is full or read-only, or there is a store already.
        """
        try:
            store = Store(str(folder))
            load(store, n_quads)
            store.optimize()  # heavy queries cost a quarter less; see docs/performance.md
            store.flush()
        except OSError as error:
            raise _unwritable(folder, error) from error

    @classmethod
    def open(cls, folder: Path, services: Services | None = None) -> OxigraphEngine:
        """Open the store in `folder` read-only, so that any number of processes can.

        Args:
            folder: the store.
            services: as for the class.

        Raises:
            ReleaseError: the folder holds no readable store.
        """
        try:
            return cls(Store.read_only(str(folder)), services)
        except OSError as error:
            raise ReleaseError(f"{folder}: {error}", "build the release anew") from error

    def select(self, query: str, bindings: Mapping[str, Term] | None = None) -> list[Solution]:
        """See `Engine.select`."""
        solutions = self._store.query(query, substitutions=_substitutions(bindings))
        assert isinstance(solutions, QuerySolutions), "select takes SELECT queries"
        names = [v.value for v in solutions.variables]
        rows = ({n: t for n in names if (t := s[n]) is not None} for s in solutions)
        return list(rows)

    def ask(self, query: str, bindings: Mapping[str, Term] | None = None) -> bool:
        """See `Engine.ask`."""
        return bool(self._store.query(query, substitutions=_substitutions(bindings)))

    def quads(
        self,
        subject: NamedNode | BlankNode | None = None,
        predicate: NamedNode | None = None,
        object: Term | None = None,
        graph: NamedNode | None = None,
    ) -> Iterator[Quad]:
        """See `Engine.quads`."""
        if subject is not None or graph is not None:
            found = self._store.quads_for_pattern(subject, predicate, object, graph)
            return (q for q in found if not isinstance(q.graph_name, DefaultGraph))
        # A pattern without a subject can match very many, and the store would first go through
        # all of them in the default graph; a query reaches the first in a named graph at once.
        given = {"p": predicate, "o": object}
        bindings = {name: term for name, term in given.items() if term is not None}
        solutions = self._store.query(_QUADS, substitutions=_substitutions(bindings))
        assert isinstance(solutions, QuerySolutions), "it is a SELECT query"
        return (Quad(r["s"], r["p"], r["o"], r["g"]) for r in solutions)

    def values(
        self, subjects: Sequence[NamedNode], predicates: Sequence[NamedNode], most: int
    ) -> list[Triple]:
        """See `Engine.values`. A pattern for each pair is faster than one query with VALUES."""
        pairs = itertools.product(subjects, predicates)
        of_pair = (self._store.quads_for_pattern(s, p, None, _UNION) for s, p in pairs)
        found = itertools.chain.from_iterable(of_pair)
        return [quad.triple for quad in itertools.islice(found, most)]

    def subjects(self, predicate: NamedNode, object: Term, most: int) -> list[Term]:
        """See `Engine.subjects`."""
        rows = self.select(_SUBJECTS.format(int(most)), {"p": predicate, "o": object})
        return [row["s"] for row in rows]

    def graphs(self) -> list[NamedNode]:
        """See `Engine.graphs`."""
        named = (g for g in self._store.named_graphs() if isinstance(g, NamedNode))
        return sorted(named, key=lambda g: g.value)

    def answer(self, query: Query, accepted: Acceptance) -> Answer:
        """See `Engine.answer`."""
        return held(self, query, accepted)

    def answer_to(
        self,
        query: Query,
        accepted: Acceptance,
        sink: Sink,
        rows: int | None = None,
        seconds: float | None = None,
    ) -> int:
        """See `Engine.answer_to`."""
        counted = Counted(sink, rows)
        own_dataset = query.default_graphs is not None or query.named_graphs is not None
        described = None if own_dataset else select_described(query.text, query.base)
        text = described or query.text
        # The text that runs may call services, not the one that came.
        with self._services.called_by(text, query.base) as runs:
            self._run(runs, query, described is not None, accepted, counted)
        return counted.rows

    def _run(
        self,
        text: str,
        query: Query,
        is_description: bool,
        accepted: Acceptance,
        sink: Counted,
    ) -> None:
        """Evaluate `text`, which stands for the text of `query`."""
        chosen = dataset(query)
        try:
            result = self._query(text, query.base, chosen)
            if isinstance(result, QuerySolutions | QueryBoolean) and not is_description:
                format = accepted.choose(RESULTS_FORMATS)
                sink.begin(format)
                result.serialize(output_of(sink, format), format.results)
            else:
                format = accepted.choose(RDF_FORMATS)
                found = result if isinstance(result, QueryTriples) else self._describe(result)
                write_graph(sink.triples(found), format, prefixes_for(query), sink)
        except SyntaxError:
            parse(query.text, query.base)
            raise
        except ConnectionError:
            raise  # nobody takes the answer any more
        except (OSError, RuntimeError, ValueError) as error:
            raise TriplomacyError(f"The query failed while it ran: {error}") from error

    def _query(
        self, text: str, base: str | None, chosen: Dataset | None
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        if chosen is None:
            return self._store.query(text, base_iri=base)
        named: list[NamedNode | BlankNode] = list(chosen.named)
        if not self._merges.is_needed(chosen.default):
            default: list[NamedNode | BlankNode | DefaultGraph] = list(chosen.default)
            return self._store.query(text, base_iri=base, default_graph=default, named_graphs=named)
        merged = self._merges.store_of(chosen)
        return merged.query(text, base_iri=base, default_graph=DefaultGraph(), named_graphs=named)

    def _describe(self, solutions: QuerySolutions | QueryBoolean) -> Iterator[Triple]:
        """The descriptions of all resources among the values of `solutions`, as one graph."""
        assert isinstance(solutions, QuerySolutions), "select_described makes a SELECT query"
        values = (value for solution in solutions for value in solution)
        resources = dict.fromkeys(v for v in values if isinstance(v, NamedNode | BlankNode))
        return union(quad for resource in resources for quad in describe(self, resource))


def _unwritable(folder: Path, error: OSError) -> ReleaseError:
    return ReleaseError(f"{folder}: {error}", "free some disk space, or write elsewhere")


def _substitutions(
    bindings: Mapping[str, Term] | None,
) -> dict[Variable, NamedNode | BlankNode | Literal | Triple] | None:
    return {Variable(name): term for name, term in bindings.items()} if bindings else None
