"""Oxigraph's server: it keeps to the standards; graphs go in by the Graph Store Protocol."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, urljoin

from pyoxigraph import NamedNode

from triplomacy.engine.remote.dialects.standard import Standard
from triplomacy.engine.remote.http import N_TRIPLES, Client

_LOADING = 600.0


class Oxigraph(Standard):
    """Oxigraph."""

    name = "oxigraph"
    batch = 100_000

    def is_server(self, software: str) -> bool:
        """See `Standard.is_server`."""
        return software.startswith("Oxigraph/")

    def ran_out_of_time(self, end: bytes) -> bool:
        """See `Standard.ran_out_of_time`; it writes so into the answer."""
        return b"operation has been cancelled" in end

    def address_of_updates(self, url: str) -> str:
        """See `Standard.address_of_updates`."""
        return urljoin(url, "update")

    def add(self, client: Client, url: str, graph: NamedNode, triples: Iterable[str]) -> None:
        """See `Standard.add`."""
        address = f"{urljoin(url, 'store')}?graph={quote(graph.value, safe='')}"
        data = "".join(triples).encode()
        with client.send("POST", address, data, {"Content-Type": N_TRIPLES}, _LOADING) as body:
            body.whole()
