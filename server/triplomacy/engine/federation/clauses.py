"""Finds the SERVICE clauses of a query, and puts addresses of ours in the place of theirs.

What looks like a clause is found by its look; whether it is one, the engine's own parser says (see
`engine.parser`). And the same parser proves the outcome: in a query whose clauses were all found,
GRAPH can stand for each of them, and no SERVICE is left.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from triplomacy.engine.parser import IRI, SPACE, is_keyword_at, parse, resolved, uses_keyword
from triplomacy.errors import Forbidden, QuerySyntaxError

MOST = 8
"""Clauses that a query may have."""
_TRIED = 64  # places that look like a clause

_CLAUSE = re.compile(
    rf"""
    (?<![\w?$@:\\-])SERVICE{SPACE}
    (?:(?P<silent>SILENT){SPACE})?
    (?: (?P<iri>{IRI}) | (?P<variable>[?$]\w+) )
    (?={SPACE}\{{)
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A SERVICE clause.

    Attributes:
        iri: the service that it names.
        silent: whether its failure gives one empty solution.
        start, end: where it begins in the query, and where its name ends.
    """

    iri: str
    silent: bool
    start: int
    end: int


def may_call(text: str) -> bool:
    """Whether a query looks as if it had a SERVICE clause; no query that has one looks otherwise.

    (What has one and looks otherwise is refused, see `redirected`.)
    """
    return _CLAUSE.search(text) is not None


def clauses(text: str, base: str | None = None) -> list[Clause]:
    """The SERVICE clauses of a query, nested ones too, in their order.

    Args:
        text: the query.
        base: the IRI against which its relative IRIs are resolved.

    Raises:
        QuerySyntaxError: it does not parse.
        BadRequest: it is not clear what the name of a service stands for.
        Forbidden: it is an update, has too many clauses, or one that is not clear.
    """
    if not uses_keyword(text, "SERVICE", base):
        return []
    like = list(_CLAUSE.finditer(text))
    if len(like) > _TRIED:
        raise _too_many()
    found = [m for m in like if is_keyword_at(text, m.start(), base)]
    if len(found) > MOST:
        raise _too_many()
    if not found:
        raise _unclear()
    return [_clause(m, text, base) for m in found]


def redirected(text: str, found: list[Clause], address: str, base: str | None = None) -> str:
    """The query with the address `{address}/0` in the place of its first service, and so on.

    Raises:
        Forbidden: it cannot be proved that every clause is among `found`.
    """
    without = _replaced(text, found, "GRAPH", address)
    try:
        parse(without, base)
        all_found = not uses_keyword(without, "SERVICE", base)
    except QuerySyntaxError:
        all_found = False
    if not all_found:
        raise _unclear()
    return _replaced(text, found, "SERVICE", address)


def _replaced(text: str, found: list[Clause], keyword: str, address: str) -> str:
    pieces, end = [], 0
    for number, clause in enumerate(found):
        silent = "SILENT " if clause.silent and keyword == "SERVICE" else ""
        pieces += [text[end : clause.start], f"{keyword} {silent}<{address}/{number}> "]
        end = clause.end
    return "".join([*pieces, text[end:]])


def _clause(found: re.Match[str], text: str, base: str | None) -> Clause:
    if found["variable"]:
        raise Forbidden(
            f"The query cannot be run here: SERVICE {found['variable']} names no service.",
            "write the address of the service in the place of the variable",
        )
    iri = resolved(found["iri"], text, base)
    return Clause(iri, found["silent"] is not None, found.start(), found.end())


def _too_many() -> Forbidden:
    return Forbidden(
        f"The query cannot be run here: it has more than {MOST} SERVICE clauses.",
        "ask in several queries",
    )


def _unclear() -> Forbidden:
    return Forbidden(
        "The query cannot be run here: it is not clear which services it calls.",
        "write each as SERVICE <…> { … }, with a space before SERVICE",
    )
