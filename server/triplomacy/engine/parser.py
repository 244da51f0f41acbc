"""What the engine's own parser makes of a query. Nothing is evaluated here, nothing is guessed.

Reading SPARQL beside a parser is dangerous where the two could disagree: the same `<` opens an IRI
or compares, three quotes begin a long string or are an empty one before another, depending on what
follows. So whoever must know what a query does asks the parser that will run it. Two means suffice:

* a query with a substitution for a variable that it cannot have is parsed and then refused, before
  anything is evaluated;
* a query uses a keyword if and only if it no longer parses with that keyword misspelt: in strings,
  comments, IRIs, names and variables another spelling is as good, in a keyword's place none is.
"""

from __future__ import annotations

import re
import secrets

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QuerySolutions,
    Store,
    Triple,
    Variable,
)

from triplomacy.errors import BadRequest, Forbidden, QuerySyntaxError
from triplomacy.namespaces import SHARED_PREFIXES, prefixes

# Unguessable, so that no query can have it and be evaluated after all.
_FOREIGN: dict[Variable, NamedNode | BlankNode | Literal | Triple] = {
    Variable(f"v{secrets.token_hex(16)}"): Literal("")
}
_NOTHING = Store()
# No token of SPARQL begins with an X, so a keyword that begins with one cannot be read otherwise.
_MISSPELT = {True: "X", False: "x"}

# Parts of patterns; possessive, so that no text makes them slow.
SPACE = r"(?:[ \t\r\n]++|\#[^\r\n]*+)*+"
"""A pattern of what the parser passes over between tokens."""
IRI = r"<[^<>]*+>|[\w.-]*:(?:[\w.:%-]|\\.)*"
"""A pattern of what looks like an IRI or a prefixed name."""

_POSITION = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_KEYWORD = re.compile(r"[A-Za-z][A-Za-z0-9_]+")
# The parser reports the place *after* the longest keyword that it tried, so at the end of a query
# it would run out of text; this is longer than its longest keyword, ENCODE_FOR_URI.
_MARGIN = "\n" + " " * 20
_UPDATE = re.compile(
    r"(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b", re.IGNORECASE
)
_FORM = re.compile(r"SELECT|CONSTRUCT|DESCRIBE|ASK", re.IGNORECASE | re.ASCII)
_PREFIXED = re.compile(r"([\w.-]*):[^\s:]*\Z")
_TOKEN = re.compile(r"[\w:?$@-]+|\S")
_SHOWN = 60
_TRIED = 8


def parse(text: str, base: str | None = None) -> None:
    """Parse a query and do nothing with it.

    Args:
        text: the query.
        base: the IRI against which its relative IRIs are resolved.

    Raises:
        QuerySyntaxError: with line, column and the text at that place.
        Forbidden: it is no query but an update.
    """
    message = _complaint(text, base)
    if message is not None:
        raise _error(text, message, base)


def uses_keyword(text: str, keyword: str, base: str | None = None) -> bool:
    """Whether a query has `keyword` as a keyword, not only as a word somewhere.

    >>> uses_keyword("SELECT * { ?from ?p 'from' } # from", "FROM")
    False
    >>> uses_keyword("SELECT * FROM<http://example.org/g>{}", "FROM")
    True

    Raises:
        QuerySyntaxError, Forbidden: as `parse`.
    """
    places = _places(text, keyword)
    if not places or _complaint(_misspell(text, places), base) is None:
        return False
    parse(text, base)
    return True


def is_keyword_at(text: str, place: int, base: str | None = None) -> bool:
    """Whether the word at an offset of a query that parses is a keyword there.

    A name that must be the same in several places is taken for one, since it cannot be misspelt
    in one of them.
    """
    return _complaint(_misspell(text, [place]), base) is not None


def resolved(term: str, text: str, base: str | None = None) -> str:
    """The IRI that a term of a query is, by the query's own prologue.

    Args:
        term: an IRI or a prefixed name (see `IRI`).
        text: a query that parses. Its prologue ends with the first word at which a query of ours
            can go on.
        base: the IRI against which its relative IRIs are resolved.

    Raises:
        BadRequest: it is not clear what the term names.
    """
    for form in _FORM.finditer(text):
        asked = f"{text[: form.start()]}SELECT ({term} AS ?iri) {{}}"
        try:
            if uses_keyword(asked, "SERVICE", base):
                continue
            found = _NOTHING.query(asked, base_iri=base)
        except (QuerySyntaxError, SyntaxError, ValueError):
            continue
        assert isinstance(found, QuerySolutions), "it is a SELECT query"
        [solution] = found
        if isinstance(iri := solution["iri"], NamedNode):
            return iri.value
    raise BadRequest(f"It is not clear what {term} names.", "write the whole IRI, between < and >")


