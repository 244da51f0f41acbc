"""Refuses SERVICE before a query reaches the engine, which would follow it anywhere.

So it is where no service is listed; where some are, `engine.federation` leads the engine to them.
The embedded engine has no switch for federation, so the query decides, as its own parser reads it
(see `engine.parser`): whatever that parser would take for a SERVICE clause is refused, and nothing
else is, wherever the word stands.
"""

from __future__ import annotations

from triplomacy.engine.parser import uses_keyword
from triplomacy.errors import Forbidden


def refuse_service(query: str, base: str | None = None) -> None:
    """Raise Forbidden if `query` has a SERVICE clause.

    Args:
        query: the query.
        base: the IRI against which its relative IRIs are resolved.

    Raises:
        Forbidden: it has one, or it is an update.
        QuerySyntaxError: it mentions the word and does not parse.

    >>> refuse_service("SELECT * { ?s ?p 'a SERVICE to all' }")
    """
    if uses_keyword(query, "SERVICE", base):
        raise Forbidden(
            "The query cannot be run here: SERVICE would make this server call another one.",
            "remove the SERVICE clause, or run the federated query from your own client; "
            "whoever runs the site can allow a service, by services in triplomacy.toml",
        )
