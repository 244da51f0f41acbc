r"""Refuses SERVICE before a query reaches the engine, which would follow it anywhere.

The embedded engine has no switch for federation, so the query's text decides. Reading text beside a
parser is dangerous where the two could disagree: SPARQL's `<` is an operator or opens an IRI, and the
parser knows which from the context. The guard therefore never relies on its own guess: a bracketed
run counts as an IRI, which may contain the word, only if it begins like an absolute IRI with an
authority (`<scheme://`), which no expression can. In a query that contains the word SERVICE at all,
any other bracketed run is left as ordinary text, so that nothing can hide behind it, and a quote or
a comment sign in it is refused as ambiguous. A backslash outside strings escapes a character of a
local name (`ex:o\'clock`), so that character opens nothing.
"""

from __future__ import annotations

import re

from triplomacy.errors import Forbidden

_WORD = re.compile(r"service", re.IGNORECASE)
# Adjacent on the left, these make the word part of a variable or of a local name. Nothing else does:
# the parser needs no space around a keyword, so `true.SERVICE:x{}` and `1SERVICE<…>{}` are clauses.
_PART_OF_NAME = re.compile(r"(?:[?$]\w*|:[\w-]*)\Z")
_TOKEN = re.compile(
    r"""
      (?P<iri><[A-Za-z][A-Za-z0-9+.-]*://[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<bracket><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<escape>\\.)
    | (?P<long>'''(?:'{0,2}(?:[^'\\]|\\.))*'''|\"\"\"(?:"{0,2}(?:[^"\\]|\\.))*\"\"\")
    | (?P<short>'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*")
    | (?P<comment>\#[^\n\r]*)
    | (?P<other>[\s\S])
    """,
    re.VERBOSE,
)


def refuse_service(query: str) -> None:
    """Raise Forbidden if `query` has a SERVICE clause, or could have one.

    >>> refuse_service("SELECT * { ?s ?p 'a SERVICE to all' }")
    """
    if _WORD.search(query) is None:
        return
    rest: list[str] = []
    for token in _TOKEN.finditer(query):
        kind, text = token.lastgroup, token[0]
        if kind == "bracket":
            if any(sign in text for sign in "#'"):
                _refuse(f"{text} may be an IRI or a comparison, and the query mentions SERVICE")
            rest.append(text)
        elif kind in ("iri", "long", "short", "comment"):
            rest.append(" ")
        else:
            rest.append(text)
    bare = "".join(rest)
    for word in _WORD.finditer(bare):
        if not _PART_OF_NAME.search(bare, max(0, word.start() - 200), word.start()):
            _refuse("SERVICE would make this server call another one")


def _refuse(reason: str) -> None:
    raise Forbidden(
        f"The query cannot be run here: {reason}.",
        "remove the SERVICE clause, or run the federated query from your own client",
    )