def place_of_keyword(text: str, keyword: str, base: str | None = None) -> int | None:
    """The offset at which a query has `keyword` as a keyword.

    None if it has it not, or twice, or if the word stands in more places than it is worth to try.
    """
    places = _places(text, keyword)
    if not 0 < len(places) <= _TRIED or not uses_keyword(text, keyword, base):
        return None
    for place in places:
        others = [p for p in places if p != place]
        if _complaint(_misspell(text, others), base) is None:
            return place
    return None


def _places(text: str, keyword: str) -> list[int]:
    # Keywords are ASCII, and the parser compares them so: `ſ` is no S.
    return [m.start() for m in re.finditer(keyword, text, re.IGNORECASE | re.ASCII)]


def _misspell(text: str, places: list[int]) -> str:
    letters = list(text)
    for place in places:
        letters[place] = _MISSPELT[letters[place].isupper()]
    return "".join(letters)


def _complaint(text: str, base: str | None) -> str | None:
    """What the parser says about a query; None if it parses."""
    try:
        _NOTHING.query(text, base_iri=base, substitutions=_FOREIGN)
    except SyntaxError as error:
        return str(error)
    except RuntimeError:
        return None  # “does not contain variable …”: it was parsed, and not evaluated
    raise AssertionError("a query was evaluated where it should have been parsed")


def _error(text: str, message: str, base: str | None) -> QuerySyntaxError | Forbidden:
    """Turn the parser's message into an error that shows the place."""
    message = _complaint(text + _MARGIN, base) or message
    found = _POSITION.match(message)
    if found is None:
        return QuerySyntaxError(message, "correct the query")
    expected = found[3].split(", ")
    reported = _offset(text, int(found[1]), int(found[2]))
    keywords = [e for e in expected if _KEYWORD.fullmatch(e)]
    offset = max(0, reported - max(map(len, keywords), default=0))
    offset = min(offset, len(text.rstrip()))
    if _UPDATE.match(text, offset):
        return Forbidden(
            "The endpoint is read-only: it runs SELECT, ASK, CONSTRUCT and DESCRIBE, not updates.",
            "change the site's files and build a new release",
        )
    if "Prefix not found" in found[3]:
        name = _PREFIXED.search(text, 0, reported)
        if name is not None:
            known = (prefixes(base) if base else SHARED_PREFIXES).get(name[1], "…")
            declare = f"declare it at the top: PREFIX {name[1]}: <{known}>"
            return _located(text, name.start(), f"the prefix “{name[1]}:” is not declared", declare)
    said = [e for e in expected if " " in e and not e.startswith(("[", "'", '"')) and "\n" not in e]
    token = _TOKEN.match(text, offset)
    if said:
        what = said[0]
    elif token is None:
        what = f"the {'line' if text[offset:].strip() else 'query'} ends too early"
    elif keywords:  # counted back from them, which can be a little too far
        what = f"the query cannot be understood at or right after “{token[0][:_SHOWN]}”"
    else:
        what = f"the query cannot go on with “{token[0][:_SHOWN]}”"
    marks = [e.strip('"') for e in expected if re.fullmatch(r'"[^\w"\\]{1,3}"', e)]
    if marks and not keywords and len(marks) <= 8:
        what += "; here could stand " + " ".join(marks)
    return _located(text, offset, what, "correct the query at that place")


def _offset(text: str, line: int, column: int) -> int:
    lines = text.split("\n")
    return sum(len(each) + 1 for each in lines[: line - 1]) + column - 1


def _located(text: str, offset: int, what: str, remedy: str) -> QuerySyntaxError:
    before = text[:offset]
    line, column = before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
    shown = text.split("\n")[line - 1].replace("\t", " ").replace("\r", " ")
    # A long line is cut around the place, so that the caret stays in sight.
    start = max(0, column - 1 - _SHOWN)
    excerpt = shown[start : column - 1 + _SHOWN]
    caret = " " * (column - 1 - start) + "^"
    detail = f"line {line}, column {column}: {what}\n{excerpt}\n{caret}"
    return QuerySyntaxError(detail, remedy, line=line, column=column)
