"""Which resources a DESCRIBE query is about (SPARQL 1.1 Query §16.4 leaves to us what is said).

The query is turned into the SELECT that yields them: `DESCRIBE ?a ex:b WHERE {…}` becomes
`SELECT DISTINCT ?a (ex:b AS ?described1) WHERE {…}`.
"""

from __future__ import annotations

import re

from triplomacy.engine.parser import place_of_keyword, uses_keyword
from triplomacy.errors import TriplomacyError

_KEYWORD = "DESCRIBE"
_TERM = re.compile(
    r"""
      (?P<skip>\s+|\#[^\n\r]*)
    | (?P<variable>[?$]\w+|\*)
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>|[^\s:<>{}()?$\#"'*\\]*:[^\s<>{}()?$\#"';,\\]*)
    """,
    re.VERBOSE,
)


def select_described(text: str, base: str | None = None) -> str | None:
    """The SELECT query whose values a DESCRIBE query describes.

    Returns:
        None if it is another kind of query, one with a dataset of its own (FROM), or one that
        cannot be turned.
    """
    place = place_of_keyword(text, _KEYWORD, base)
    if place is None or uses_keyword(text, "FROM", base):
        return None
    position = place + len(_KEYWORD)
    terms: list[str] = []
    while found := _TERM.match(text, position):
        position = found.end()
        if found.lastgroup == "variable":
            terms.append(found[0])
        elif found.lastgroup == "iri":
            terms.append(f"({found[0]} AS ?described{len(terms)})")
    head = text[:place] + "SELECT DISTINCT " + " ".join(terms) + " "
    # `DESCRIBE <x>` needs no pattern, SELECT does.
    for candidate in (head + text[position:], head + text[position:] + "\n{}"):
        try:
            if uses_keyword(candidate, "SELECT", base):
                return candidate
        except TriplomacyError:
            continue
    return None
