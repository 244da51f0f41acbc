"""The engine on a remote server: the same answers as the embedded one, or an error."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import IO, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from triplomacy.engine.answers import held, output_of, prefixes_for, write_graph
from triplomacy.engine.describe import describe
from triplomacy.engine.protocol import Acceptance, Answer, Query, Sink, Solution, Term, union
from triplomacy.engine.remote.dialects import DIALECTS
from triplomacy.engine.remote.http import Body, Client, lines
from triplomacy.engine.remote.memory import Links, Memory, Subject
from triplomacy.engine.remote.place import NAMES_LINK, WHOLE, Place
from triplomacy.engine.remote.results import (
    Mended,
    Row,
    boolean,
    constructed,
    rows_of,
    solutions,
)
from triplomacy.engine.remote.rewriting import Rewritten, rewrite
from triplomacy.engine.remote.terms import Terms
from triplomacy.engine.rows import Counted
from triplomacy.engine.service_guard import refuse_service
from triplomacy.errors import (
    QueryTooLong,
    QueryTooMuchMemory,
    StoreCannot,
    StoreError,
    StoreTooSmall,
    TriplomacyError,
)
from triplomacy.formats import RDF_FORMATS, RESULTS_FORMATS

_log = logging.getLogger(__name__)

_REMEMBERED = 500  # queries of ours, as they are sent
_TOGETHER = 200  # subjects whose values are asked for at a time
_PROPERTIES = "SELECT ?p ?o WHERE { ?s ?p ?o }"


class RemoteEngine:
    """Implements `engine.protocol.Engine` on a server's graphs. Opening it asks nobody.

    Args:
        place: where the release lies.
        client: sends the requests.
    """

    def __init__(self, place: Place, client: Client) -> None:
        self._place = place
        self._client = client
        self._dialect = DIALECTS.get(place.dialect, DIALECTS["standard"])
        self._terms = Terms(place, self._dialect.spelling)
        self._memory = Memory(self._of_subjects)
        self._links = Links(self._linking)
        self._share = lru_cache(_REMEMBERED)(self._shared)
        self._rewritten = lru_cache(_REMEMBERED)(self._rewrite)

    # Our own questions

    def select(self, query: str, bindings: Mapping[str, Term] | None = None) -> list[Solution]:
        """See `Engine.select`."""
        given = bindings or {}
        sent = self._rewritten(query, tuple(given))
        text = sent.bound({n: str(self._terms.there(t)) for n, t in given.items()})
        rows = list(self._rows(text, sent.variables, None))
        if not rows:
            self._confirm()
        named = [term for row in rows for term in row]
        self._memory.mention(named)
        self._links.mention(named)
        return [
            {n: t for n, t in zip(sent.variables, row, strict=True) if t is not None}  # type: ignore[misc]
            for row in rows
        ]

    def ask(self, query: str, bindings: Mapping[str, Term] | None = None) -> bool:
        """See `Engine.ask`."""
        given = bindings or {}
        sent = self._rewritten(query, tuple(given))
        text = sent.bound({n: str(self._terms.there(t)) for n, t in given.items()})
        found = any(True for _ in self._rows(text, (), None))
        if not found:
            self._confirm()
        return found

    def quads(
        self,
        subject: NamedNode | BlankNode | None = None,
        predicate: NamedNode | None = None,
        object: Term | None = None,
        graph: NamedNode | None = None,
    ) -> Iterator[Quad]:
        """See `Engine.quads`."""
        if isinstance(subject, NamedNode | BlankNode):
            known = self._memory.quads(subject)
            if known is not None:
                return (
                    q
                    for q in known
                    if (predicate is None or q.predicate == predicate)
                    and (object is None or q.object == object)
                    and (graph is None or q.graph_name == graph)
                )
        elif subject is not None:
            return iter(())  # a literal is no subject
        return self._matching(subject, predicate, object, graph)

    def values(
        self, subjects: Sequence[NamedNode], predicates: Sequence[NamedNode], most: int
    ) -> list[Triple]:
        """See `Engine.values`."""
        found: list[Triple] = []
        asked = ", ".join(str(p) for p in predicates)
        for start in range(0, len(subjects) if predicates else 0, _TOGETHER):
            there = " ".join(str(self._terms.there(s)) for s in subjects[start:][:_TOGETHER])
            pattern = f"VALUES ?s {{ {there} }} ?s ?p ?o FILTER(?p IN ({asked}))"
            where = f"GRAPH {self._place.union} {{ {pattern} }}"
            text = f"SELECT ?s ?p ?o WHERE {{ {where} }} LIMIT {most - len(found)}"
            for row in self._rows(text, ("s", "p", "o"), None):
                found.append(Triple(*row))  # type: ignore[arg-type]
            if len(found) >= most:
                break
        self._confirm()
        return found

    def subjects(self, predicate: NamedNode, object: Term, most: int) -> list[Term]:
        """See `Engine.subjects`."""
        known = None
        if not isinstance(object, Literal):  # of which a server may find others of the same value
            known = self._links.subjects(predicate, object)
        if known is None:
            rows = self._rows(self._pointing(predicate, [object], most), ("o", "s"), None)
            known = tuple(s for _, s in rows if isinstance(s, NamedNode | BlankNode))
        self._memory.mention(known[:most])
        return list(known[:most])

    def _linking(
        self, predicate: NamedNode, objects: Sequence[Subject], most: int
    ) -> list[tuple[Subject, Subject]] | None:
        """The links of a predicate to some objects, for the memory."""
        text = self._pointing(predicate, objects, most + 1)
        rows = list(self._rows(text, ("o", "s"), None))
        if not rows:
            self._confirm()
        return None if len(rows) > most else cast("list[tuple[Subject, Subject]]", rows)

    def _pointing(self, predicate: NamedNode, objects: Sequence[Term], most: int) -> str:
        values = " ".join(str(self._terms.there(o)) for o in objects)
        where = f"GRAPH {self._place.union} {{ VALUES ?o {{ {values} }} ?s {predicate} ?o }}"
        return f"SELECT ?o ?s WHERE {{ {where} }} LIMIT {most}"

    def graphs(self) -> list[NamedNode]:
        """See `Engine.graphs`."""
        return [NamedNode(g) for g in self._place.graphs]

    def _rewrite(self, query: str, bound: tuple[str, ...]) -> Rewritten:
        strict = self._dialect.is_strict
        return rewrite(Query(query), self._place, bound, strict=strict)

    def _matching(
        self,
        subject: Subject | None,
        predicate: NamedNode | None,
        object: Term | None,
        graph: NamedNode | None,
    ) -> Iterator[Quad]:
        """The quads that match a pattern, as they come."""
        named = self._place.there.get(graph.value) if graph is not None else None
        if graph is not None and named is None:
            return
        given = {"s": subject, "p": predicate, "o": object}
        there = {n: None if t is None else str(self._terms.there(t)) for n, t in given.items()}
        pattern = " ".join(there[n] or f"?{n}" for n in "spo")
        free = [n for n in "spo" if there[n] is None] + ([] if named else ["g"])
        where = self._in_graphs(pattern, named)
        text = f"SELECT {' '.join(f'?{n}' for n in free) or '(1 AS ?n)'} WHERE {{ {where} }}"
        found = False
        for row in self._rows(text, free, self._dialect.page):
            found = True
            values = given | dict(zip(free, row, strict=True))
            name = self._here(values["g"]) if named is None else graph
            yield Quad(values["s"], values["p"], values["o"], name)  # type: ignore[arg-type]
        if not found:
            self._confirm()

    def _in_graphs(self, pattern: str, named: NamedNode | None) -> str:
        if named is not None:
            return f"GRAPH {named} {{ {pattern} }}"
        names = f"GRAPH {self._place.names} {{ ?g {NAMES_LINK} ?name }}"
        return f"{names} GRAPH ?g {{ {pattern} }}"

    def _here(self, graph: object) -> NamedNode:
        assert isinstance(graph, NamedNode), "graphs are named by IRIs (see `Place`)"
        return self._place.here[graph.value]

    def _of_subjects(self, subjects: Sequence[Subject], most: int) -> list[Quad] | None:
        """The quads of subjects, for the memory."""
        names = " ".join(str(self._terms.there(s)) for s in subjects)
        where = f"VALUES ?s {{ {names} }} {self._in_graphs('?s ?p ?o', None)}"
        text = f"SELECT ?s ?p ?o ?g WHERE {{ {where} }} LIMIT {most + 1}"
        rows = list(self._rows(text, ("s", "p", "o", "g"), None))
        if len(rows) > most:
            return None
        if not rows:
            self._confirm()
        return [Quad(s, p, o, self._here(g)) for s, p, o, g in rows]  # type: ignore[arg-type]

    # Strangers' questions

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
        refuse_service(query.text, query.base)
        most = None if rows is None else rows + 1
        sent = rewrite(query, self._place, strict=self._dialect.is_strict, most=most)
        if sent.dataset is not None:
            self._refuse_shared(sent.dataset[0])
        results = sent.form in ("SELECT", "ASK")
        format = accepted.choose(RESULTS_FORMATS if results else RDF_FORMATS)
        try:
            found = self._rows(sent.text, sent.variables, None, seconds)
            if results:
                counted.begin(format)
                answer = (
                    boolean(any(True for _ in found))
                    if sent.form == "ASK"
                    else solutions(sent.variables, found)
                )
                answer.serialize(output_of(counted, format), format.results)
            else:
                triples = counted.triples(self._graph(sent, found))
                write_graph(triples, format, prefixes_for(query), counted)
            self._confirm()
            return counted.rows
        except (StoreError, ConnectionError):
            raise
        except (OSError, RuntimeError, ValueError) as error:
            raise TriplomacyError(f"The query failed while it ran: {error}") from error

    def _refuse_shared(self, default: Iterable[str]) -> None:
        """Make sure that no triple counts twice in the merge of graphs (SPARQL 1.1 Query §13.2.1).

        Raises:
            StoreCannot: one would.
        """
        there = [g for name in dict.fromkeys(default) if (g := self._place.there.get(name))]
        if len(there) < len(self._place.there):  # or it is the union, which we have
            for pair in itertools.combinations(there, 2):
                if self._share(*pair):
                    raise StoreCannot(
                        "Its server counts a triple twice that is in two graphs of FROM",
                        "name one graph, or ask the union of all",
                    )

    def _shared(self, one: NamedNode, other: NamedNode) -> bool:
        both = f"GRAPH {one} {{ ?s ?p ?o }} GRAPH {other} {{ ?s ?p ?o }}"
        text = f"SELECT (1 AS ?n) WHERE {{ {both} }} LIMIT 1"
        return any(True for _ in self._rows(text, (), None))

    def _graph(self, sent: Rewritten, rows: Iterable[Row]) -> Iterator[Triple]:
        """The graph that a CONSTRUCT or a DESCRIBE asks for."""
        if sent.form == "CONSTRUCT":
            variables = sent.variables or ("none",)
            padded = rows if sent.variables else ((None,) for _ in rows)
            return constructed(sent.template, variables, padded)
        values = (value for row in rows for value in row)
        found = [*sent.terms, *(v for v in values if isinstance(v, NamedNode | BlankNode))]
        resources = dict.fromkeys(found)
        if sent.dataset is None:
            return union(quad for resource in resources for quad in describe(self, resource))
        return self._bounded(resources, sent.dataset)

    def _bounded(
        self, resources: Iterable[Subject], dataset: tuple[tuple[str, ...], tuple[str, ...]]
    ) -> Iterator[Triple]:
        """The concise bounded descriptions of resources in a dataset."""
        query = Query(_PROPERTIES, *dataset)
        sent = rewrite(query, self._place, ("s",))
        waiting = list(resources)
        seen = set(waiting)
        said: set[Triple] = set()
        while waiting:
            resource = waiting.pop()
            text = sent.bound({"s": str(self._terms.there(resource))})
            for predicate, value in self._rows(text, ("p", "o"), None):
                triple = Triple(resource, predicate, value)  # type: ignore[arg-type]
                if triple not in said:
                    said.add(triple)
                    yield triple
                if isinstance(value, BlankNode) and value not in seen:
                    seen.add(value)
                    waiting.append(value)

    # Asking the server

    def _rows(
        self,
        text: str,
        variables: Sequence[str],
        page: int | None,
        seconds: float | None = None,
    ) -> Iterator[Row]:
        """The rows of an answer, in pages where a server gives no more at a time."""
        offset = 0
        while True:
            asked = text if page is None else f"{text} LIMIT {page} OFFSET {offset}"
            count = 0
            for row in self._one_answer(asked, variables, seconds):
                count += 1
                yield row
            offset += count
            if page is None or count < page:
                return

    def _one_answer(
        self, text: str, variables: Sequence[str], seconds: float | None
    ) -> Iterator[Row]:
        url, here = self._place.url, self._terms.here
        parameters = self._dialect.parameters(seconds)
        try:
            body = self._client.query(url, text, parameters, seconds)
        except StoreError as error:
            if self._dialect.rejects(error.rejected, error.said):
                raise _cannot(error) from None
            raise _for_strangers(error) from error
        with body:
            complaint = self._dialect.complaint(body.headers)
            if complaint is not None:
                raise _cut_short(complaint)
            answer = Mended(lines(body), self._dialect.mended)
            try:
                for row in rows_of(cast("IO[bytes]", answer), variables, url):
                    yield tuple(None if t is None else here(t) for t in row)
            except StoreError as error:
                if self._dialect.ran_out_of_time(answer.end):
                    raise _too_long("its own time-out had passed") from None
                raise _for_strangers(error) from error
            _drain(body)

    def _confirm(self) -> None:
        """Make sure that the release was there while it was asked.

        Raises:
            StoreError: it is not.
        """
        try:
            there = is_whole(self._client, self._place)
        except StoreError as error:
            raise _for_strangers(error) from error
        if not there:
            _log.error("%s: build the release anew", self._place.url)
            raise StoreError(
                f"The store no longer holds release {self._place.version}", "tell the publisher"
            )


def is_whole(client: Client, place: Place) -> bool:
    """Whether a server holds all of a release.

    Raises:
        StoreError: the server does not answer.
    """
    pattern = f"<{place.prefix}> {WHOLE} {Literal(place.version)}"
    text = f"SELECT (1 AS ?n) WHERE {{ GRAPH {place.names} {{ {pattern} }} }}"
    with client.query(place.url, text, {}) as body:
        return any(True for _ in rows_of(cast("IO[bytes]", body), ("n",), place.url))


def _drain(body: Body) -> None:
    """Take what comes after the last row, so that the connection can be used again."""
    while body.read():
        pass


def _for_strangers(error: StoreError) -> StoreError:
    """An error without the address of the server, which is for the operator's log."""
    _log.error("%s", error.detail)
    told = StoreError(
        "The server that holds the facts does not answer, or not as it should", "try again later"
    )
    told.retry_after = error.retry_after
    return told


def _cannot(error: StoreError) -> StoreCannot:
    """What a server says against a query that our parser has accepted."""
    said = error.said.partition("SPARQL query:")[0].strip()
    return StoreCannot(f"Its server says: {said}", "write the query in a plainer way")


def _too_long(said: str) -> QueryTooLong:
    return QueryTooLong(
        f"The store stopped the query: {said}",
        "bind a subject or an object, restrict property paths, add LIMIT, or download the dump",
    )


def _cut_short(complaint: str) -> TriplomacyError:
    said = complaint.lower()
    if "s1tat" in said or "timed out" in said or "timeout" in said:
        return _too_long("its time was up")
    if "memory" in said:
        return QueryTooMuchMemory(f"The store stopped the query: {complaint}", "ask for less")
    return StoreTooSmall(
        f"Of the store: {complaint}", "ask for less with LIMIT, or download the dump"
    )
