"""What kinds of servers do in their own way, one module a kind; found out by asking the server."""

from __future__ import annotations

from triplomacy.engine.remote.dialects.oxigraph import Oxigraph
from triplomacy.engine.remote.dialects.standard import Standard
from triplomacy.engine.remote.dialects.virtuoso import Virtuoso
from triplomacy.engine.remote.http import Client
from triplomacy.errors import StoreError

DIALECTS: dict[str, Standard] = {d.name: d for d in (Oxigraph(), Virtuoso(), Standard())}


def dialect_of(client: Client, url: str) -> Standard:
    """Which kind of server answers at `url`.

    Raises:
        StoreError: none answers, or not as a SPARQL endpoint.
    """
    with client.query(url, "SELECT * WHERE { VALUES ?one { 1 } }", {}) as body:
        server = body.headers.get("Server", "")
        said = body.whole()
    if b'"one"' not in said:
        raise StoreError(
            f"{url} does not answer the simplest of queries",
            "let `store` be the address of a SPARQL 1.1 endpoint",
        )
    return next((d for d in DIALECTS.values() if d.is_server(server)), DIALECTS["standard"])
