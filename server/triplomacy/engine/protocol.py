"""What an engine can do. The pages, the documents and the endpoint know this protocol only.

Terms are pyoxigraph's everywhere: they are small, immutable, hashable and checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from triplomacy.formats import Format

Term = NamedNode | BlankNode | Literal
Solution = dict[str, Term]


@dataclass(frozen=True, slots=True)
class Query:
    """A stranger's query with its dataset (SPARQL 1.1 Protocol §2.1.4).

    Attributes:
        text: the query.
        default_graphs: `default-graph-uri` parameters; None where there is none of both.
        named_graphs: `named-graph-uri` parameters; None where there is none of both.
        base: the IRI against which relative IRIs in it are resolved; the service defines it
            (§4.1.1.1 of SPARQL 1.1 Query).
    """

    text: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a stranger's query, written in one format.

    Attributes:
        format: the format.
        body: the answer.
        rows: its rows or triples; none for a truth value.
    """

    format: Format
    body: bytes
    rows: int = 0


class Engine(Protocol):
    """Reads one release. Safe to use from several threads.

    The default graph of every query is the union of the named graphs.
    """

    def select(self, query: str, bindings: Mapping[str, Term] | None = None) -> list[Solution]:
        """Run one of our own SELECT queries.

        Args:
            query: a query of ours; text that comes from outside goes into `bindings`.
            bindings: terms for some of the projected variables.

        Returns:
            One dict a solution; a variable without a value is absent.
        """
        ...

    def ask(self, query: str, bindings: Mapping[str, Term] | None = None) -> bool:
        """Run one of our own ASK queries; parameters as in `select`."""
        ...

    def quads(
        self,
        subject: NamedNode | BlankNode | None = None,
        predicate: NamedNode | None = None,
        object: Term | None = None,
        graph: NamedNode | None = None,
    ) -> Iterator[Quad]:
        """The quads that match a pattern; None matches everything."""
        ...

    def values(
        self, subjects: Sequence[NamedNode], predicates: Sequence[NamedNode], most: int
    ) -> list[Triple]:
        """What many subjects have as values of some predicates, each triple once.

        Args:
            subjects: each once.
            predicates: each once.
            most: triples to read; where there are more, so many of them.
        """
        ...

    def subjects(self, predicate: NamedNode, object: Term, most: int) -> list[Term]:
        """What has `object` as a value of `predicate`, each once and no more than `most`."""
        ...

    def graphs(self) -> list[NamedNode]:
        """The named graphs, sorted by IRI."""
        ...

    def answer(self, query: Query, accepted: Acceptance) -> Answer:
        """Answer a stranger's query in the format that the client prefers.

        Raises:
            QuerySyntaxError: with line, column and the text at that place.
            Forbidden: it is an update, or would make the server call another one.
            NotAcceptable: the client accepts no format for this kind of result.
            BadRequest: the dataset names a graph in a way that cannot be an IRI.
        """
        ...

    def answer_to(
        self,
        query: Query,
        accepted: Acceptance,
        sink: Sink,
        rows: int | None = None,
        seconds: float | None = None,
    ) -> int:
        """Answer a stranger's query into `sink`, piece by piece; else as `answer`.

        DESCRIBE gives the description that the documents give (`engine.describe`), and a concise
        bounded description where the query has a dataset of its own.

        Args:
            query, accepted: as in `answer`.
            sink: takes the answer.
            rows: how many rows or triples it may have; None for any number.
            seconds: after which the caller will stop it; for engines that can stop by themselves.

        Returns:
            How many it has; none for a truth value.

        Raises:
            ResultTooLarge: it has more; what was written by then is no whole answer.
        """
        ...


class Sink(Protocol):
    """Takes an answer as it is made: a file that is first told the format."""

    def begin(self, format: Format) -> None:
        """The answer is about to come, in this format."""
        ...

    def write(self, data: bytes) -> int:
        """A piece of the answer; returns its length, as files do."""
        ...


class Acceptance(Protocol):
    """Chooses a format once the kind of the result is known (a query's text does not tell)."""

    def choose(self, offered: Sequence[Format]) -> Format:
        """The best of `offered` for the client; raises NotAcceptable."""
        ...


def union(quads: Iterable[Quad]) -> Iterator[Triple]:
    """The union graph of `quads`: each triple once, in order of first appearance."""
    seen: set[Triple] = set()
    for quad in quads:
        triple = quad.triple
        if triple not in seen:
            seen.add(triple)
            yield triple
