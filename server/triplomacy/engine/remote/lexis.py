"""The tokens of a query that the engine's own parser has accepted (SPARQL 1.1 Query §19.8).

A token ends where the longest match ends. The one place where the parser reads otherwise is `<`,
which begins an IRI or compares: `?a<?b&&?c>?d`. Where both are possible the parser is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pyoxigraph import Literal as RdfLiteral

Kind = Literal["iri", "name", "string", "tag", "variable", "blank", "number", "word", "mark"]

_ESCAPE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_LOCAL = r"(?:[\w:·]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])"
_TOKENS = re.compile(
    rf"""
      (?P<skip>[ \t\r\n]+|\#[^\r\n]*)
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_ESCAPE})*>)
    | (?P<string>\"\"\"(?:"{{0,2}}(?:[^"\\]|\\.))*\"\"\"|'''(?:'{{0,2}}(?:[^'\\]|\\.))*'''
        |"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[a-z]+)?)
    | (?P<variable>[?$]\w+)
    | (?P<blank>_:\w(?:[\w.·-]*[\w·-])?)
    | (?P<name>(?:[^\W\d_](?:[\w.·-]*[\w·-])?)?:(?:{_LOCAL}(?:(?:{_LOCAL}|[.-])*(?:{_LOCAL}|-))?)?)
    | (?P<number>(?:\d+\.\d*|\.\d+|\d+)[eE][+-]?\d+|\d*\.\d+|\d+)
    | (?P<word>[A-Za-z]\w*)
    | (?P<mark>\^\^|&&|\|\||!=|<=|>=|<<\(|\)>>|<<|>>|\{{\||\|\}}|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_UNSURE = re.compile(r"&&|[(),]")
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CHARACTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Token:
    """A token.

    Attributes:
        kind: what it is; `name` is a prefixed name, `word` a keyword or the name of a function.
        text: how it is written.
        glued: whether nothing stands between it and the one before.
    """

    kind: Kind
    text: str
    glued: bool = False

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords, which are given in capitals."""
        return self.kind == "word" and self.text.upper() in words

    def is_mark(self, *marks: str) -> bool:
        """Whether it is one of these marks."""
        return self.kind == "mark" and self.text in marks


def tokens(text: str, parses: Callable[[str], bool]) -> list[Token]:
    """The tokens of a query without its comments.

    Args:
        text: a query that parses.
        parses: whether a text does.
    """
    found: list[Token] = []
    position, glued = 0, False
    while position < len(text):
        match = _TOKENS.match(text, position)
        assert match is not None and match.lastgroup is not None, "a mark is any character"
        kind, end = match.lastgroup, match.end()
        if kind == "skip":
            position, glued = end, False
            continue
        if kind == "iri" and _UNSURE.search(match[0]):
            # A space after it leaves a comparison what it is; an IRI would be none any more.
            after = position + (2 if text.startswith("<=", position) else 1)
            if parses(f"{text[:after]} {text[after:]}"):
                kind, end = "mark", after
        found.append(Token(kind, text[position:end], glued))  # type: ignore[arg-type]
        position, glued = end, True
    return found


def source(part: Iterable[Token]) -> str:
    """Tokens as they were written, without comments."""
    return "".join(t.text if t.glued else f" {t.text}" for t in part)


def closing(part: Sequence[Token], opening: int) -> int:
    """Where the bracket that opens at `opening` is closed."""
    depth = 0
    for at in range(opening, len(part)):
        depth += part[at].is_mark("(", "{", "[") - part[at].is_mark(")", "}", "]")
        if not depth:
            return at
    raise AssertionError("it parses, so its brackets match")


def value_of(string: str) -> str:
    """The characters that a string token stands for."""
    edge = 3 if string[:3] in ('"""', "'''") else 1
    return _ESCAPED.sub(_unescaped, string[edge:-edge])


def written(string: str) -> str:
    """A string token in the one spelling that every server reads alike."""
    return str(RdfLiteral(value_of(string)))


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _CHARACTERS.get(match[3], match[3])
