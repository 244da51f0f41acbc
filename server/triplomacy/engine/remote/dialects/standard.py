"""A server that keeps to SPARQL 1.1: Query, Update and Protocol, and nothing more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit, urlunsplit

from pyoxigraph import Literal, NamedNode

from triplomacy.engine.remote.http import Client


class Standard:
    """What a server needs to be told, and what it tells that must be put right."""

    name = "standard"
    is_strict = True
    """Whether it keeps to types as SPARQL does (see `engine.remote.typed`)."""
    page: int | None = None
    """Rows that it gives at a time, where it gives no more; None where it gives all."""
    batch = 10_000
    """Triples that it is sent at a time."""

    def is_server(self, software: str) -> bool:
        """Whether a server that calls itself so is of this kind."""
        return False

    def parameters(self, seconds: float | None) -> dict[str, str]:
        """Parameters of a query that may take so many seconds."""
        return {}

    def complaint(self, headers: Mapping[str, str]) -> str | None:
        """What the head of an answer says against its being whole."""
        return None

    def rejects(self, is_fault_of_request: bool, said: str) -> bool:
        """Whether an error of the server's says that the query is one that it cannot run."""
        return is_fault_of_request

    def ran_out_of_time(self, end: bytes) -> bool:
        """Whether the end of an answer that breaks off says that its time was up."""
        return False

    def mended(self, piece: bytes) -> bytes:
        """A piece of an answer with what is no JSON put right."""
        return piece

    def spelling(self, literal: Literal) -> Literal:
        """A literal as everybody else spells it."""
        return literal

    def address_of_updates(self, url: str) -> str:
        """Where it takes updates, from where it takes queries."""
        parts = urlsplit(url)
        folder, _, last = parts.path.rstrip("/").rpartition("/")
        beside = {"query": "update", "sparql": "update"}.get(last, last)
        return urlunsplit(parts._replace(path=f"{folder}/{beside}", query=""))

    def add(self, client: Client, url: str, graph: NamedNode, triples: Iterable[str]) -> None:
        """Add triples, which are lines of N-Triples, to a graph.

        Raises:
            StoreError: the server does not take them.
        """
        lines = "".join(triples)
        update = f"INSERT DATA {{ GRAPH {graph} {{\n{lines}}} }}"
        client.update(self.address_of_updates(url), update)

    def drop(self, client: Client, url: str, graph: NamedNode) -> None:
        """Remove a graph; all is well if there is none.

        Raises:
            StoreError: the server does not remove it.
        """
        client.update(self.address_of_updates(url), f"DROP SILENT GRAPH {graph}")
