"""Finds the line at which a file speaks of a subject, since no parser keeps the places.

It knows Turtle's words but not its grammar: a statement begins after a full stop, its first word is
its subject, and all its words are what it mentions. That is enough to say where to look, and it is
done only when there is something to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

from pyoxigraph import NamedNode, Quad

from triplomacy.namespaces import RDF
from triplomacy.read.files import GraphFile

# Turtle's terminals (RDF 1.1 Turtle §6.5). A full stop inside a word belongs to the word.
_TOKEN = re.compile(
    r"""
      (?P<comment> \#[^\n]* )
    | (?P<iri> <[^\x00-\x20<>"{}|^`]*> )
    | (?P<string> \"{3} (?: [^"\\] | \\. | "{1,2}(?!") )* \"{3}
                | '{3} (?: [^'\\] | \\. | '{1,2}(?!') )* '{3}
                | " (?: [^"\\\n] | \\. )* "
                | ' (?: [^'\\\n] | \\. )* ' )
    | (?P<word> (?: [^\s<>"'\[\](){};,.\#\\] | \\. | \.(?=[\w:%\\-]) )+ )
    | (?P<mark> [^\s] )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_DIRECTIVES = ("@prefix", "@base", "prefix", "base")


@dataclass(slots=True)
class Statement:
    """What stands between two full stops.

    Attributes:
        line: where it begins, from 1.
        subject: its first word, as an IRI.
        mentions: the line of each IRI, literal or number in it.
    """

    line: int
    subject: str
    mentions: dict[str, int] = field(default_factory=dict)


class Places:
    """Knows the files of a site, and in which of them a subject is described.

    Args:
        files: the files that were read.
        quads: what they hold.
    """

    def __init__(self, files: Iterable[GraphFile], quads: Iterable[Quad]) -> None:
        self._files = {f.graph: f for f in files}
        self._outlines: dict[NamedNode, dict[str, list[Statement]]] = {}
        self._graphs: dict[str, dict[NamedNode, None]] = {}
        for quad in quads:
            subject, graph = quad.subject, quad.graph_name
            if (
                isinstance(subject, NamedNode)
                and isinstance(graph, NamedNode)
                and graph in self._files
            ):
                self._graphs.setdefault(subject.value, {})[graph] = None

    def find(self, subject: str, value: str | None = None) -> tuple[str | None, int | None]:
        """File and line where `subject` is described: the line of `value` if it says that too.

        Args:
            subject: an IRI.
            value: the lexical form of a literal, or an IRI, that the finding is about.
        """
        described = [self._files[g] for g in self._graphs.get(subject, ())]
        found = [(f, s) for f in described for s in self._outline(f).get(subject, ())]
        for file, statement in found:
            if value is not None and value in statement.mentions:
                return file.name, statement.mentions[value]
        for file, statement in found:
            return file.name, statement.line
        for file in described or self._files.values():
            lines = (s.mentions.get(subject) for o in self._outline(file).values() for s in o)
            line = min((n for n in lines if n is not None), default=None)
            if line is not None:
                return file.name, line
        return (described[0].name, None) if described else (None, None)

    def _outline(self, file: GraphFile) -> dict[str, list[Statement]]:
        """The statements of a file by their subject."""
        if file.graph not in self._outlines:
            by_subject: dict[str, list[Statement]] = {}
            for statement in outline(file.path, file.graph.value):
                by_subject.setdefault(statement.subject, []).append(statement)
            self._outlines[file.graph] = by_subject
        return self._outlines[file.graph]


def outline(path: Path, base: str) -> Iterator[Statement]:
    """The statements of the Turtle file at `path`.

    Args:
        path: a file that parses.
        base: the IRI against which its relative IRIs are resolved, until it says otherwise.
    """
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    statement: Statement | None = None
    line, seen = 1, 0
    for word in words(text, base):
        line, seen = line + text.count("\n", seen, word.start), word.start
        if word.begins:
            if statement is not None:
                yield statement
            statement = Statement(line, word.value)
        assert statement is not None, "the first word begins a statement"
        statement.mentions.setdefault(word.value, line)
    if statement is not None:
        yield statement


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a statement.

    Attributes:
        value: the IRI or the lexical form that it stands for; the word itself for all others.
        subject: the first word of its statement, as an IRI.
        begins: whether it is that first word.
        abbreviation: the prefix by which it is abbreviated, without its colon.
        prefix: the namespace for which that stands; None if it is not abbreviated.
        start, end: where it stands in the text.
    """

    value: str
    subject: str
    begins: bool
    abbreviation: str
    prefix: str | None
    start: int
    end: int


def words(text: str, base: str) -> Iterator[Word]:
    """The words of the statements of a Turtle text that parses; see `outline`."""
    prefixes: dict[str, str] = {}
    directive: list[str] = []  # the words of a directive that is not complete yet
    subject: str | None = None
    for token in _TOKEN.finditer(text):
        kind, word = token.lastgroup, token[0]
        if kind == "comment":
            continue
        if directive or (subject is None and word.lower() in _DIRECTIVES):
            directive.append(word)
            if kind == "iri":
                iri = _resolved(word, base)
                if len(directive) == 3:
                    prefixes[directive[1].removesuffix(":")] = iri
                else:
                    base = iri
                directive = []
        elif word == ".":
            subject = None
        else:
            name = _value(kind, word, base, prefixes)
            begins = subject is None
            subject = name if subject is None else subject
            short = word.partition(":")[0]
            prefix = prefixes.get(short) if kind == "word" and ":" in word else None
            yield Word(name, subject, begins, short, prefix, token.start(), token.end())


def _value(kind: str | None, word: str, base: str, prefixes: dict[str, str]) -> str:
    """The IRI or the lexical form that a word stands for; the word itself for all others."""
    if kind == "iri":
        return _resolved(word, base)
    if kind == "string":
        quotes = 3 if word[:3] in ('"""', "'''") else 1
        return _unescaped(word[quotes:-quotes])
    prefix, colon, local = word.removeprefix("^^").partition(":")
    if kind == "word" and colon and prefix in prefixes:
        return prefixes[prefix] + _unescaped(local)
    return f"{RDF}type" if word == "a" else word


def _resolved(word: str, base: str) -> str:
    iri = _unescaped(word[1:-1])
    if _ABSOLUTE.match(iri):
        return iri
    joined = urljoin(base, iri)  # which drops an empty fragment
    return joined + "#" if iri.endswith("#") and not joined.endswith("#") else joined


def _unescaped(text: str) -> str:
    def plain(found: re.Match[str]) -> str:
        digits = found[1] or found[2]
        return chr(int(digits, 16)) if digits else _LETTERS.get(found[3], found[3])

    return _ESCAPE.sub(plain, text) if "\\" in text else text
