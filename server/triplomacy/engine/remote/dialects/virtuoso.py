"""Virtuoso 7: what it bends, and how it is put right.

It caps the rows of an answer and tells so in a header, it answers in part when its time is up, its
truth values are 1 and 0, and integers divide to integers; strings keep control characters that JSON
has not. Writing needs a user whom it asks for by Digest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, urljoin

from pyoxigraph import Literal, NamedNode

from triplomacy.engine.remote.dialects.standard import Standard
from triplomacy.engine.remote.http import Client
from triplomacy.errors import StoreError
from triplomacy.namespaces import XSD

_LOADING = 600.0
_LATER = 1.0
_BOOLEAN = NamedNode(f"{XSD}boolean")
_TRUTH = {v: Literal(t, datatype=_BOOLEAN) for v, t in (("1", "true"), ("0", "false"))}
_STATE = re.compile(r"Virtuoso (\w{5}) Error")
_PASSING = ("08", "40", "S1T")  # no connection, a deadlock, a time-out: SQLSTATE classes
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Virtuoso(Standard):
    """Virtuoso."""

    name = "virtuoso"
    is_strict = False
    page = 5_000
    batch = 5_000

    def is_server(self, software: str) -> bool:
        """See `Standard.is_server`."""
        return software.startswith("Virtuoso/")

    def parameters(self, seconds: float | None) -> dict[str, str]:
        """See `Standard.parameters`; it gives a part when the time is up, and tells so.

        A little later than we stop waiting for it: who asked is told our limit, not its own.
        """
        return {} if seconds is None else {"timeout": str(int((seconds + _LATER) * 1000))}

    def complaint(self, headers: Mapping[str, str]) -> str | None:
        """See `Standard.complaint`."""
        if "X-SPARQL-MaxRows" in headers:
            return f"it gives no more than {headers['X-SPARQL-MaxRows']} rows (ResultSetMaxRows)"
        if "X-SQL-State" in headers:
            return f"{headers['X-SQL-State']}: {headers.get('X-SQL-Message', '')}"
        return None

    def rejects(self, is_fault_of_request: bool, said: str) -> bool:
        """See `Standard.rejects`; it answers 500 for what it cannot compile or compute."""
        state = _STATE.search(said)
        return is_fault_of_request if state is None else not state[1].startswith(_PASSING)

    def mended(self, piece: bytes) -> bytes:
        """See `Standard.mended`."""
        return _CONTROL.sub(lambda m: b"\\u%04x" % m[0][0], piece)

    def spelling(self, literal: Literal) -> Literal:
        """See `Standard.spelling`."""
        if literal.datatype == _BOOLEAN:
            return _TRUTH.get(literal.value, literal)
        return literal

    def add(self, client: Client, url: str, graph: NamedNode, triples: Iterable[str]) -> None:
        """See `Standard.add`."""
        data = "".join(triples).encode()
        self._graph_store(client, "POST", url, graph, data)

    def drop(self, client: Client, url: str, graph: NamedNode) -> None:
        """See `Standard.drop`."""
        try:
            self._graph_store(client, "DELETE", url, graph, None)
        except StoreError as error:
            if not error.rejected:
                raise  # 404: there is none

    def _graph_store(
        self, client: Client, method: str, url: str, graph: NamedNode, data: bytes | None
    ) -> None:
        address = f"{urljoin(url, 'sparql-graph-crud-auth')}?graph={quote(graph.value, safe='')}"
        headers = {"Content-Type": "text/turtle"} if data is not None else {}
        with client.send(method, address, data, headers, _LOADING) as body:
            body.whole()
